/**
 * What to send next and when to send it again. Pure: the journal's progress and the time are passed in, batches come
 * out. Sending never marks anything as delivered; only receipts do, through the journal.
 */
import { BATCH_ENTRIES_MAX, BATCHES_IN_FLIGHT_MAX } from "#schemas/limits.ts";
import { gaps, type Range } from "#schemas/ranges.ts";

/** How long a receipt may take before a batch is sent again, at first; a drained backlog keeps a gateway busy. */
export const RECEIPT_WAIT_MS = 15_000;

/** The slowest pace of repeating: a batch the gateway cannot verify costs six messages an hour, not a flood. */
export const SLOWEST_WAIT_MS = 600_000;

/** Batches held back after a silence; beyond that nothing new is sent until a receipt comes. */
export const HELD_MAX = 16;

/** Attempts after which a batch is thought to be at fault itself, not the gateway. */
const SUSPECT_ATTEMPTS = 3;

/** What the outbox needs to know of an epoch; the journal's `openEpochs` gives it. */
export type EpochToSend = {
  readonly epoch: string;
  readonly last: number;
  readonly received: readonly Range[];
};

/** A run of entries to read and send; the batch made of it may end earlier. */
export type ToSend = { readonly epoch: string; readonly from: number; readonly to: number };

type Waiting = Range & {
  readonly epoch: string;
  readonly attempts: number;
  /** In flight: when to give up waiting. Held: when to send again. */
  readonly untilMs: number;
};

export type Outbox = {
  readonly epochs: readonly EpochToSend[];
  readonly inFlight: readonly Waiting[];
  readonly held: readonly Waiting[];
};

export const EMPTY_OUTBOX: Outbox = { epochs: [], inFlight: [], held: [] };

/** The journal's progress has changed: what was receipted is no longer waited for. */
export function progressed(outbox: Outbox, epochs: readonly EpochToSend[]): Outbox {
  const isOpen = (batch: Waiting) => missingOf(epochs, batch).length > 0;
  return { epochs, inFlight: outbox.inFlight.filter(isOpen), held: outbox.held.filter(isOpen) };
}

/** A new session: whatever was in flight is unknown, and nobody is suspected any more. */
export function connected(outbox: Outbox): Outbox {
  return { ...outbox, inFlight: [], held: [] };
}

/** A receipt came, so the gateway is there: what only waited for it need not wait longer. */
export function gatewayHeard(outbox: Outbox, nowMs: number): Outbox {
  const held = outbox.held.map((b) => (b.attempts <= SUSPECT_ATTEMPTS ? { ...b, untilMs: nowMs } : b));
  return { ...outbox, held };
}

/** The next run to send now, or null. Oldest first; a batch held back does not stop those behind it. */
export function nextToSend(outbox: Outbox, nowMs: number): ToSend | null {
  if (outbox.inFlight.length >= BATCHES_IN_FLIGHT_MAX) return null;
  const due = outbox.held.find((batch) => batch.untilMs <= nowMs);
  if (due !== undefined) {
    const [missing] = missingOf(outbox.epochs, due);
    if (missing !== undefined) return { epoch: due.epoch, from: missing.first, to: missing.last };
  }
  if (outbox.held.length >= HELD_MAX) return null;
  for (const { epoch, last, received } of outbox.epochs) {
    const taken = [...outbox.inFlight, ...outbox.held].filter((batch) => batch.epoch === epoch);
    const [gap] = freeRuns(gaps(received, 1, last), taken);
    if (gap !== undefined)
      return { epoch, from: gap.first, to: Math.min(gap.last, gap.first + BATCH_ENTRIES_MAX - 1) };
  }
  return null;
}

/** A batch went out. @param random from 0 to 1: repeats of many totems must not come together. */
export function sent(
  outbox: Outbox,
  batch: Range & { readonly epoch: string },
  at: { readonly nowMs: number; readonly random: number },
): Outbox {
  const again = outbox.held.find((held) => held.epoch === batch.epoch && held.first === batch.first);
  const attempts = (again?.attempts ?? 0) + 1;
  const waiting: Waiting = {
    epoch: batch.epoch,
    first: batch.first,
    last: batch.last,
    attempts,
    untilMs: at.nowMs + waitMs(attempts, at.random),
  };
  return {
    ...outbox,
    held: outbox.held.filter((held) => held !== again),
    inFlight: [...outbox.inFlight, waiting],
  };
}

/** Time passed: batches without a receipt are held back, longer each time. */
export function waited(outbox: Outbox, nowMs: number, random: number): Outbox {
  const late = outbox.inFlight.filter((batch) => batch.untilMs <= nowMs);
  if (late.length === 0) return outbox;
  const held = late.map((batch) => ({
    ...batch,
    // The first repeat comes at once: most often only the message was lost.
    untilMs: batch.attempts === 1 ? nowMs : nowMs + waitMs(batch.attempts, random),
  }));
  return {
    ...outbox,
    inFlight: outbox.inFlight.filter((batch) => batch.untilMs > nowMs),
    held: [...outbox.held, ...held].sort((a, b) => a.untilMs - b.untilMs),
  };
}

/** When the outbox next has something to do by itself, or null. */
export function nextOutboxDeadlineMs(outbox: Outbox): number | null {
  const deadlines = [...outbox.inFlight, ...outbox.held].map((batch) => batch.untilMs);
  return deadlines.length === 0 ? null : Math.min(...deadlines);
}

function waitMs(attempts: number, random: number): number {
  const ceiling = Math.min(SLOWEST_WAIT_MS, RECEIPT_WAIT_MS * 2 ** Math.min(attempts - 1, 16));
  // Half fixed, half jitter: never so short that it repeats before a receipt could come.
  return Math.round(ceiling / 2 + (ceiling / 2) * random);
}

function missingOf(epochs: readonly EpochToSend[], batch: Waiting): readonly Range[] {
  const epoch = epochs.find((e) => e.epoch === batch.epoch);
  return epoch === undefined ? [] : gaps(epoch.received, batch.first, Math.min(batch.last, epoch.last));
}

function freeRuns(runs: readonly Range[], taken: readonly Range[]): readonly Range[] {
  const sorted = [...taken].sort((a, b) => a.first - b.first);
  return runs.flatMap((run) => gaps(sorted, run.first, run.last));
}

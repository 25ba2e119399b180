/**
 * What to send next and when to send it again. Pure: the journal's progress and the time are passed in, batches come
 * out. Sending never marks anything as delivered; only receipts do, through the journal.
 */
import { BATCH_ENTRIES_MAX, BATCHES_IN_FLIGHT_MAX } from "#schemas/limits.ts";
import { gaps, type Range } from "#schemas/ranges.ts";

/** How long a receipt may take before a batch counts as unanswered; a drained backlog keeps a gateway busy. */
export const RECEIPT_WAIT_MS = 15_000;

/** The slowest pace of repeating: a batch the gateway cannot verify costs about six messages an hour, not a flood. */
export const SLOWEST_WAIT_MS = 600_000;

/** How long after a gateway has said that it is there anew its answer to our hello may take. */
export const ANSWER_WAIT_MS = 1_000;

/** Unanswered batches of one epoch held back; beyond that only other epochs are tried until a receipt comes. */
export const HELD_PER_EPOCH_MAX = 4;

/** Times a batch is left unanswered while others are answered, after which it is thought to be at fault itself. */
export const SUSPECT_AFTER = 3;

/** Suspects of one epoch: where the gateway refuses so many it refuses the epoch, and only other epochs are tried. */
export const SUSPECTS_PER_EPOCH_MAX = 16;

/** What the outbox needs to know of an epoch; the journal's `openEpochs` gives it. */
export type EpochToSend = {
  readonly epoch: string;
  readonly last: number;
  readonly received: readonly Range[];
};

/** A run of entries to read and send; the batch made of it may end earlier. */
export type ToSend = { readonly epoch: string; readonly from: number; readonly to: number };

/** A run of entries that was sent. */
export type Sent = Range & { readonly epoch: string };

type Waiting = Sent & {
  readonly attempts: number;
  /** How often it stayed unanswered while the gateway answered others. */
  readonly passedOver: number;
  /** The gateway has answered something since this was last sent. */
  readonly gatewayWasThere: boolean;
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

/** The gateway is there anew within our session: what it did not get before is sent again once it has answered. */
export function gatewayAnnounced(outbox: Outbox, nowMs: number): Outbox {
  const inFlight = outbox.inFlight.map((b) => ({
    ...b,
    untilMs: Math.min(b.untilMs, nowMs + ANSWER_WAIT_MS),
  }));
  const held = outbox.held.map((b) => ({ ...b, attempts: 1, passedOver: 0, untilMs: nowMs }));
  return { ...outbox, inFlight, held };
}

/** A receipt came, so the gateway is there: what only waited for it need not wait longer. */
export function gatewayHeard(outbox: Outbox, nowMs: number): Outbox {
  const inFlight = outbox.inFlight.map((b) => ({ ...b, gatewayWasThere: true }));
  const held = outbox.held.map((b) => (isSuspect(b) ? b : { ...b, untilMs: Math.min(b.untilMs, nowMs) }));
  return { ...outbox, inFlight, held };
}

/** The next run to send now, or null. Oldest first; a batch held back does not stop those behind it. */
export function nextToSend(outbox: Outbox, nowMs: number): ToSend | null {
  const { epochs, inFlight, held } = outbox;
  if (inFlight.length >= BATCHES_IN_FLIGHT_MAX) return null;
  for (const batch of held) {
    const [missing] = missingOf(epochs, batch);
    // One suspect at a time: they must not take the places of batches that will be answered.
    const mayGo = batch.untilMs <= nowMs && !(isSuspect(batch) && inFlight.some(isSuspect));
    if (mayGo && missing !== undefined) return { epoch: batch.epoch, from: missing.first, to: missing.last };
  }
  for (const { epoch, last, received } of epochs) {
    const heldBack = held.filter((batch) => batch.epoch === epoch);
    if (isBlocked(heldBack)) continue;
    const ofEpoch = [...heldBack, ...inFlight.filter((batch) => batch.epoch === epoch)];
    const [gap] = freeRuns(gaps(received, 1, last), ofEpoch);
    if (gap !== undefined)
      return { epoch, from: gap.first, to: Math.min(gap.last, gap.first + BATCH_ENTRIES_MAX - 1) };
  }
  return null;
}

/** A batch went out. What it shares entries with is no longer held; what it leaves of that is sent as new. */
export function sent(outbox: Outbox, batch: Sent, nowMs: number): Outbox {
  const isAgain = (held: Waiting) =>
    held.epoch === batch.epoch && held.first <= batch.last && batch.first <= held.last;
  const before = outbox.held.filter(isAgain);
  const waiting: Waiting = {
    epoch: batch.epoch,
    first: batch.first,
    last: batch.last,
    attempts: Math.max(0, ...before.map((held) => held.attempts)) + 1,
    passedOver: Math.max(0, ...before.map((held) => held.passedOver)),
    gatewayWasThere: false,
    untilMs: nowMs + RECEIPT_WAIT_MS,
  };
  return {
    ...outbox,
    held: outbox.held.filter((held) => !isAgain(held)),
    inFlight: [...outbox.inFlight, waiting],
  };
}

/** Time passed: unanswered batches are held back, longer each time. @param random from 0 to 1. */
export function waited(outbox: Outbox, nowMs: number, random: number): Outbox {
  const late = outbox.inFlight.filter((batch) => batch.untilMs <= nowMs);
  if (late.length === 0) return outbox;
  const held = late.map((batch) => ({
    ...batch,
    passedOver: batch.passedOver + (batch.gatewayWasThere ? 1 : 0),
    untilMs: nowMs + holdMs(batch.attempts, random),
  }));
  return {
    ...outbox,
    inFlight: outbox.inFlight.filter((batch) => batch.untilMs > nowMs),
    held: [...outbox.held, ...held].sort((a, b) => a.untilMs - b.untilMs),
  };
}

/** When the outbox next has something to do by itself, or null. What is due already waits for a place in flight. */
export function nextOutboxDeadlineMs(outbox: Outbox, nowMs: number): number | null {
  const later = outbox.held.filter((batch) => batch.untilMs > nowMs);
  const deadlines = [...outbox.inFlight, ...later].map((batch) => batch.untilMs);
  return deadlines.length === 0 ? null : Math.min(...deadlines);
}

function isSuspect(batch: Waiting): boolean {
  return batch.passedOver >= SUSPECT_AFTER;
}

/** True when so much of an epoch is unanswered or refused that nothing new of it is sent. */
function isBlocked(heldBack: readonly Waiting[]): boolean {
  const suspects = heldBack.filter(isSuspect).length;
  return suspects >= SUSPECTS_PER_EPOCH_MAX || heldBack.length - suspects >= HELD_PER_EPOCH_MAX;
}

/** The first repeat comes at once: most often only the message was lost. */
function holdMs(attempts: number, random: number): number {
  if (attempts <= 1) return 0;
  const ceiling = Math.min(SLOWEST_WAIT_MS, RECEIPT_WAIT_MS * 2 ** Math.min(attempts - 1, 16));
  // Half fixed, half jitter: repeats of many totems must not come together.
  return Math.round(ceiling / 2 + (ceiling / 2) * random);
}

function missingOf(epochs: readonly EpochToSend[], batch: Sent): readonly Range[] {
  const epoch = epochs.find((e) => e.epoch === batch.epoch);
  return epoch === undefined ? [] : gaps(epoch.received, batch.first, Math.min(batch.last, epoch.last));
}

function freeRuns(runs: readonly Range[], taken: readonly Range[]): readonly Range[] {
  const sorted = [...taken].sort((a, b) => a.first - b.first);
  return runs.flatMap((run) => gaps(sorted, run.first, run.last));
}

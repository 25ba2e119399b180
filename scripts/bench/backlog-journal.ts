/**
 * A day's backlog of one totem in memory, behind the firmware's journal port: what a thousand totems can have in one
 * process. Chained and signed like any other; kept nowhere.
 */
import type { EpochProgress, Journal, SignedBatch } from "#firmware/ports.ts";
import { canonicalText } from "#schemas/canonical.ts";
import { firstHead, nextHead, textHash } from "#schemas/chain.ts";
import type { Entry } from "#schemas/entry.ts";
import { BATCH_BYTES_MAX, BATCH_ENTRIES_MAX } from "#schemas/limits.ts";
import { addRange, contiguousEnd, type Range, sizeOf } from "#schemas/ranges.ts";
import { ok } from "#schemas/result.ts";
import { seeded } from "#schemas/seeded.fixture.ts";
import { type SigningKey, signText } from "#schemas/signature.ts";
import { TOWN_PLACES } from "./town.ts";
import { backlogStartMs, castAtMs, makeVote } from "./votes.ts";

/** Everything around the entries of the largest batch. */
const ENVELOPE_BYTES = 600;
/** What an office's totem is voted for: the services of one office. */
const SERVICES_EACH = 5;

export type Backlog = {
  readonly epoch: string;
  readonly journal: Journal;
  readonly pending: () => number;
};

/** Makes the backlog of the totem with this number. */
export function makeMemoryBacklog(options: {
  readonly totemId: string;
  readonly number: number;
  readonly votes: number;
  readonly key: SigningKey;
  readonly nowMs: number;
}): Backlog {
  const { totemId, number, key } = options;
  const random = seeded(number);
  const epoch = random.bytes(16).toString("hex");
  const texts = entriesOf(options, random).map((entry) => canonicalText(entry));
  const heads = [firstHead(totemId, epoch, null)];
  for (const text of texts) heads.push(nextHead(heads.at(-1) as Buffer, textHash(text)));
  const headAt = (seq: number) => (heads[seq] as Buffer).toString("hex");
  const last = texts.length;
  let received: readonly Range[] = [];

  const readBatch = (from: number, to: number): SignedBatch => {
    const taken = takeWithinLimits(texts.slice(from - 1, Math.min(to, from - 1 + BATCH_ENTRIES_MAX)));
    const end = from - 1 + taken.length;
    const unsigned = `{"entries":[${taken.join(",")}],"epoch":"${epoch}","first":${from},"head":"${headAt(end)}","last":${end},"previousHead":"${headAt(from - 1)}"}`;
    const text = `${unsigned.slice(0, -1)},"signature":"${signText("entries", unsigned, key)}"}`;
    return { epoch, first: from, last: end, text };
  };
  const progress = (): EpochProgress => ({
    epoch,
    ordinal: 1,
    oldestUnreceipted: contiguousEnd(received) + 1,
    last,
    head: headAt(last),
    received,
  });
  const pending = () => last - sizeOf(received);
  return {
    epoch,
    pending,
    journal: {
      ...journalOfNothingElse(),
      sums: async () => ({
        captured: last,
        acknowledged: last - pending(),
        pending: pending(),
        pendingBytes: 0,
        oldestPendingMs: null,
        openEpochs: 1,
      }),
      openEpochs: async () => [progress()],
      readBatch: async (_, from, to) => readBatch(from, to),
      applyReceipt: async (receipt) => {
        const named =
          receipt.upTo > 0 ? [{ first: 1, last: receipt.upTo }, ...receipt.ranges] : receipt.ranges;
        const before = sizeOf(received);
        received = named.reduce(addRange, received);
        return ok({
          acknowledged: sizeOf(received) - before,
          headMismatch: false,
          rejected: receipt.rejected,
        });
      },
    },
  };
}

function entriesOf(
  { number, votes, nowMs }: { readonly number: number; readonly votes: number; readonly nowMs: number },
  random: ReturnType<typeof seeded>,
): readonly Entry[] {
  const bootMs = backlogStartMs(nowMs, votes);
  const boot = { bootId: `boot-${number}`, bootMs };
  const office = (number * SERVICES_EACH) % TOWN_PLACES.length;
  const services = TOWN_PLACES.slice(office, office + SERVICES_EACH).map(({ serviceId }) => serviceId);
  const cast = Array.from({ length: votes }, (_, n) =>
    makeVote(random, { atMs: castAtMs(bootMs, n), boot, services }),
  );
  const time = { wallMs: bootMs, monotonicUs: 0, bootId: boot.bootId, clock: "trusted" } as const;
  return [
    { kind: "opened", time, ordinal: 1, previousEpoch: null, previousLast: 0, previousHead: null },
    ...cast,
  ];
}

function takeWithinLimits(texts: readonly string[]): readonly string[] {
  let bytes = ENVELOPE_BYTES;
  const end = texts.findIndex((text) => {
    bytes += Buffer.byteLength(text) + 1;
    return bytes > BATCH_BYTES_MAX;
  });
  return end < 0 ? texts : texts.slice(0, end);
}

/** Small values are remembered, everything else that a draining totem never asks for is a defect. */
function journalOfNothingElse(): Journal {
  const kept = new Map<string, string>();
  const never = async () => {
    throw new Error("a totem that only drains does not ask for this");
  };
  return {
    commitDraft: never,
    sealDraft: never,
    append: never,
    probe: never,
    isSpent: never,
    resendFrom: never,
    prune: never,
    stateNextDay: never,
    sums: never,
    openEpochs: never,
    readBatch: never,
    applyReceipt: never,
    keep: async (name, value) => {
      kept.set(name, value);
      return ok(null);
    },
    kept: async (name) => kept.get(name) ?? null,
    close: async () => undefined,
  };
}

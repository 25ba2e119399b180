/**
 * Takes batches off the wire into the store and answers with receipts, after the commit and never before. Batches that
 * arrive while a commit runs are committed together. What cannot be verified is quarantined, never answered.
 */
import type { KeyObject } from "node:crypto";
import { BATCH_BYTES_MAX, RECEIPT_RANGES_MAX } from "#schemas/limits.ts";
import type { Receipt } from "#schemas/messages.ts";
import { fail, type Result } from "#schemas/result.ts";
import type { Log } from "../log.ts";
import type { Checkpoint, IngestOutcome, Rejected, SiteRules, Store, Watermark } from "../store/store.ts";
import type { Proof } from "./prove.ts";
import { openQuarantine, type Quarantine } from "./quarantine.ts";
import { PROVE_ON_THE_SPOT, type Verifier } from "./verifier.ts";
import { judgeBatch, type QuarantineReason, type VerifiedBatch } from "./verify.ts";

export type IngestorParts = {
  readonly store: Store;
  readonly log: Log;
  readonly nowMs: () => number;
  /** The registered journal key of a totem, or null for a stranger. */
  readonly journalKey: (totemId: string) => KeyObject | null;
  readonly sites: () => readonly SiteRules[];
  /** Where batches are proved; on the spot when left out. */
  readonly verifier?: Verifier;
  /** Signs and sends; the receipt's time is filled in by the ingestor. */
  readonly sendReceipt: (totemId: string, receipt: Omit<Receipt, "signature">) => void;
  /** Called after a commit that stored an epoch's first entry. */
  readonly onOpened: (totemId: string) => Promise<void>;
  readonly onCounted: (
    what: "entries" | "batches" | "commits" | "quarantined" | "duplicates",
    count: number,
  ) => void;
};

export type Ingestor = {
  /** Takes a batch; resolves when there is room for the next one. */
  readonly offer: (totemId: string, payload: Buffer) => Promise<void>;
  /** Sends the receipts for what is held of some epochs. */
  readonly sendWatermarks: (totemId: string, epochs: readonly string[]) => Promise<void>;
  /** False while the store takes nothing: its disk is full or gone. */
  readonly isStoring: () => boolean;
  /** Resolves when everything taken so far is committed or quarantined. */
  readonly settled: () => Promise<void>;
};

/** What a receipt says of the gateway itself. */
type Centre = { readonly publicLog: Checkpoint; readonly closedThrough: string | null };
type Stored = Extract<IngestOutcome, { kind: "stored" }>;

/** Bytes waiting for a commit: four commits of the largest batches; whoever sends more waits. */
const WAITING_BYTES_MAX = 128 * BATCH_BYTES_MAX;

/** Batches in one commit: bounds how long readers wait and how much one failure can undo. */
const COMMIT_BATCHES_MAX = 32;

type Received = { readonly totemId: string; readonly payload: Buffer; readonly receivedMs: number };

/** A batch on its way: what was proved of it, once that is known. */
type Waiting = Received & { proof: Result<Proof, QuarantineReason> | null; readonly proved: Promise<void> };

export function openIngestor(parts: IngestorParts): Ingestor {
  const waiting: Waiting[] = [];
  let waitingBytes = 0;
  let running: Promise<void> | null = null;
  let isStoring = true;
  const roomMade: (() => void)[] = [];
  const quarantine = openQuarantine({ ...parts, what: "batch" });

  const run = async () => {
    for (let next = waiting[0]; next !== undefined; next = waiting[0]) {
      await next.proved;
      // One turn of the event loop: what has arrived and is proved by then shares the commit.
      await new Promise((resolve) => {
        setImmediate(resolve);
      });
      const unproved = waiting.findIndex(({ proof }) => proof === null);
      const ready = Math.min(unproved < 0 ? waiting.length : unproved, COMMIT_BATCHES_MAX);
      const taken = waiting.splice(0, ready);
      try {
        const outcomes = await commit(parts, quarantine, taken);
        if (outcomes.length > 0) isStoring = outcomes.some((outcome) => outcome !== null);
      } catch (error) {
        // A defect of ours: what was not answered is sent again, and must not keep the rest from being stored.
        parts.log.error("commit-failed", { batches: taken.length, message: (error as Error).message });
      }
      waitingBytes -= taken.reduce((sum, { payload }) => sum + payload.length, 0);
      for (const resolve of roomMade.splice(0)) resolve();
    }
  };
  const start = () => {
    running ??= run().finally(() => {
      running = null;
    });
  };

  return {
    offer: async (totemId, payload) => {
      while (waitingBytes > 0 && waitingBytes + payload.length > WAITING_BYTES_MAX) {
        await new Promise<void>((resolve) => {
          roomMade.push(resolve);
        });
      }
      waiting.push(proving(parts, { totemId, payload, receivedMs: parts.nowMs() }));
      waitingBytes += payload.length;
      start();
    },
    sendWatermarks: async (totemId, epochs) => {
      const known = await parts.store.knownEpochs(totemId);
      const centre = {
        publicLog: await parts.store.logState(),
        closedThrough: await parts.store.closedThrough(),
      };
      for (const epoch of known.filter((k) => epochs.includes(k.epoch))) {
        parts.sendReceipt(totemId, receiptOf(epoch, epoch.rejected, centre, parts.nowMs()));
      }
    },
    isStoring: () => isStoring,
    settled: async () => {
      while (running !== null) await running;
    },
  };
}

/** Begins to prove a batch; that may take another thread a moment. */
function proving(parts: IngestorParts, received: Received): Waiting {
  const { verifier = PROVE_ON_THE_SPOT, journalKey } = parts;
  const { totemId, payload } = received;
  const key = journalKey(totemId);
  const prove = async () => (key === null ? fail("unknown-totem" as const) : verifier.prove(payload, key));
  const batch: Waiting = {
    ...received,
    proof: null,
    proved: prove()
      .catch((error: Error) => {
        // A defect of ours; were it thrown, the same batch sent again would end the gateway again and again.
        parts.log.error("proving-failed", { totem: totemId, message: error.message });
        return fail("wrong-shape" as const);
      })
      .then((proof) => {
        batch.proof = proof;
      }),
  };
  return batch;
}

/**
 * Stores what was proved and answers. Nothing that fails for one batch may keep the others from their receipts.
 * @returns what the store made of the proved ones; null for one it did not take.
 */
async function commit(
  parts: IngestorParts,
  quarantine: Quarantine,
  taken: readonly Waiting[],
): Promise<readonly (IngestOutcome | null)[]> {
  const verified: VerifiedBatch[] = [];
  for (const received of taken) {
    const { proof, payload } = received;
    if (proof === null) continue;
    const batch = proof.ok ? judgeBatch(payload, proof.value, received) : proof;
    if (batch.ok) verified.push(batch.value);
    else await quarantine(received, batch.problem);
  }
  const outcomes = await stored(parts, verified);
  for (const [index, batch] of verified.entries()) {
    const outcome = outcomes[index];
    if (outcome === undefined || outcome === null) continue;
    if (outcome.kind === "stored") await answer(parts, batch, outcome);
    else if (outcome.kind === "fork") await quarantine(batch, "fork");
    else parts.log.warn("batch-scattered", { totem: batch.totemId, epoch: batch.epoch, first: batch.first });
  }
  return outcomes;
}

/**
 * Stores batches together; when that fails, each alone, so that one the store cannot take does not take the others
 * along. Null for a batch that was not stored: it gets no answer, and its totem keeps the entries and sends them again.
 */
async function stored(
  parts: IngestorParts,
  batches: readonly VerifiedBatch[],
): Promise<readonly (IngestOutcome | null)[]> {
  if (batches.length === 0) return [];
  try {
    const outcomes = await parts.store.ingest(batches, parts.sites());
    parts.onCounted("commits", 1);
    return outcomes;
  } catch (error) {
    const totems = batches.map((batch) => batch.totemId);
    parts.log.error("ingest-failed", { totems, message: (error as Error).message });
    if (batches.length === 1) return [null];
  }
  const outcomes: (IngestOutcome | null)[] = [];
  for (const batch of batches) outcomes.push(...(await stored(parts, [batch])));
  return outcomes;
}

async function answer(parts: IngestorParts, batch: VerifiedBatch, outcome: Stored): Promise<void> {
  const { watermark, rejected, fresh } = outcome;
  const centre = { closedThrough: outcome.closedThrough, publicLog: await parts.store.logState() };
  parts.sendReceipt(batch.totemId, receiptOf(watermark, rejected, centre, parts.nowMs()));
  parts.onCounted("batches", 1);
  if (fresh === 0) parts.onCounted("duplicates", 1);
  else parts.onCounted("entries", fresh);
  if (fresh === 0 || batch.first !== 1) return;
  try {
    await parts.onOpened(batch.totemId);
  } catch (error) {
    parts.log.error("opened-failed", { totem: batch.totemId, message: (error as Error).message });
  }
}

function receiptOf(
  watermark: Watermark,
  rejected: readonly Rejected[],
  { publicLog, closedThrough }: Centre,
  timeMs: number,
): Omit<Receipt, "signature"> {
  const { epoch, upTo, head, ranges } = watermark;
  return {
    epoch,
    upTo,
    head,
    ranges: ranges.slice(0, RECEIPT_RANGES_MAX).map(({ first, last }) => ({ first, last })),
    rejected: rejected.map(({ seq, reason }) => ({ seq, reason })),
    closedThrough,
    // Totems sign in their statements which log they saw: the gateway cannot show two.
    checkpoint: publicLog.size === 0 ? null : { size: publicLog.size, hash: publicLog.hash },
    timeMs,
  };
}

/**
 * Takes batches off the wire into the store and answers with receipts, after the commit and never before. Batches that
 * arrive while a commit runs are committed together. What cannot be verified is quarantined, never answered.
 */
import { createHash, type KeyObject } from "node:crypto";
import { BATCH_BYTES_MAX, RECEIPT_RANGES_MAX } from "#schemas/limits.ts";
import type { Receipt } from "#schemas/messages.ts";
import type { Log } from "../log.ts";
import type { IngestOutcome, SiteRules, Store, Watermark } from "../store/store.ts";
import { type QuarantineReason, type VerifiedBatch, verifyBatch } from "./verify.ts";

export type IngestorParts = {
  readonly store: Store;
  readonly log: Log;
  readonly nowMs: () => number;
  /** The registered journal key of a totem, or null for a stranger. */
  readonly journalKey: (totemId: string) => KeyObject | null;
  readonly sites: () => readonly SiteRules[];
  /** Signs and sends; the receipt's time is filled in by the ingestor. */
  readonly sendReceipt: (totemId: string, receipt: Omit<Receipt, "signature">) => void;
  /** Called after a commit that stored an epoch's first entry. */
  readonly onOpened: (totemId: string) => Promise<void>;
  readonly onCounted: (what: "entries" | "batches" | "quarantined" | "duplicates", count: number) => void;
};

export type Ingestor = {
  /** Takes a batch; resolves when there is room for the next one. */
  readonly offer: (totemId: string, payload: Buffer) => Promise<void>;
  /** Sends the receipts for what is held of some epochs. */
  readonly sendWatermarks: (totemId: string, epochs: readonly string[]) => Promise<void>;
  /** Resolves when everything taken so far is committed or quarantined. */
  readonly settled: () => Promise<void>;
};

/** Bytes waiting for a commit: five hundred of the largest batches; whoever sends more waits. */
const WAITING_BYTES_MAX = 500 * BATCH_BYTES_MAX;

/** Batches in one commit: bounds how long readers wait and how much one failure can undo. */
const COMMIT_BATCHES_MAX = 32;

type Waiting = { readonly totemId: string; readonly payload: Buffer; readonly receivedMs: number };

export function openIngestor(parts: IngestorParts): Ingestor {
  const waiting: Waiting[] = [];
  let waitingBytes = 0;
  let running: Promise<void> | null = null;
  const roomMade: (() => void)[] = [];

  const run = async () => {
    while (waiting.length > 0) {
      const taken = waiting.splice(0, COMMIT_BATCHES_MAX);
      await commit(parts, taken);
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
      waiting.push({ totemId, payload, receivedMs: parts.nowMs() });
      waitingBytes += payload.length;
      start();
    },
    sendWatermarks: async (totemId, epochs) => {
      const known = await parts.store.knownEpochs(totemId);
      const checkpoint = await parts.store.checkpoint();
      for (const watermark of known.filter((k) => epochs.includes(k.epoch))) {
        parts.sendReceipt(totemId, receiptOf(watermark, [], checkpoint, parts.nowMs()));
      }
    },
    settled: async () => {
      while (running !== null) await running;
    },
  };
}

async function commit(parts: IngestorParts, taken: readonly Waiting[]): Promise<void> {
  const verified: VerifiedBatch[] = [];
  for (const { totemId, payload, receivedMs } of taken) {
    const journalKey = parts.journalKey(totemId);
    const batch = journalKey === null ? null : verifyBatch(payload, { totemId, journalKey, receivedMs });
    if (batch?.ok) verified.push(batch.value);
    else
      await quarantine(
        parts,
        { totemId, payload, receivedMs },
        batch === null ? "unknown-totem" : batch.problem,
      );
  }
  if (verified.length === 0) return;
  const outcomes = await store(parts, verified);
  if (outcomes === null) return;
  for (const [index, batch] of verified.entries()) {
    const outcome = outcomes[index];
    if (outcome?.kind === "stored") await answer(parts, batch, outcome);
    else await quarantine(parts, batch, "fork");
  }
}

/** A store that fails takes nothing and answers nothing: the totems keep their entries and send them again. */
async function store(
  parts: IngestorParts,
  batches: readonly VerifiedBatch[],
): Promise<readonly IngestOutcome[] | null> {
  try {
    return await parts.store.ingest(batches, parts.sites());
  } catch (error) {
    parts.log.error("ingest-failed", { batches: batches.length, message: (error as Error).message });
    return null;
  }
}

async function answer(
  parts: IngestorParts,
  batch: VerifiedBatch,
  outcome: Extract<IngestOutcome, { kind: "stored" }>,
): Promise<void> {
  const { watermark, rejected, checkpoint, fresh } = outcome;
  parts.sendReceipt(batch.totemId, receiptOf(watermark, rejected, checkpoint, parts.nowMs()));
  parts.onCounted("batches", 1);
  if (fresh === 0) parts.onCounted("duplicates", 1);
  else parts.onCounted("entries", fresh);
  if (fresh > 0 && batch.first === 1) await parts.onOpened(batch.totemId);
}

function receiptOf(
  watermark: Watermark,
  rejected: readonly { readonly seq: number; readonly reason: string }[],
  checkpoint: { readonly size: number; readonly hash: string },
  timeMs: number,
): Omit<Receipt, "signature"> {
  const { epoch, upTo, head, ranges } = watermark;
  return {
    epoch,
    upTo,
    head,
    ranges: ranges.slice(0, RECEIPT_RANGES_MAX).map(({ first, last }) => ({ first, last })),
    rejected: rejected.map(({ seq, reason }) => ({ seq, reason })),
    closedThrough: null,
    checkpoint: checkpoint.size === 0 ? null : { size: checkpoint.size, hash: checkpoint.hash },
    timeMs,
  };
}

async function quarantine(
  parts: IngestorParts,
  { totemId, payload, receivedMs }: Waiting,
  reason: QuarantineReason,
): Promise<void> {
  const { store, log, onCounted } = parts;
  const sha256 = createHash("sha256").update(payload).digest("hex");
  const kept = await store.quarantine({ totemId, reason, sha256, payload, receivedMs });
  if (kept === "known") return;
  onCounted("quarantined", 1);
  log.warn("batch-quarantined", { totem: totemId, reason, bytes: payload.length });
  const code = kept === "full" ? "quarantine-full" : "batch-quarantined";
  await store.raiseAlarm(
    code,
    totemId,
    `${reason}, ${payload.length} bytes, ${sha256.slice(0, 12)}`,
    receivedMs,
  );
}

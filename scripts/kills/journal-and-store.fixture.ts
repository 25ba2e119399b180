/**
 * A totem's real journal and a gateway's real store, joined by hand: verified, stored and receipted as in service, one
 * step at a time. For tests of what becomes of both when one of them loses something.
 */
import { expect } from "vitest";
import {
  hexId,
  KEY,
  NOON_MS,
  receiptFor,
  TOTEM,
  timeAt,
  voteWith,
} from "#firmware/journal/journal.fixture.ts";
import type { JournalFile } from "#firmware/journal/journal-file.ts";
import { directoryOf } from "#gateway/directory.ts";
import { checkHello } from "#gateway/fleet/storage-checks.ts";
import { verifyBatch } from "#gateway/ingest/verify.ts";
import { openSqliteStore } from "#gateway/store/sqlite/sqlite-store.ts";
import type { Store } from "#gateway/store/store.ts";
import { gaps } from "#schemas/ranges.ts";
import { publicKeyFromHex } from "#schemas/signature.ts";
import { fullTownSettings, SITE_ID } from "../bench/town.ts";

const RULES = directoryOf(fullTownSettings()).rules;

/** A store in memory or in a file, that knows the totem. */
export async function openStore(path = ":memory:"): Promise<Store> {
  const store = openSqliteStore(path, NOON_MS);
  await store.registerTotem({
    totemId: TOTEM,
    siteId: SITE_ID,
    serves: null,
    publicKey: KEY.publicKeyHex,
    passwordSha256: "0".repeat(64),
    enrolledMs: NOON_MS,
  });
  return store;
}

/** Seals a vote for each number. */
export function vote(journal: JournalFile, from: number, to: number): void {
  for (let number = from; number <= to; number++) {
    expect(journal.commitDraft(voteWith(number, number)).ok).toBe(true);
    expect(journal.sealDraft(timeAt(NOON_MS)).ok).toBe(true);
  }
}

/** Sends everything in batches of at most ten, verified and stored as in service, and applies the receipts. */
export async function deliver(
  journal: JournalFile,
  store: Store,
  batchesMax = Number.POSITIVE_INFINITY,
): Promise<void> {
  let left = batchesMax;
  for (const { epoch, last, received } of journal.openEpochs()) {
    for (const gap of gaps(received, 1, last)) {
      for (let from = gap.first; from <= gap.last && left > 0; left--) {
        const batch = journal.readBatch(epoch, from, Math.min(gap.last, from + 9));
        if (batch === null) throw new Error(`entry ${from} of ${epoch} cannot be read`);
        await storeBatch(journal, store, batch.text);
        from = batch.last + 1;
      }
    }
  }
}

async function storeBatch(journal: JournalFile, store: Store, text: string): Promise<void> {
  const verified = verifyBatch(Buffer.from(text), {
    totemId: TOTEM,
    journalKey: publicKeyFromHex(KEY.publicKeyHex),
    receivedMs: NOON_MS,
  });
  if (!verified.ok) throw new Error(verified.problem);
  const [outcome] = await store.ingest([verified.value], RULES);
  if (outcome?.kind !== "stored") throw new Error("the batch was not stored");
  const { epoch, upTo, head, ranges } = outcome.watermark;
  const receipt = receiptFor(epoch, upTo, {
    head,
    ranges: ranges.map(({ first, last }) => ({ first, last })),
  });
  expect(journal.applyReceipt(receipt)).toMatchObject({ ok: true, value: { headMismatch: false } });
}

/** What the gateway makes of the journal's hello. */
export async function greet(journal: JournalFile, store: Store, start: number) {
  const states = journal.openEpochs().map(({ received: _, ...state }) => state);
  const { openEpochs, pending, pendingBytes } = journal.sums();
  const hello = {
    startCount: start,
    schema: 1,
    current: states.find(({ epoch }) => epoch === hexId(start)) ?? null,
    open: states,
    openEpochs,
    entriesPending: pending,
    bytesPending: pendingBytes,
  };
  return checkHello(hello, await store.knownEpochs(TOTEM));
}

/** Promise 6 of the totem, as the store has it. */
export async function sumsOf(store: Store) {
  const [status] = await store.totemStatuses();
  if (status === undefined) throw new Error("no totem");
  return status.sums;
}

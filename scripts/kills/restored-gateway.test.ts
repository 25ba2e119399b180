import { copyFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import {
  dataFolder,
  hexId,
  NOON_MS,
  openAt,
  receiptFor,
  removeFolders,
  timeAt,
} from "#firmware/journal/journal.fixture.ts";
import type { JournalFile } from "#firmware/journal/journal-file.ts";
import type { Store } from "#gateway/store/store.ts";
import { DAY_MS } from "#schemas/time.ts";
import { deliver, greet, openStore, sumsOf, vote } from "./journal-and-store.fixture.ts";

afterEach(removeFolders);

/** Hellos, and what the gateway asks for after each, until it asks for nothing more and everything is delivered. */
async function reconcile(journal: JournalFile, store: Store, start: number): Promise<readonly string[]> {
  for (let round = 0; round < 10; round++) {
    const { resends, alarms } = await greet(journal, store, start);
    if (resends.length === 0 && journal.sums().pending === 0) return alarms.map(({ code }) => code);
    for (const { epoch, from } of resends) {
      expect(journal.resendFrom(epoch, from, timeAt(NOON_MS))).toMatchObject({ value: "resending" });
    }
    await deliver(journal, store);
  }
  throw new Error("gateway and totem do not come to rest");
}

/** Three starts of a totem, ten votes each; the gateway is backed up in the middle of the second. */
async function backedUp(): Promise<{ readonly journal: JournalFile; readonly restored: Store }> {
  const [folder, gateway] = [dataFolder(), dataFolder()];
  const [file, backup] = [join(gateway, "gateway.db"), join(gateway, "backup.db")];
  let store = await openStore(file);
  const first = openAt(folder, 1).journal;
  vote(first, 1, 10);
  await deliver(first, store);
  first.close();
  const second = openAt(folder, 2).journal;
  vote(second, 11, 15);
  await deliver(second, store);
  await store.close();
  copyFileSync(file, backup);
  store = await openStore(file);
  vote(second, 16, 20);
  await deliver(second, store);
  second.close();
  const journal = openAt(folder, 3).journal;
  vote(journal, 21, 30);
  await deliver(journal, store);
  expect(await sumsOf(store)).toMatchObject({ received: 30 });
  await store.close();
  return { journal, restored: await openStore(backup) };
}

describe("a gateway restored from a backup", () => {
  it("gets everything again that it lost, across starts of the totem, and counts it once", async () => {
    const { journal, restored } = await backedUp();
    expect(await sumsOf(restored)).toMatchObject({ received: 15 });
    expect(await reconcile(journal, restored, 3)).toEqual([]);
    expect(await sumsOf(restored)).toMatchObject({ received: 30, accepted: 30, conflict: 0, lost: 0 });
    journal.close();
    await restored.close();
  });

  it("is told what the totem has deleted since, as declared loss", async () => {
    const { journal, restored } = await backedUp();
    expect(journal.prune({ nowMs: NOON_MS + 8 * DAY_MS, keepMs: 7 * DAY_MS, closedBeforeMs: null }).ok).toBe(
      true,
    );
    vote(journal, 31, 31);
    await reconcile(journal, restored, 3);
    const sums = await sumsOf(restored);
    // What the backup did not hold: five votes of the second start, ten of the third and its first entry.
    expect(sums).toMatchObject({ received: 16, accepted: 16, lost: 16 });
    expect(sums.entries + sums.lost).toBe(journal.sums().captured);
    journal.close();
    await restored.close();
  });

  it("is not misled by an old receipt that arrives after the restore", async () => {
    const { journal, restored } = await backedUp();
    expect(journal.resendFrom(hexId(3), 1, timeAt(NOON_MS)).ok).toBe(true);
    expect(journal.applyReceipt(receiptFor(hexId(3), 0, { ranges: [{ first: 4, last: 9 }] })).ok).toBe(true);
    expect(await reconcile(journal, restored, 3)).toEqual([]);
    expect(await sumsOf(restored)).toMatchObject({ received: 30, accepted: 30, conflict: 0, lost: 0 });
    journal.close();
    await restored.close();
  });
});

import { once } from "node:events";
import { closeSync, openSync, statSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import type { Worker } from "node:worker_threads";
import Database from "better-sqlite3";
import { afterEach, describe, expect, it } from "vitest";
import { signingKeyPem } from "#schemas/signature.ts";
import {
  dataFolder,
  faultAt,
  hexId,
  KEY,
  NOON_MS,
  receiptFor,
  removeFolders,
  TOTEM,
  timeAt,
  voteWith,
} from "./journal.fixture.ts";
import { type StartedJournal, startJournal } from "./journal-client.ts";

const started: StartedJournal[] = [];

afterEach(async () => {
  for (const { journal } of started.splice(0)) await journal.close();
  removeFolders();
});

async function start(dataDir: string, number: number, onDeath = (_: Error) => {}): Promise<StartedJournal> {
  const opened = await startJournal(
    { dataDir, totemId: TOTEM, epoch: hexId(number), keyPem: signingKeyPem(KEY), nowMs: NOON_MS },
    onDeath,
  );
  started.push(opened);
  return opened;
}

describe("the journal in its worker", () => {
  it("does what the journal in this thread does, over a restart", async () => {
    const folder = dataFolder();
    const first = await start(folder, 1);
    expect(first.setAside).toBeNull();
    const { journal } = first;
    expect(await journal.commitDraft(voteWith(1, 10))).toEqual({ ok: true, value: null });
    expect(await journal.isSpent(hexId(10))).toBe(true);
    expect(await journal.sealDraft(timeAt(NOON_MS))).toEqual({ ok: true, value: null });
    expect(await journal.append(faultAt(NOON_MS))).toEqual({ ok: true, value: null });
    expect(await journal.probe()).toEqual({ ok: true, value: null });
    expect(await journal.keep("settings", "x")).toEqual({ ok: true, value: null });
    expect(await journal.readBatch(hexId(1), 1, 3)).toMatchObject({ first: 1, last: 3 });
    expect(await journal.applyReceipt(receiptFor(hexId(1), 2))).toMatchObject({ value: { acknowledged: 2 } });
    expect(await journal.resendFrom(hexId(1), 2, timeAt(NOON_MS))).toEqual({ ok: true, value: "resending" });
    expect(await journal.prune({ nowMs: NOON_MS, keepMs: 1, closedBeforeMs: null })).toEqual({
      ok: true,
      value: 0,
    });
    await journal.close();
    const second = await start(folder, 2);
    expect(await second.journal.kept("settings")).toBe("x");
    expect(await second.journal.sums()).toMatchObject({ captured: 3, acknowledged: 1, pending: 2 });
    expect(await second.journal.openEpochs()).toMatchObject([{ epoch: hexId(1), oldestUnreceipted: 2 }]);
  });

  it("hands on what must not happen as an error of the call, and lives on", async () => {
    const { journal } = await start(dataFolder(), 1);
    await journal.commitDraft(voteWith(1, 10));
    await expect(journal.commitDraft(voteWith(2, 10))).rejects.toThrow(/UNIQUE/);
    expect(await journal.probe()).toEqual({ ok: true, value: null });
  });

  it("that cannot open its file fails the start with the reason", async () => {
    const folder = dataFolder();
    writeFileSync(join(folder, "not-a-folder"), "");
    await expect(start(join(folder, "not-a-folder"), 1)).rejects.toThrow(/EEXIST|ENOTDIR/);
  });

  it("tells once that it died", async () => {
    const folder = dataFolder();
    const workers = new Promise<Worker>((resolve) => process.once("worker", resolve));
    const deaths: string[] = [];
    const death = new Promise<void>((resolve) => {
      void start(folder, 1, (error) => {
        deaths.push(error.message);
        resolve();
      });
    });
    const worker = await workers;
    const exit = once(worker, "exit");
    await once(worker, "message");
    await worker.terminate();
    await Promise.all([death, exit]);
    expect(deaths).toEqual(["the journal's worker ended with code 1"]);
  });

  it("dies when it meets a damaged page, so that the next start can set the file aside", async () => {
    const folder = dataFolder();
    const death = Promise.withResolvers<Error>();
    const { journal } = await start(folder, 1, death.resolve);
    expect(await journal.commitDraft(voteWith(1, 10))).toEqual({ ok: true, value: null });
    const path = join(folder, "journal.db");
    const other = new Database(path);
    // Everything is moved out of the log, and a foreign write makes the journal read its pages anew.
    other.pragma("wal_checkpoint(TRUNCATE)");
    other.exec("UPDATE probe SET times = times + 1");
    const file = openSync(path, "r+");
    writeSync(file, Buffer.alloc(statSync(path).size - 4096, 0xff), 0, undefined, 4096);
    closeSync(file);
    expect(await journal.commitDraft(voteWith(2, 20))).toEqual({ ok: false, problem: "journal-failed" });
    expect((await death.promise).message).toMatch(/malformed/);
    other.close();
    const again = await start(folder, 2);
    expect(again.setAside).toBe(join(folder, "damaged-1"));
  });

  it("does not take its own closing for a death", async () => {
    const deaths: string[] = [];
    const workers = new Promise<Worker>((resolve) => process.once("worker", resolve));
    const { journal } = await start(dataFolder(), 1, (error) => deaths.push(error.message));
    const exit = once(await workers, "exit");
    await journal.close();
    await exit;
    expect(deaths).toEqual([]);
  });
});

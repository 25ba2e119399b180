import { closeSync, openSync, readFileSync, truncateSync, writeSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { dataFolder, hexId, openAt, removeFolders } from "#firmware/journal/journal.fixture.ts";
import { deliver, greet, openStore, sumsOf, vote } from "./journal-and-store.fixture.ts";

afterEach(removeFolders);

describe("a torn page in a journal that was half delivered", () => {
  it("costs what stood on it, declared; the rest is counted once, and gateway and totem agree", async () => {
    const folder = dataFolder();
    const store = await openStore();
    const first = openAt(folder, 1).journal;
    vote(first, 1, 100);
    await deliver(first, store, 4);
    first.close();
    const path = join(folder, "journal.db");
    const page = Math.floor(readFileSync(path).indexOf(hexId(70)) / 4096);
    const file = openSync(path, "r+");
    writeSync(file, Buffer.alloc(4096, 0xff), 0, 4096, page * 4096);
    closeSync(file);

    const { journal, setAside } = openAt(folder, 2);
    expect(setAside).not.toBeNull();
    vote(journal, 101, 103);
    expect((await greet(journal, store, 2)).resends).toEqual([]);
    await deliver(journal, store);
    const sums = await sumsOf(store);
    // Every entry that was captured is held, or declared lost.
    const { captured, pending } = journal.sums();
    expect(pending).toBe(0);
    expect(sums.lost).toBeGreaterThan(0);
    expect(sums.lost).toBeLessThan(20);
    expect(sums.received).toBe(103 - sums.lost);
    expect(sums.accepted).toBe(sums.received);
    expect(sums.entries + sums.lost).toBe(captured);
    expect(await greet(journal, store, 2)).toEqual({ resends: [], alarms: [] });
    // No ticket is good again, not even one whose vote is lost.
    for (let mark = 1; mark <= 103; mark++) expect(journal.isSpent(hexId(mark))).toBe(true);
    journal.close();
    await store.close();
  });
});

describe("a journal of which nothing can be read any more", () => {
  it("is a storage alarm at the gateway, which keeps its rows and counts what comes after", async () => {
    const folder = dataFolder();
    const store = await openStore();
    const first = openAt(folder, 1).journal;
    vote(first, 1, 20);
    await deliver(first, store);
    vote(first, 21, 25);
    first.close();
    truncateSync(join(folder, "journal.db"));

    const { journal } = openAt(folder, 2);
    vote(journal, 31, 33);
    const { alarms } = await greet(journal, store, 2);
    expect(alarms.map(({ code }) => code)).toContain("epoch-missing");
    await deliver(journal, store);
    expect(await sumsOf(store)).toMatchObject({ received: 23, accepted: 23 });
    const codes = (await greet(journal, store, 2)).alarms.map(({ code }) => code);
    // Two beginnings of one totem: somebody has to look at the files that were set aside.
    expect(codes.length).toBeGreaterThan(0);
    journal.close();
    await store.close();
  });
});

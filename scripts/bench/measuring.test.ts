/** What the measurements stand on: the invented town's counters, votes and backlogs, and what the kernel tells. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { directoryOf, settingsProblems } from "#gateway/directory.ts";
import { verifyBatch } from "#gateway/ingest/verify.ts";
import { openSqliteStore } from "#gateway/store/sqlite/sqlite-store.ts";
import { parseEntry } from "#schemas/entry.ts";
import { addDays } from "#schemas/local-day.ts";
import { seeded } from "#schemas/seeded.fixture.ts";
import { makeSigningKey, publicKeyFromHex } from "#schemas/signature.ts";
import { makeMemoryBacklog } from "./backlog-journal.ts";
import { fillCounters, lastYear, monthsOf } from "./filled-counters.ts";
import { forgetPeak, peakResidentMb, processorMs, residentMb } from "./process-figures.ts";
import { grouped } from "./raw-writer.ts";
import { FIRST_OFFICE_SERVICES, fullTownSettings, TOWN_PLACES } from "./town.ts";
import { backlogStartMs, castAtMs, makeVote } from "./votes.ts";

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "faccine-measuring-"));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

describe("the invented town", () => {
  it("is one the gateway accepts, with 20 offices of 5 services", () => {
    const settings = fullTownSettings();
    expect(settingsProblems(settings)).toEqual([]);
    expect(directoryOf(settings).sites[0]?.offices.map(({ services }) => services.length)).toEqual(
      Array.from({ length: 20 }, () => 5),
    );
    expect(TOWN_PLACES).toHaveLength(100);
  });
});

describe("a filled year", () => {
  it("is the twelve whole months before the current one", () => {
    expect(lastYear("2026-11-24")).toEqual({ from: "2025-11-01", to: "2026-11-01" });
    expect(lastYear("2026-01-01")).toEqual({ from: "2025-01-01", to: "2026-01-01" });
    const months = monthsOf(lastYear("2026-03-05"));
    expect(months).toHaveLength(12);
    expect(months[0]).toEqual({ from: "2025-03-01", to: "2025-04-01" });
    expect(months.at(-1)).toEqual({ from: "2026-02-01", to: "2026-03-01" });
  });

  it.each([777, 400_000])("holds exactly %d votes, by hour, by day and by month", async (votes) => {
    const file = join(dir, "gateway.db");
    const store = openSqliteStore(file, Date.now());
    const year = lastYear("2026-11-24");
    fillCounters(file, votes, year);
    const faces = (rows: readonly { readonly counts: Readonly<Record<string, number>> }[]) =>
      rows.reduce((sum, { counts }) => {
        const { green = 0, yellow = 0, red = 0 } = counts;
        return sum + green + yellow + red;
      }, 0);
    expect(faces(await store.countSpans([{ fromDay: year.from, toDay: year.to }]))).toBe(votes);
    // With a day more than whole months, so that the days are added up as well.
    const from = addDays(year.from, -1);
    expect(faces(await store.countSpans([{ fromDay: from, toDay: year.to }]))).toBe(votes);
    await store.close();
  });
});

describe("a made vote", () => {
  it("has the shape of a vote, and the same seed makes the same one", () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat(50_000), (seed, number) => {
        const firstDayMs = backlogStartMs(Date.UTC(2026, 10, 24, 12), 50_001);
        const atMs = castAtMs(firstDayMs, number);
        const at = { atMs, boot: { bootId: "boot", bootMs: firstDayMs }, services: FIRST_OFFICE_SERVICES };
        const vote = makeVote(seeded(seed), at);
        expect(parseEntry(vote)).toMatchObject({ ok: true });
        expect(makeVote(seeded(seed), at)).toEqual(vote);
        expect(atMs).toBeLessThan(Date.UTC(2026, 10, 24));
      }),
      { numRuns: 50 },
    );
  });
});

describe("a backlog in memory", () => {
  it("is sent as batches that verify, and is empty once all of it is receipted", async () => {
    const key = makeSigningKey();
    const nowMs = Date.UTC(2026, 10, 24);
    const { journal, pending, epoch } = makeMemoryBacklog({
      totemId: "totem-3",
      number: 3,
      votes: 300,
      key,
      nowMs,
    });
    expect(pending()).toBe(301);
    for (let from = 1; from <= 301; ) {
      const batch = await journal.readBatch(epoch, from, 301);
      if (batch === null) throw new Error("a batch is missing");
      const journalKey = publicKeyFromHex(key.publicKeyHex);
      const verified = verifyBatch(Buffer.from(batch.text), {
        totemId: "totem-3",
        journalKey,
        receivedMs: nowMs,
      });
      expect(verified).toMatchObject({ ok: true, value: { first: from, last: batch.last } });
      await journal.applyReceipt({
        epoch,
        upTo: batch.last,
        head: null,
        ranges: [],
        rejected: [],
        closedThrough: null,
        checkpoint: null,
        timeMs: nowMs,
        signature: "",
      });
      from = batch.last + 1;
    }
    expect(pending()).toBe(0);
  });
});

describe("batches in commits of the raw writer", () => {
  it.each([
    [1, [[1], [2], [3], [4]]],
    [1.5, [[1, 2], [3], [4]]],
    [
      2,
      [
        [1, 2],
        [3, 4],
      ],
    ],
    [0.3, [[1], [2], [3], [4]]],
  ])("of %d on average", (perCommit, expected) => {
    expect(grouped([1, 2, 3, 4], perCommit)).toEqual(expected);
  });
});

describe("what the kernel tells of a process", () => {
  it("is what Node tells of itself, and a forgotten peak begins anew", () => {
    const rssMb = process.memoryUsage.rss() / 1_000_000;
    expect(Math.abs(residentMb(process.pid) - rssMb)).toBeLessThan(20);
    expect(peakResidentMb(process.pid)).toBeGreaterThan(0);
    forgetPeak(process.pid);
    expect(peakResidentMb(process.pid)).toBeLessThan(residentMb(process.pid) + 20);
    const before = processorMs(process.pid);
    let digits = 0;
    do digits += String(Math.random()).length;
    while (processorMs(process.pid) <= before);
    expect(digits).toBeGreaterThan(0);
  });
});

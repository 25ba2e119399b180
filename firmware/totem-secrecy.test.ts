import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { FACES, REASON_KEYS } from "#schemas/code-list.ts";
import type { Entry } from "#schemas/entry.ts";
import { codeOf } from "./tickets/tickets.fixture.ts";
import { bytesOf, openTotem, startTime, stopTime, votesOf } from "./totem.fixture.ts";

beforeEach(stopTime);
afterEach(startTime);

/** What people scan besides tickets: a health card's fiscal code, a bottle, a link, and two of them at once. */
const NO_TICKETS = [
  "RSSMRA85T10A562S",
  "8001120007543",
  "https://example.org/menu?table=7",
  `${"x".repeat(400)}END`,
];

describe("what is scanned and refused", () => {
  it("is in no byte of the data folder, in no log line and in no view, whatever state it met", async () => {
    const so = await openTotem();
    const views: string[] = [];
    so.indicators.onChange(() => views.push(JSON.stringify(so.indicators.view())));
    for (const text of NO_TICKETS) {
      await so.scan(text);
      expect(so.totem.view()).toMatchObject({ state: "refused", refusal: "malformed" });
      await so.scan(codeOf(NO_TICKETS.indexOf(text)));
      await so.scan(text);
      await so.scan(codeOf(NO_TICKETS.indexOf(text)));
      await so.press("red");
      await so.scan(text);
      await so.pass(61_000);
    }
    const known = votesOf(await so.entries());
    await so.close();
    const bytes = bytesOf(so.dataDir);
    // The search can find something: what the journal does hold.
    expect(known).toHaveLength(NO_TICKETS.length);
    expect(bytes.includes(known[0]?.id ?? "nothing")).toBe(true);
    const told = JSON.stringify([so.lines, views, so.indicators.heard()]);
    for (const text of NO_TICKETS) {
      for (const part of [text, text.slice(0, 12), text.slice(-12), text.toLowerCase()]) {
        expect(bytes.includes(part)).toBe(false);
        expect(told).not.toContain(part);
      }
    }
  });

  it("is logged by its length and reason alone", async () => {
    const so = await openTotem();
    await so.scan("RSSMRA85T10A562S");
    await so.scan("x".repeat(5_000));
    expect(so.lines.slice(-2)).toEqual([
      { level: "info", event: "refused", fields: { reason: "malformed", length: 16 } },
      { level: "info", event: "refused", fields: { reason: "malformed", length: 5_000 } },
    ]);
    await so.close();
  });

  it("of a good ticket neither code nor serial is kept", async () => {
    const so = await openTotem();
    await so.scan(codeOf(1));
    await so.press("green");
    await so.pass(3_000);
    await so.close();
    const code = codeOf(1);
    for (const part of [code, code.slice(2, 30), code.slice(-30)])
      expect(bytesOf(so.dataDir).includes(part)).toBe(false);
    expect(JSON.stringify(so.lines)).not.toContain(code.slice(2, 30));
  });
});

describe("the log", () => {
  it("does not tell of votes: neither what was chosen nor that, or when, one was given", async () => {
    const logs: string[] = [];
    for (const keys of [
      ["green"],
      ["yellow"],
      ["red"],
      ["red", "wait"],
      ["green", "yellow", "red", "outcome"],
    ] as const) {
      const so = await openTotem();
      await so.scan(codeOf(1));
      for (const key of keys) {
        await so.press(key);
        await so.pass(600);
      }
      await so.pass(20_000);
      await so.close();
      logs.push(JSON.stringify(so.lines));
    }
    const quiet = await openTotem();
    await quiet.close();
    expect(new Set([...logs, JSON.stringify(quiet.lines)]).size).toBe(1);
    for (const word of [...FACES, ...REASON_KEYS]) expect(logs[0]).not.toContain(`"${word}"`);
  });
});

describe("the log of a key that is held or pressed without end", () => {
  it("tells of the fault, and not of which key it was", async () => {
    const so = await openTotem();
    await so.scan(codeOf(1));
    so.keys.jam("red", true);
    await so.pass(11_000);
    so.keys.jam("red", false);
    for (let press = 0; press < 21; press += 1) {
      await so.press("green");
      await so.pass(600);
    }
    await so.close();
    const told = JSON.stringify(so.lines);
    expect(told).toContain("key-stuck");
    expect(told).toContain("key-flood");
    for (const word of [...FACES, ...REASON_KEYS]) expect(told).not.toContain(`"${word}"`);
  });
});

describe("refusals", () => {
  const counts = (entries: readonly Entry[]) =>
    entries.flatMap((entry) => (entry.kind === "refusals" ? [entry.counts] : []));

  it("are written at once when alone, then at most once a minute, and none is lost", async () => {
    const so = await openTotem();
    await so.scan("first");
    await so.pass(10);
    expect(counts(await so.entries())).toEqual([[{ reason: "malformed", service: null, count: 1 }]]);
    for (let scan = 0; scan < 20; scan += 1) {
      await so.scan(`again ${scan}`);
      await so.pass(2_000);
    }
    expect(counts(await so.entries())).toHaveLength(1);
    await so.pass(60_000);
    expect(counts(await so.entries())[1]).toEqual([{ reason: "malformed", service: null, count: 20 }]);
    await so.close();
  });

  it("still counted when the totem stops are written before it does", async () => {
    const so = await openTotem();
    await so.scan("first");
    await so.pass(10);
    await so.scan("second");
    await so.totem.close();
    expect(counts(await so.entries())).toHaveLength(2);
    so.cutPower();
  });

  it("name the service of a genuine ticket", async () => {
    const so = await openTotem();
    await so.scan(codeOf(1, { minute: 1 }));
    await so.pass(10);
    expect(counts(await so.entries())).toEqual([[{ reason: "expired", service: "anagrafe", count: 1 }]]);
    await so.close();
  });

  it("that cannot be written are counted on", async () => {
    const so = await openTotem();
    so.trouble.fails = "journal-failed";
    // Malformed: the judge need not ask the journal.
    await so.scan("first");
    await so.pass(10);
    expect(so.phase()).toBe("out-of-order");
    so.trouble.fails = null;
    await so.pass(120_000);
    expect(counts(await so.entries())).toEqual([[{ reason: "malformed", service: null, count: 1 }]]);
    await so.close();
  });
});

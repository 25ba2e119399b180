import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { FACES, REASON_KEYS } from "#schemas/code-list.ts";
import type { Entry } from "#schemas/entry.ts";
import { codeOf, DESK_TEST, SETTINGS } from "./tickets/tickets.fixture.ts";
import { bytesOf, openTotem, startTime, stopTime, type TestTotem, votesOf } from "./totem.fixture.ts";

beforeEach(stopTime);
afterEach(startTime);

/** What people scan besides tickets: a health card's fiscal code, a bottle, a link, and two of them at once. */
const NO_TICKETS = [
  "RSSMRA85T10A562S",
  "8001120007543",
  "https://example.org/menu?table=7",
  `${"x".repeat(400)}END`,
];

const kinds = async (so: TestTotem) => (await so.entries()).map((entry) => entry.kind);
const faults = (entries: readonly Entry[]) =>
  entries.flatMap((entry) => (entry.kind === "fault" ? [`${entry.code} ${entry.state}`] : []));

describe("a whole session", () => {
  it("from scan to sealed vote: thanked on the commit, an entry when the thanks are over", async () => {
    const so = await openTotem();
    expect(so.phase()).toBe("idle");
    await so.scan(codeOf(1));
    expect(so.phase()).toBe("awaiting-face");
    await so.press("green");
    expect(so.phase()).toBe("thanked");
    expect(so.sounds()).toEqual(["ready", "click", "thanks"]);
    expect(await so.entries()).toEqual([]);
    await so.pass(3_000);
    expect(so.phase()).toBe("idle");
    const [vote] = votesOf(await so.entries());
    expect(vote).toMatchObject({
      face: "green",
      reason: null,
      service: "anagrafe",
      mode: "live",
      wording: SETTINGS.wording,
      ticket: { profile: "signed", proof: "signature", issuerKeyId: "key-1" },
      time: { clock: "trusted" },
    });
    expect(await kinds(so)).toEqual(["opened", "vote"]);
    await so.close();
  });

  it("with a reason, a changed face and a second citizen: each vote once, as it was left", async () => {
    const so = await openTotem();
    await so.scan(codeOf(1));
    await so.press("red");
    await so.press("wait");
    await so.pass(600);
    await so.press("staff");
    await so.scan(codeOf(2));
    await so.press("red");
    await so.pass(600);
    await so.press("yellow");
    await so.pass(3_000);
    const votes = votesOf(await so.entries()).map(({ face, reason }) => `${face} ${reason}`);
    expect(votes).toEqual(["red staff", "yellow null"]);
    await so.close();
  });

  it("the second use of a ticket is refused, at once after the ten seconds in which it is greeted", async () => {
    const so = await openTotem();
    await so.scan(codeOf(1));
    await so.press("green");
    await so.pass(4_000);
    await so.scan(codeOf(1));
    expect(so.phase()).toBe("thanked");
    await so.pass(10_000);
    await so.scan(codeOf(1));
    expect(so.totem.view()).toMatchObject({ state: "refused", refusal: "used" });
    await so.pass(3_000);
    expect(so.phase()).toBe("idle");
    expect(votesOf(await so.entries())).toHaveLength(1);
    await so.close();
  });

  it("two codes scanned in one breath are judged in their order", async () => {
    const so = await openTotem();
    so.scanner.scan(codeOf(1));
    so.scanner.scan(codeOf(2));
    so.keys.press("red");
    await so.totem.settled();
    // The press came before either was judged: it asked for the receipt.
    expect(so.phase()).toBe("awaiting-face");
    await so.press("green");
    expect(so.lines.filter((line) => line.event === "vote-stored")).toHaveLength(1);
    await so.close();
  });

  it("in test mode makes a test vote from a test ticket only, and the mode changes are entries", async () => {
    const so = await openTotem();
    await so.press("service");
    expect(so.totem.view()).toMatchObject({ testMode: true, selfTest: "passed" });
    await so.scan(codeOf(1));
    expect(so.totem.view().refusal).toBe("test-mode");
    await so.scan(codeOf(2, { issuerKey: 2 }, DESK_TEST));
    await so.press("green");
    await so.pass(3_000);
    await so.press("service");
    await so.pass(0);
    const entries = await so.entries();
    expect(votesOf(entries)).toMatchObject([{ mode: "test" }]);
    expect(entries.flatMap((entry) => (entry.kind === "mode" ? [entry.mode] : []))).toEqual(["test", "live"]);
    await so.close();
  });

  it("flags a vote outside opening hours and takes it", async () => {
    const hours = [{ weekday: 1, fromMinute: 0, toMinute: 1_440 }];
    const so = await openTotem({ settings: () => ({ ...SETTINGS, hours }) });
    await so.scan(codeOf(1));
    await so.press("green");
    await so.pass(3_000);
    expect(votesOf(await so.entries())).toMatchObject([{ flags: ["afterHours"] }]);
    await so.close();
  });

  it("without a ticket is a vote only while such a campaign is on", async () => {
    let lastDay = "2026-03-10";
    const settings = () => ({ ...SETTINGS, campaign: { firstDay: null, lastDay, withoutTicket: true } });
    const so = await openTotem({ settings });
    await so.press("red");
    expect(so.phase()).toBe("thanked");
    await so.pass(20_000);
    lastDay = "2026-03-09";
    await so.press("green");
    expect(so.phase()).toBe("idle");
    expect(votesOf(await so.entries())).toMatchObject([{ ticket: { profile: "none", mark: null } }]);
    await so.close();
  });
});

describe("a power cut", () => {
  it("after the thanks loses nothing: the next start seals the draft as it stood, and the ticket is spent", async () => {
    const before = await openTotem();
    await before.scan(codeOf(1));
    await before.press("red");
    await before.press("outcome");
    before.cutPower();
    const after = await openTotem({ dataDir: before.dataDir });
    expect(votesOf(await after.entries())).toMatchObject([{ face: "red", reason: "outcome" }]);
    await after.scan(codeOf(1));
    expect(after.totem.view().refusal).toBe("used");
    await after.close();
  });

  it("before the face is pressed leaves the ticket good", async () => {
    const before = await openTotem();
    await before.scan(codeOf(1));
    before.cutPower();
    const after = await openTotem({ dataDir: before.dataDir });
    await after.scan(codeOf(1));
    expect(after.phase()).toBe("awaiting-face");
    await after.close();
  });

  it("never leaves a totem in test mode", async () => {
    const before = await openTotem();
    await before.press("service");
    before.cutPower();
    const after = await openTotem({ dataDir: before.dataDir });
    expect(after.totem.view().testMode).toBe(false);
    await after.close();
  });
});

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
    expect(so.lines.slice(-2)).toEqual([
      { level: "info", event: "scanned", fields: { length: 16 } },
      { level: "info", event: "refused", fields: { reason: "malformed" } },
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
  it("has the same lines for every choice: no face, no reason, no change can be told from it", async () => {
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
    expect(new Set(logs).size).toBe(1);
    for (const word of [...FACES, ...REASON_KEYS]) expect(logs[0]).not.toContain(`"${word}"`);
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

describe("a journal in trouble", () => {
  it.each([
    ["says that it fails", { fails: "journal-failed" as const }, "journal-failed"],
    ["says that the disk is full", { fails: "disk-full" as const }, "disk-full"],
    ["breaks in a way nobody foresaw", { breaks: true }, "journal-failed"],
  ])("that %s is said openly: no thanks, and the ticket stays good", async (_, trouble, code) => {
    const so = await openTotem();
    await so.scan(codeOf(1));
    Object.assign(so.trouble, trouble);
    await so.press("green");
    expect(so.phase()).toBe("out-of-order");
    expect(so.sounds()).toEqual(["ready", "click", "fault"]);
    Object.assign(so.trouble, { fails: null, breaks: false });
    await so.pass(2_000);
    expect(so.phase()).toBe("idle");
    expect(faults(await so.entries())).toEqual([`${code} failed`, `${code} recovered`]);
    await so.scan(codeOf(1));
    expect(so.phase()).toBe("awaiting-face");
    expect(votesOf(await so.entries())).toEqual([]);
    await so.close();
  });

  it("that cannot be asked about a ticket takes no vote, and the next scans are judged again", async () => {
    const so = await openTotem();
    so.trouble.breaks = true;
    await so.scan(codeOf(1));
    expect(so.phase()).toBe("out-of-order");
    expect(so.sounds()).toEqual(["fault"]);
    so.trouble.breaks = false;
    await so.pass(2_000);
    await so.scan(codeOf(1));
    expect(so.phase()).toBe("awaiting-face");
    await so.close();
  });

  it("that cannot seal keeps the draft for later, and it is sealed on recovery", async () => {
    const so = await openTotem();
    await so.scan(codeOf(1));
    await so.press("yellow");
    so.trouble.fails = "disk-full";
    await so.pass(3_000);
    expect(so.phase()).toBe("out-of-order");
    so.trouble.fails = null;
    await so.pass(2_000);
    expect(votesOf(await so.entries())).toMatchObject([{ face: "yellow" }]);
    await so.close();
  });

  it("that fails at the start is said openly, and heals without a restart", async () => {
    const before = await openTotem();
    await before.scan(codeOf(1));
    await before.press("green");
    before.cutPower();
    const so = await openTotem({ dataDir: before.dataDir, trouble: { fails: "journal-failed" } });
    expect(so.phase()).toBe("out-of-order");
    so.trouble.fails = null;
    await so.pass(2_000);
    expect(so.phase()).toBe("idle");
    expect(votesOf(await so.entries())).toHaveLength(1);
    await so.close();
  });

  it("that stalls keeps clicks and lamps, and thanks come when it answers", async () => {
    const so = await openTotem();
    await so.scan(codeOf(1));
    const stall = Promise.withResolvers<void>();
    so.trouble.stalls = stall.promise;
    so.keys.press("green");
    await so.pass(5_000);
    expect(so.phase()).toBe("saving");
    so.keys.press("red");
    expect(so.sounds()).toEqual(["ready", "click", "click"]);
    so.trouble.stalls = null;
    stall.resolve();
    await so.totem.settled();
    expect(so.phase()).toBe("thanked");
    await so.pass(20_000);
    expect(votesOf(await so.entries())).toMatchObject([{ face: "red", reason: "none" }]);
    await so.close();
  });

  it("that stalls for too long is given up, asked once again and not a hundred times, and what it stored stays", async () => {
    const so = await openTotem();
    await so.scan(codeOf(1));
    const stall = Promise.withResolvers<void>();
    so.trouble.stalls = stall.promise;
    const probes = vi.spyOn(so.journal, "probe");
    so.keys.press("green");
    await so.pass(600_000);
    expect(so.phase()).toBe("out-of-order");
    expect(probes).toHaveBeenCalledOnce();
    so.trouble.stalls = null;
    stall.resolve();
    await so.totem.settled();
    expect(so.phase()).toBe("idle");
    expect(votesOf(await so.entries())).toMatchObject([{ face: "green" }]);
    await so.scan(codeOf(1));
    expect(so.totem.view().refusal).toBe("used");
    await so.close();
  });

  it("flooded with scans while it stalls drops those over the limit with a sound, and judges the others", async () => {
    const so = await openTotem();
    const stall = Promise.withResolvers<void>();
    so.trouble.stalls = stall.promise;
    for (let scan = 0; scan < 17; scan += 1) so.scanner.scan(codeOf(scan));
    expect(so.sounds()).toEqual(["fault"]);
    expect(so.lines.at(-1)).toMatchObject({ level: "warn", event: "scan-not-judged" });
    so.trouble.stalls = null;
    stall.resolve();
    await so.totem.settled();
    expect(so.sounds().filter((sound) => sound === "ready")).toHaveLength(16);
    await so.close();
  });
});

describe("a full disk", () => {
  it("stops voting openly, and a probe that can commit does not hide it", async () => {
    let room = true;
    const so = await openTotem({ hasRoom: () => room });
    room = false;
    so.totem.feed({ type: "storage-failed", cause: "disk-full", atMs: so.clock.nowMs() });
    await so.pass(300_000);
    expect(so.phase()).toBe("out-of-order");
    room = true;
    await so.pass(60_000);
    expect(so.phase()).toBe("idle");
    expect(faults(await so.entries())).toEqual(["disk-full failed", "disk-full recovered"]);
    await so.close();
  });

  it("at the start is noticed before anybody votes", async () => {
    const so = await openTotem({ hasRoom: () => false });
    expect(so.phase()).toBe("out-of-order");
    await so.close();
  });
});

describe("faults", () => {
  it("noticed while out of order are written when it works again, in their order", async () => {
    const so = await openTotem();
    so.trouble.fails = "journal-failed";
    await so.press("service");
    expect(so.phase()).toBe("out-of-order");
    so.scanner.plug(false);
    so.scanner.plug(true);
    so.trouble.fails = null;
    await so.pass(2_000);
    const entries = await so.entries();
    expect(entries.flatMap((entry) => (entry.kind === "mode" ? [entry.mode] : []))).toEqual(["test"]);
    expect(faults(entries)).toEqual([
      "journal-failed failed",
      "scanner-unplugged failed",
      "scanner-unplugged recovered",
      "journal-failed recovered",
    ]);
    await so.close();
  });

  it("of a scanner that is not there at the start, of stuck keys and of floods are entries", async () => {
    const so = await openTotem();
    so.keys.jam("staff", true);
    await so.pass(10_000);
    so.keys.jam("staff", false);
    await so.pass(100);
    for (let press = 0; press < 21; press += 1) {
      await so.press("green");
      await so.pass(600);
    }
    await so.pass(60_000);
    expect(faults(await so.entries())).toEqual([
      "key-stuck failed",
      "key-stuck recovered",
      "key-flood failed",
      "key-flood recovered",
    ]);
    await so.close();
  });

  it("of a plug that is loose all day fill no disk: a minute's share at most, and the last word is right", async () => {
    const so = await openTotem();
    for (let time = 0; time < 300; time += 1) {
      so.scanner.plug(time % 2 === 1);
      await so.pass(1_000);
    }
    await so.pass(60_000);
    const told = faults(await so.entries());
    expect(told.length).toBeLessThanOrEqual(20 * 6);
    expect(told.at(-1)).toBe("scanner-unplugged recovered");
    await so.close();
  });

  it("waiting for the next minute do not keep the totem awake", async () => {
    const so = await openTotem();
    for (let part = 0; part < 30; part += 1) so.totem.recordFault("key-stuck", "failed", `part-${part}`);
    await so.totem.settled();
    const wakes = vi.spyOn(so.clock, "wakeAt");
    await so.pass(59_000);
    expect(wakes.mock.calls.length).toBeLessThan(10);
    await so.pass(1_000);
    expect(faults(await so.entries())).toHaveLength(30);
    await so.close();
  });
});

describe("a totem", () => {
  it("counts presses of all keys in one sum, and bounces by key", async () => {
    const so = await openTotem();
    for (const key of ["green", "staff", "assist"] as const) {
      await so.press(key);
      await so.pass(600);
    }
    expect(so.totem.health().totalPresses).toBe(3);
    expect(so.totem.health().keys.green.presses).toBe(1);
    await so.close();
  });

  it("whose self-test breaks has failed it", async () => {
    const so = await openTotem({ selfTest: () => Promise.reject(new Error("no lamp")) });
    await so.press("service");
    expect(so.totem.view().selfTest).toBe("failed");
    await so.close();
  });

  it("names the key to whoever has headphones on, and takes it at the second press", async () => {
    const so = await openTotem();
    so.indicators.plugHeadphones(true);
    await so.press("assist");
    await so.scan(codeOf(1));
    await so.press("red");
    expect(so.phase()).toBe("awaiting-face");
    expect(so.indicators.heard().at(-1)).toMatchObject({ phrase: { say: "confirm" } });
    await so.pass(600);
    await so.press("red");
    expect(so.phase()).toBe("thanked");
    await so.close();
  });

  it("asks for no wake-up when nothing is going on, nor once it is closed", async () => {
    const so = await openTotem();
    const wakes = vi.spyOn(so.clock, "wakeAt");
    await so.press("green");
    await so.pass(60_000);
    expect(wakes.mock.lastCall?.[0]).toBeNull();
    await so.scan("nothing");
    await so.totem.close();
    expect(vi.getTimerCount()).toBe(0);
    so.cutPower();
  });

  it("shows each view once", async () => {
    const so = await openTotem();
    const show = vi.spyOn(so.indicators, "show");
    await so.scan(codeOf(1));
    await so.press("green");
    await so.pass(3_000);
    const shown = show.mock.calls.map(([view]) => JSON.stringify(view));
    expect(shown.length).toBeGreaterThan(3);
    expect(shown.filter((view, index) => view === shown[index - 1])).toEqual([]);
    await so.close();
  });
});

import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { markOf } from "#schemas/mark.ts";
import { signedForm } from "#schemas/ticket.ts";
import { promptSelfTest } from "./self-test/self-test.fixture.ts";
import { codeOf, DESK_TEST, SETTINGS, SITE_KEY, ticketOf } from "./tickets/tickets.fixture.ts";
import { openTotem, startTime, stopTime, type TestTotem, votesOf } from "./totem.fixture.ts";

beforeEach(stopTime);
afterEach(startTime);

const kinds = async (so: TestTotem) => (await so.entries()).map((entry) => entry.kind);

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
    await so.pass(3_000);
    expect(votesOf(await so.entries())).toMatchObject([
      { ticket: { mark: markOf(signedForm(ticketOf(2)), SITE_KEY) } },
    ]);
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
    const so = await openTotem({ selfTest: promptSelfTest(new Error("no lamp")) });
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
    // Judged and refused only while the totem is closing.
    so.scanner.scan("nothing");
    await so.totem.close();
    expect(so.phase()).toBe("refused");
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

/**
 * Promises 5 and 8 at the panel: what was scanned and which key was pressed leave no trace in anything it tells.
 */
import { readdirSync, readFileSync } from "node:fs";
import { request } from "node:http";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { FACES, KEYS, type Key, REASON_KEYS } from "#schemas/code-list.ts";
import { PANEL_STATE, type PanelState } from "#schemas/panel.ts";
import { openTestPanel, PATIENTLY, postTo, type TestPanel } from "./panel.fixture.ts";

let totem: TestPanel;
beforeEach(async () => {
  totem = await openTestPanel();
});
afterEach(() => totem.close());

/** What people hold under a scanner by mistake: health card, groceries, a link with somebody's name. */
const FOREIGN = ["RSSMRA80A01H501U", "8001090312345", "https://example.org/referto?cf=VRDLGI75B02F205X"];

describe("a scanned text that is no ticket", () => {
  it("appears in no state, event, page, log line or byte on the disk", async () => {
    const events = openEvents();
    const told: string[] = [];
    const ways = (code: string) => [
      { code },
      { code, unterminated: true },
      { code, glued: FOREIGN[0] },
      { code: `${code}\u0007${"x".repeat(300)}` },
    ];
    for (const code of FOREIGN) {
      for (const body of ways(code)) told.push((await postTo(totem.ask, "scan", body)).text);
      told.push((await postTo(totem.ask, "scanner", { plugged: false, halfRead: code })).text);
      told.push((await postTo(totem.ask, "scanner", { plugged: true })).text);
      told.push((await postTo(totem.ask, "scan", { code, color: code })).text);
      told.push((await postTo(totem.ask, "press", { key: code })).text);
    }
    for (const path of ["/", "/?lang=en", "/panel/state", "/panel/words"])
      told.push((await totem.ask(path)).text);
    told.push(await events(), totem.logged.join("\n"));
    const disk = readdirSync(totem.dataDir).map((name) => readFileSync(join(totem.dataDir, name), "latin1"));
    expect(told.join("").length).toBeGreaterThan(10_000);
    for (const text of [...told, ...disk]) {
      for (const code of [...FOREIGN, "VRDLGI75B02F205X", "RSSMRA80"]) expect(text).not.toContain(code);
    }
  });

  it("the text of a good ticket is not told either", async () => {
    const code = totem.ticket();
    await totem.act("scan", { code });
    await totem.act("press", { key: "green" });
    const { text } = await totem.ask("/panel/state");
    expect(text).not.toContain(code.slice(2));
    expect(text).not.toContain(code.slice(-20));
  });
});

describe("which key was pressed", () => {
  const afterVote = async (presses: readonly Key[], before: readonly Key[] = []) => {
    const here = await openTestPanel();
    try {
      for (const key of before) await here.act("press", { key });
      if (before.includes("assist")) await here.act("headphones", { plugged: true });
      await here.act("scan", { code: here.ticket() });
      const states: PanelState[] = [];
      for (const key of presses) states.push(await here.act("press", { key }));
      return states.map(withoutPulse);
    } finally {
      await here.close();
    }
  };

  it("the state after green is the state after yellow, word for word", async () => {
    expect(await afterVote(["green"])).toEqual(await afterVote(["yellow"]));
  });

  it("red differs from them in the lit reason keys alone, which a bystander can see", async () => {
    const [[red], [green]] = [await afterVote(["red"]), await afterVote(["green"])];
    const lit = Object.fromEntries(REASON_KEYS.map((key) => [key, "on"]));
    expect(red).toEqual({ ...green, lamps: { ...green?.lamps, ...lit } });
  });

  it("the state after each reason is the same", async () => {
    const [first, ...others] = await Promise.all(REASON_KEYS.map((reason) => afterVote(["red", reason])));
    for (const other of others) expect(other).toEqual(first);
  });

  it("in headphones a key is named: the state says that one was, never which", async () => {
    const named = await Promise.all(FACES.map((face) => afterVote([face], ["assist"])));
    expect(named[0]?.at(-1)?.heard.map((heard) => ("phrase" in heard ? heard.phrase : ""))).toContain("key");
    expect(named[1]).toEqual(named[0]);
    expect(named[2]).toEqual(named[0]);
  });
});

it("Whatever is done, the state holds its declared fields and nothing else, and its sums hold", async () => {
  const code = fc.oneof(fc.constant("ticket"), fc.string({ maxLength: 300 }), fc.constantFrom(...FOREIGN));
  const action = fc.oneof(
    fc.record({ action: fc.constant("press"), body: fc.record({ key: fc.constantFrom(...KEYS) }) }),
    fc.record({
      action: fc.constant("scan"),
      body: fc.record({ code, glued: code }, { requiredKeys: ["code"] }),
    }),
    fc.record({
      action: fc.constant("jam"),
      body: fc.record({ key: fc.constantFrom(...KEYS), jammed: fc.boolean() }),
    }),
    fc.record({ action: fc.constant("scanner"), body: fc.record({ plugged: fc.boolean() }) }),
    fc.record({ action: fc.constant("headphones"), body: fc.record({ plugged: fc.boolean() }) }),
    fc.record({ action: fc.constant("network"), body: fc.record({ plugged: fc.boolean() }) }),
    fc.record({
      action: fc.constant("clock"),
      body: fc.record({ offsetMs: fc.integer({ min: -1e9, max: 1e9 }), synchronized: fc.boolean() }),
    }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(action, { minLength: 1, maxLength: 12 }), async (actions) => {
      for (const { action, body } of actions) {
        const asked = "code" in body && body.code === "ticket" ? { ...body, code: totem.ticket() } : body;
        const state = await totem.act(action, asked);
        expect(PANEL_STATE.parse(state)).toMatchObject({ ok: true });
        expect(state.captured).toBe(state.acknowledged + state.pending);
      }
    }),
    { numRuns: 40 },
  );
});

/** A press changes all face lamps together for a moment; whether an answer falls into it is chance. */
function withoutPulse(state: PanelState): PanelState {
  const { green, yellow, red } = state.lamps;
  expect([yellow, red]).toEqual([green, green]);
  return { ...state, lamps: { ...state.lamps, green: "off", yellow: "off", red: "off" } };
}

/** Everything the event stream says until it is asked for. */
function openEvents(): () => Promise<string> {
  let text = "";
  const asking = request({ host: "127.0.0.1", port: totem.port, path: "/panel/events" }, (response) => {
    response.setEncoding("utf8");
    response.on("data", (piece: string) => {
      text += piece;
    });
  });
  asking.on("error", () => undefined);
  asking.end();
  return async () => {
    await expect.poll(() => text, PATIENTLY).toContain("data: ");
    asking.destroy();
    return text;
  };
}

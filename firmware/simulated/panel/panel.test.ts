/** What the panel's requests do to a whole virtual totem, and what they answer. */
import { connect } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { KEYS } from "#schemas/code-list.ts";
import { TICKET_CODE_MAX } from "#schemas/limits.ts";
import { PANEL_SCAN_MAX } from "#schemas/panel.ts";
import { openTestPanel, PATIENTLY, postTo, type TestPanel } from "./panel.fixture.ts";
import { CONNECTIONS_MAX } from "./panel.ts";

let totem: TestPanel;
beforeEach(async () => {
  totem = await openTestPanel();
});
afterEach(() => totem.close());

describe("a totem used by citizens", () => {
  it("a scan answers with the judged ticket", async () => {
    const { state, refusal } = await totem.act("scan", { code: totem.ticket() });
    expect({ state, refusal }).toEqual({ state: "awaiting-face", refusal: null });
  });

  it("a press answers with the thanks, after the commit", async () => {
    await totem.act("scan", { code: totem.ticket() });
    const { state, lamps, pictograms } = await totem.act("press", { key: "red" });
    expect(state).toBe("thanked");
    expect(pictograms.thankYou).toBe("on");
    expect([lamps.wait, lamps.staff, lamps.return, lamps.outcome]).toEqual(["on", "on", "on", "on"]);
    expect((await totem.act("press", { key: "wait" })).state).toBe("thanked");
  });

  it("a second citizen's scan seals the vote before it, in the same answer", async () => {
    await totem.act("scan", { code: totem.ticket() });
    expect((await totem.act("press", { key: "green" })).captured).toBe(0);
    const { state, captured, acknowledged, pending } = await totem.act("scan", { code: totem.ticket() });
    // The first entry of a start opens its epoch, the second one is the vote.
    expect({ state, captured, acknowledged, pending }).toEqual({
      state: "awaiting-face",
      captured: 2,
      acknowledged: 0,
      pending: 2,
    });
  });

  it("a used receipt is refused with one of the citizen's three answers, its own one is thanked again", async () => {
    const first = totem.ticket();
    await totem.act("scan", { code: first });
    await totem.act("press", { key: "yellow" });
    expect((await totem.act("scan", { code: first })).state).toBe("thanked");
    for (const key of ["green", "red"]) {
      await totem.act("scan", { code: totem.ticket() });
      await totem.act("press", { key });
    }
    const { state, refusal, answer } = await totem.act("scan", { code: first });
    expect([state, refusal, answer]).toEqual(["refused", "used", "already-counted"]);
  });

  it("the same key within its lock-out is one press, for a script as for a finger", async () => {
    await totem.act("scan", { code: totem.ticket() });
    await totem.act("press", { key: "green" });
    await totem.act("scan", { code: totem.ticket() });
    expect((await totem.act("press", { key: "green" })).state).toBe("awaiting-face");
    expect((await totem.act("press", { key: "yellow" })).state).toBe("thanked");
  });

  it("a code without terminator is judged after the scanner's pause, before the answer", async () => {
    const { state } = await totem.act("scan", { code: totem.ticket(), unterminated: true });
    expect(state).toBe("awaiting-face");
  });

  it("two codes glued together are one bad read", async () => {
    const glued = await totem.act("scan", { code: totem.ticket(), glued: totem.ticket() });
    expect([glued.state, glued.refusal, glued.answer]).toEqual(["refused", "malformed", "try-again"]);
  });

  it("the longest text the slot takes is an overlong code, and one more is no request", async () => {
    // Half a pair of characters: what JSON must escape, and a scanner cannot leave out.
    const longest = "\ud800".repeat(PANEL_SCAN_MAX);
    expect(longest.length).toBeGreaterThan(TICKET_CODE_MAX);
    expect((await totem.act("scan", { code: longest, glued: longest })).refusal).toBe("malformed");
    expect((await postTo(totem.ask, "scan", { code: "x".repeat(PANEL_SCAN_MAX + 1) })).status).toBe(400);
  });

  it("a press without a receipt asks for one", async () => {
    const { state, pictograms } = await totem.act("press", { key: "green" });
    expect([state, pictograms.showReceipt]).toEqual(["idle", "blink"]);
  });

  it("assistance is heard, and ends up in the state as phrases", async () => {
    const { lamps, heard } = await totem.act("press", { key: "assist" });
    expect(lamps.assist).toBe("on");
    expect(heard.at(-2)).toMatchObject({ phrase: "layout" });
  });
});

describe("a totem to which things happen", () => {
  it("a scanner pulled in the middle of a code reads nothing of it, then or later", async () => {
    const unplugged = await totem.act("scanner", { plugged: false, halfRead: totem.ticket() });
    expect([unplugged.scannerPlugged, unplugged.state]).toEqual([false, "idle"]);
    // The fault is in the journal, after the entry that opens the epoch; there is no refusal.
    expect(unplugged.captured).toBe(2);
    expect((await totem.act("scan", { code: totem.ticket() })).state).toBe("idle");
    const back = await totem.act("scanner", { plugged: true });
    expect(back.scannerPlugged).toBe(true);
    expect((await totem.act("scan", { code: totem.ticket() })).state).toBe("awaiting-face");
  });

  it("a jammed key answers once, like any press, and then no more until it is freed", async () => {
    const jammed = await totem.act("jam", { key: "assist", jammed: true });
    expect(jammed.jammed).toEqual(["assist"]);
    const heard = jammed.heard.at(-1)?.number;
    expect((await totem.act("press", { key: "assist" })).heard.at(-1)?.number).toBe(heard);
    expect((await totem.act("jam", { key: "assist", jammed: false })).jammed).toEqual([]);
  });

  it("the network can be cut and plugged in again", async () => {
    expect((await totem.act("network", { plugged: false })).networkPlugged).toBe(false);
    expect((await totem.act("network", { plugged: true })).networkPlugged).toBe(true);
  });

  it("a clock set wrong and not synchronized is no longer trusted", async () => {
    const { clock } = await totem.act("clock", { offsetMs: -86_400_000, synchronized: false });
    expect(clock).toEqual({ offsetMs: -86_400_000, synchronized: false, trusted: false });
    expect((await totem.act("clock", { offsetMs: 0, synchronized: true })).clock.trusted).toBe(true);
  });

  it("headphones are known to be in", async () => {
    expect((await totem.act("headphones", { plugged: true })).headphones).toBe(true);
    expect((await totem.act("headphones", { plugged: false })).headphones).toBe(false);
  });

  it("the service key turns test mode on and off", async () => {
    expect((await totem.act("press", { key: "service" })).testMode).toBe(true);
  });
});

describe("a request that is not as it should be", () => {
  it("is told where and what was expected", async () => {
    const wrong = await postTo(totem.ask, "press", { key: "blue" });
    expect(wrong.status).toBe(400);
    expect(JSON.parse(wrong.text)).toEqual({
      message: `/key: must be one of ${KEYS.join(", ")}`,
      where: "/key",
      expected: `must be one of ${KEYS.join(", ")}`,
    });
  });

  const bad: readonly (readonly [string, unknown])[] = [
    ["press", {}],
    ["press", { key: "green", times: 2 }],
    ["press", null],
    ["press", ["green"]],
    ["scan", { code: 1 }],
    ["scan", { code: "x", unterminated: "yes" }],
    ["scanner", { plugged: true, halfRead: 5 }],
    ["jam", { key: "green" }],
    ["clock", { offsetMs: 0.5, synchronized: true }],
    ["clock", { offsetMs: 1e15, synchronized: true }],
    ["network", { plugged: 1 }],
    ["headphones", {}],
    ["ticket", { service: "Anagrafe!" }],
    ["power", { cut: "now" }],
  ];
  for (const [action, body] of bad) {
    it(`${action} ${JSON.stringify(body)} is refused and repeated nowhere`, async () => {
      const before = await totem.state();
      const { status, text } = await postTo(totem.ask, action, body);
      expect(status).toBe(400);
      expect(Object.keys(JSON.parse(text) as object).sort()).toEqual(["expected", "message", "where"]);
      expect(await totem.state()).toEqual(before);
    });
  }

  it("is refused when it is no JSON, without its text", async () => {
    for (const body of ["RSSMRA80A01H501U", '{"key":', "", '{"__proto__":{"key":"green"}}']) {
      const headers = { "content-type": "application/json" };
      const { status, text } = await totem.ask("/panel/press", { method: "POST", headers, body });
      expect(status).toBe(400);
      expect(JSON.parse(text)).toMatchObject({ where: "/", expected: "a JSON object" });
      expect(text).not.toContain("RSSMRA80A01H501U");
    }
  });

  it("is refused when it is larger than the largest scan", async () => {
    const { status } = await postTo(totem.ask, "scan", { code: "x".repeat(70_000) });
    expect(status).toBe(413);
  });

  it("is not found under any other address or verb, and the address is not repeated", async () => {
    const wrong = await totem.ask("/RSSMRA80A01H501U");
    expect([wrong.status, wrong.text]).toEqual([404, '{"message":"not found"}']);
    for (const method of ["PUT", "DELETE", "PATCH"]) {
      expect((await totem.ask("/panel/state", { method })).status).toBe(404);
    }
    expect((await totem.ask("/panel/press")).status).toBe(404);
  });
});

describe("more connections than anybody needs", () => {
  it("are dropped, and the panel answers again when the others have gone", async () => {
    const sockets = Array.from({ length: CONNECTIONS_MAX + 20 }, () => connect(totem.port, "127.0.0.1"));
    let closed = 0;
    for (const socket of sockets) {
      socket.on("error", () => undefined);
      socket.on("close", () => {
        closed += 1;
      });
    }
    await expect.poll(() => closed, PATIENTLY).toBe(20);
    for (const socket of sockets) socket.destroy();
    await expect.poll(() => closed, PATIENTLY).toBe(sockets.length);
    await expect.poll(async () => (await totem.state()).state, PATIENTLY).toBe("idle");
  });
});

describe("starting a panel", () => {
  it("a taken port says which one and what to set", async () => {
    const second = openTestPanel({ panel: { host: "127.0.0.1", port: totem.port } });
    await expect(second).rejects.toThrow(
      `port ${totem.port} is taken: set FACCINE_PANEL_PORT (panel.port) to a free one`,
    );
  });

  it("beside real devices is refused", async () => {
    const real = openTestPanel({ devices: "gpio" as "simulated" });
    await expect(real).rejects.toThrow("devices = gpio: a panel never stands beside real devices");
  });

  it("before the gateway's first settings shows a totem that says so and takes no ticket", async () => {
    const early = await openTestPanel({}, null);
    try {
      expect((await early.state()).services).toEqual([]);
      expect((await early.act("scan", { code: early.ticket() })).refusal).toBe("closed");
    } finally {
      await early.close();
    }
  });
});

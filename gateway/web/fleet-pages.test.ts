import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Health } from "#schemas/messages.ts";
import type { Alarm } from "../store/alarm-store.ts";
import { type AlarmsContent, renderAlarms, renderRunbook } from "./alarms-page.ts";
import { type FleetContent, renderFleet } from "./fleet-page.ts";
import { html, NOTHING } from "./html.ts";

const HEALTH = JSON.parse(
  readFileSync(join(import.meta.dirname, "../../schemas/fixtures/health/good-in-trouble.json"), "utf8"),
) as Health;
const NOON_MS = Date.UTC(2026, 10, 27, 11);
const VISIT = { administration: "Comune di Vallechiara", scopes: ["fleet"], path: "/fleet" };
const totem = (totemId: string, over: object = {}) => ({
  ...{ totemId, siteId: "municipio", online: true, seenMs: NOON_MS, health: null, healthMs: null },
  ...over,
});
const alarm = (over: Partial<Alarm> = {}): Alarm => ({
  ...{ code: "key-worn", subject: "totem-1", detail: "worn: wait", firstMs: NOON_MS, lastMs: NOON_MS },
  ...{ times: 3, acknowledged: null },
  ...over,
});
const fleet = (over: Partial<FleetContent> = {}): FleetContent => ({
  ...{ sample: true, visit: VISIT, zone: "Europe/Rome", onlyTrouble: false, alarms: [] },
  sites: new Map([["municipio", "Municipio <centro>"]]),
  totems: [totem("totem-1"), totem("totem-2")],
  ...over,
});
const TOKEN = html`<input type="hidden" name="form" value="abc">`;
const alarms = (over: Partial<AlarmsContent> = {}): AlarmsContent => ({
  ...{ sample: true, visit: VISIT, zone: "Europe/Rome", alarms: [], cleared: [], deliveries: [] },
  ...over,
});

describe("the page of the fleet", () => {
  it("tells of each totem what its health says, and of no vote", () => {
    const page = renderFleet(fleet({ totems: [totem("totem-1", { health: HEALTH })] }), "en");
    expect(page).toContain("<h2>totem-1</h2>");
    expect(page).toContain("Municipio &#60;centro&#62;");
    for (const name of ["To be sent", "Clock", "Scanner", "Keys", "Disk", "Temperature", "Power"]) {
      expect(page).toContain(`<dt>${name}</dt><dd>`);
    }
    expect(page).not.toContain(String(HEALTH.totalPresses));
  });

  it("leads from a totem's alarm to what to do, and says how many need to be looked at", () => {
    const page = renderFleet(fleet({ alarms: [alarm()] }), "en");
    expect(page).toContain('<a href="/alarms/key-worn?lang=en">key-worn</a>');
    expect(page).toContain("2 totems, 2 online, 1 to look at.");
  });

  it("shows only those to look at when asked: with an alarm, or offline", () => {
    const totems = [totem("totem-1"), totem("totem-2"), totem("totem-3", { online: false })];
    const page = renderFleet(fleet({ totems, alarms: [alarm()], onlyTrouble: true }), "it");
    expect(page).toContain("<h2>totem-1</h2>");
    expect(page).toContain("<h2>totem-3</h2>");
    expect(page).not.toContain("<h2>totem-2</h2>");
    expect(renderFleet(fleet({ onlyTrouble: true }), "it")).toContain(
      "Nessun totem ha bisogno di attenzione.",
    );
  });
});

describe("the page of alarms", () => {
  it("keeps apart what stands, what somebody looks after, and what ended", () => {
    const acknowledged = { by: "rossi", note: "a <new> switch is ordered", atMs: NOON_MS };
    const page = renderAlarms(
      alarms({
        alarms: [alarm(), alarm({ code: "too-hot", acknowledged })],
        cleared: [{ ...alarm({ code: "forked" }), clearedMs: NOON_MS }],
      }),
      "en",
      TOKEN,
    );
    const [, open = "", seen = "", cleared = ""] = page.split("<h2>");
    expect(open).toContain("key-worn");
    expect(open).not.toContain("too-hot");
    expect(seen).toContain("a &#60;new&#62; switch is ordered");
    expect(cleared).toContain("forked");
  });

  it("offers the form for an alarm that nobody looks after, to who has a session", () => {
    const seen = alarm({ code: "too-hot", acknowledged: { by: "rossi", note: "", atMs: 1 } });
    const page = renderAlarms(alarms({ alarms: [alarm(), seen] }), "en", TOKEN);
    expect(page.match(/name="code" value="[^"]*"/g)).toEqual(['name="code" value="key-worn"']);
    expect(page).toContain(TOKEN.text);
    expect(renderAlarms(alarms({ alarms: [alarm()] }), "en", NOTHING)).not.toContain("<form");
  });

  it("says of each message whether it went, waits or was given up", () => {
    const message = {
      no: 1,
      key: "k",
      channel: "mail",
      subject: "Faccine: forked",
      body: "",
      createdMs: 1,
    } as const;
    const deliveries = [
      { ...message, nextMs: null, tries: 0, doneMs: NOON_MS, error: null },
      { ...message, nextMs: 9, tries: 2, doneMs: null, error: "refused" },
      { ...message, nextMs: null, tries: 20, doneMs: null, error: "refused" },
    ];
    const page = renderAlarms(alarms({ deliveries }), "en", TOKEN);
    expect(page).toContain("mail, delivered 27/11/2026, 12:00");
    expect(page).toContain("mail, not yet delivered after 2 tries: refused");
    expect(page).toContain("mail, not delivered after 20 tries: refused");
  });
});

it("the page of an alarm writes commands as commands, and every word as text", () => {
  const runbook = {
    meaning: [{ isCode: false, text: "a < b" }],
    steps: [[{ isCode: true, text: "faccine backup make" }]],
  };
  const page = renderRunbook({ sample: true, visit: VISIT, code: "backup-failed", runbook }, "it");
  expect(page).toContain("a &#60; b");
  expect(page).toContain("<code>faccine backup make</code>");
});

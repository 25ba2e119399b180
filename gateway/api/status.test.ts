import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { STATUS_ANSWER } from "#schemas/api.ts";
import { SUM_COLUMNS, type Sums } from "#schemas/sums.ts";
import type { TotemStatus } from "../store/store.ts";
import { statusOf, totalOf } from "./status.ts";

const NO_SUMS = Object.fromEntries(SUM_COLUMNS.map((column) => [column, 0])) as Sums;

function totem(sums: Partial<Sums>, totemId = "totem-1"): TotemStatus {
  return {
    totemId,
    siteId: "municipio",
    online: true,
    startCount: 1,
    seenMs: 1,
    health: null,
    healthMs: null,
    captured: 10,
    sums: { ...NO_SUMS, ...sums },
  };
}

const SEVEN_RED = { received: 7, accepted: 7, red: 7, reason_wait: 3, reason_none: 4 };

describe("the status", () => {
  it("says that everything adds up when promise 6 holds", () => {
    const status = statusOf([totem(SEVEN_RED)], [], 1);
    expect(status).toMatchObject({ addsUp: true, problems: [], total: SEVEN_RED });
    expect(STATUS_ANSWER.parse(status).ok).toBe(true);
  });

  it("names the totem and both sides of a sum that does not hold", () => {
    const status = statusOf([totem({ ...SEVEN_RED, red: 6 })], [], 1);
    expect(status.addsUp).toBe(false);
    expect(status.problems.join("\n")).toContain(
      "totem-1: accepted + late is 7, but green + yellow + red is 6",
    );
  });

  it("checks the exact figures and shows faces and reasons in steps only", () => {
    const status = statusOf([totem(SEVEN_RED)], [], 5);
    expect(status.addsUp).toBe(true);
    expect(status.totems[0]?.sums).toMatchObject({ received: 7, red: 5, reason_wait: 0, reason_none: 0 });
    expect(status.total.red).toBe(5);
  });

  it("never lets a single vote move a figure per face, whatever the sums", () => {
    fc.assert(
      fc.property(fc.nat(1_000), fc.integer({ min: 2, max: 50 }), (red, step) => {
        const shown = (count: number) => statusOf([totem({ red: count })], [], step).total.red;
        expect(shown(red) % step).toBe(0);
        expect(shown(red + 1) - shown(red) === 0 || (red + 1) % step === 0).toBe(true);
      }),
    );
  });

  it("takes a recount's mismatch for a sum that does not hold, and other alarms for alarms", () => {
    const alarm = {
      subject: "",
      detail: "counters and votes differ on 2026-11-24",
      firstMs: 1,
      lastMs: 1,
      times: 1,
      acknowledged: null,
    };
    expect(statusOf([], [{ ...alarm, code: "recount-mismatch" }], 1).addsUp).toBe(false);
    const forked = statusOf([], [{ ...alarm, code: "forked" }], 1);
    expect(forked).toMatchObject({ addsUp: true, alarms: [{ code: "forked" }] });
  });

  it("adds up totems column by column", () => {
    const total = totalOf([totem({ green: 1, lost: 2 }).sums, totem({ green: 4 }).sums]);
    expect(total).toMatchObject({ green: 5, lost: 2, red: 0 });
  });
});

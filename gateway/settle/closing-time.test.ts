import { describe, expect, it } from "vitest";
import { dayToClose } from "./closing-time.ts";

const at = (iso: string, zones = ["Europe/Rome"]) => dayToClose(Date.parse(iso), zones);

describe("the day to close", () => {
  it("is the day before yesterday from three in the morning on, local time", () => {
    expect(at("2026-11-26T02:59:59+01:00")).toBe("2026-11-23");
    expect(at("2026-11-26T03:00:00+01:00")).toBe("2026-11-24");
    expect(at("2026-11-26T23:59:59+01:00")).toBe("2026-11-24");
    expect(at("2026-11-27T00:00:00+01:00")).toBe("2026-11-24");
  });

  it("is the same through nights in which clocks change", () => {
    // At three o'clock summer time ends or begins: the day closes once, when clocks say three.
    expect(at("2026-10-25T02:30:00+02:00")).toBe("2026-10-22");
    expect(at("2026-10-25T02:30:00+01:00")).toBe("2026-10-22");
    expect(at("2026-10-25T03:00:00+01:00")).toBe("2026-10-23");
    expect(at("2026-03-29T01:59:59+01:00")).toBe("2026-03-26");
    expect(at("2026-03-29T03:00:00+02:00")).toBe("2026-03-27");
  });

  it("waits for the last zone of an administration that has several", () => {
    expect(at("2026-11-26T02:30:00Z", ["Europe/Rome", "Europe/London"])).toBe("2026-11-23");
    expect(at("2026-11-26T03:00:00Z", ["Europe/Rome", "Europe/London"])).toBe("2026-11-24");
  });
});

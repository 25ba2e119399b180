import { describe, expect, it } from "vitest";
import { isAfterHours, isCampaignOn, isWithoutTicket } from "./site-times.ts";
import { SETTINGS, timeAt } from "./tickets/tickets.fixture.ts";

const at = (iso: string, clock: "trusted" | "untrusted" = "trusted") => timeAt(Date.parse(iso), clock);

describe("opening hours", () => {
  // Tuesdays from nine to one.
  const site = { ...SETTINGS, hours: [{ weekday: 2, fromMinute: 540, toMinute: 780 }] };

  it.each([
    ["2026-03-10T08:59:59.999+01:00", true],
    ["2026-03-10T09:00:00.000+01:00", false],
    ["2026-03-10T12:59:59.999+01:00", false],
    ["2026-03-10T13:00:00.000+01:00", true],
    ["2026-03-11T10:00:00.000+01:00", true],
  ] as const)("at %s flag a vote: %s", (moment, flagged) => {
    expect(isAfterHours(site, at(moment))).toBe(flagged);
  });

  it("flag nothing where there are none, no settings, or no time to believe", () => {
    const night = "2026-03-10T03:00:00.000+01:00";
    expect(isAfterHours(SETTINGS, at(night))).toBe(false);
    expect(isAfterHours(null, at(night))).toBe(false);
    expect(isAfterHours(site, at(night, "untrusted"))).toBe(false);
  });
});

describe("a campaign without tickets", () => {
  const campaign = { firstDay: "2026-03-10", lastDay: "2026-03-10", withoutTicket: true };
  const site = { ...SETTINGS, campaign };

  it("takes a face alone while it is on, and not a moment before or after", () => {
    expect(isWithoutTicket(site, at("2026-03-09T23:59:59.999+01:00"))).toBe(false);
    expect(isWithoutTicket(site, at("2026-03-10T00:00:00.000+01:00"))).toBe(true);
    expect(isWithoutTicket(site, at("2026-03-10T23:59:59.999+01:00"))).toBe(true);
    expect(isWithoutTicket(site, at("2026-03-11T00:00:00.000+01:00"))).toBe(false);
  });

  it("is not presumed: neither without settings nor where the campaign asks for tickets", () => {
    expect(isWithoutTicket(null, at("2026-03-10T12:00:00Z"))).toBe(false);
    expect(isWithoutTicket(SETTINGS, at("2026-03-10T12:00:00Z"))).toBe(false);
  });

  it("with one end only is open at the other", () => {
    const from = { ...SETTINGS, campaign: { ...campaign, lastDay: null } };
    const until = { ...SETTINGS, campaign: { ...campaign, firstDay: null } };
    expect([from, until].map((s) => isCampaignOn(s, at("2030-01-01T00:00:00Z")))).toEqual([true, false]);
    expect([from, until].map((s) => isCampaignOn(s, at("2020-01-01T00:00:00Z")))).toEqual([false, true]);
  });
});

import { randomBytes } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { FRESH_AHEAD_DAYS } from "#schemas/day-keys.ts";
import type { SiteSetting } from "#schemas/gateway-settings.ts";
import { addDays } from "#schemas/local-day.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "#schemas/time.ts";
import { dayKeyFile, openDayKeys } from "./day-key-store.ts";

const NOON_MS = Date.parse("2026-11-26T11:00:00Z");
const DAY = "2026-11-26";
const office = (officeId: string, profiles: ("signed" | "short")[]) => ({
  ...{ officeId, number: 1, name: officeId, uoCode: "", staff: 5, services: [] },
  tickets: { profiles },
});
const SITE = {
  ...{ siteId: "municipio", name: "", zone: "Europe/Rome", languages: [], hours: [] },
  offices: [office("anagrafe", ["signed", "short"]), office("tributi", ["signed"])],
} as unknown as SiteSetting;

let dataDir = "";
let wallMs = NOON_MS;
let monotonicMs = 0;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), "faccine-day-keys-"));
  wallMs = NOON_MS;
  monotonicMs = 0;
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

const open = (sites: readonly SiteSetting[] = [SITE]) =>
  openDayKeys({
    ...{ dataDir, sites, randomBytes, nowMs: () => wallMs, monotonicMs: () => monotonicMs },
    ticketRules: { validMinutes: 60, skewMinutes: 5 },
  });
function pass(store: ReturnType<typeof open>, ms: number): number {
  let destroyed = 0;
  for (let left = ms; left > 0; left -= MINUTE_MS) {
    wallMs += MINUTE_MS;
    monotonicMs += MINUTE_MS;
    destroyed += store.destroyOld();
  }
  return destroyed;
}

describe("the gateway's day keys", () => {
  it("are made for each site and each office that prints short tickets, in a file of its owner's, and stay", () => {
    const { day, keys } = open().ofSite(SITE);
    expect(day).toBe(DAY);
    expect(keys.offices.map(({ officeId }) => officeId)).toEqual(["anagrafe"]);
    expect(open().ofSite(SITE)).toEqual({ day, keys });
    expect((statSync(dayKeyFile(dataDir)).mode & 0o777).toString(8)).toBe("600");
    expect(open().ofOffice("anagrafe", DAY)?.toString("hex")).toBe(keys.offices[0]?.key);
    expect(open().ofOffice("tributi", DAY)).toBeNull();
  });

  it("go on from day to day, and are destroyed when the day's last ticket is over", () => {
    const store = open();
    const today = store.ofSite(SITE).keys.site;
    pass(store, 13 * HOUR_MS);
    const tomorrow = store.ofSite(SITE);
    expect(tomorrow.day).toBe(addDays(DAY, 1));
    expect(readFileSync(dayKeyFile(dataDir), "utf8")).toContain(today);
    expect(pass(store, HOUR_MS)).toBe(2);
    expect(readFileSync(dayKeyFile(dataDir), "utf8")).not.toContain(today);
    expect(store.ofSite(SITE)).toEqual(tomorrow);
    expect(store.ofOffice("anagrafe", DAY)).toBeNull();
  });

  it("begin anew every other week from nothing that is held before, told a fortnight ahead and the same until then", () => {
    const store = open();
    const { day, keys } = store.freshOfSite(SITE);
    expect(day).toBe(addDays(DAY, FRESH_AHEAD_DAYS));
    expect(store.freshOfSite(SITE)).toEqual({ day, keys });
    expect(open().freshOfSite(SITE)).toEqual({ day, keys });
    expect(keys.offices).toEqual([]);
    const office = store.ofSite(SITE).keys.offices[0]?.key;
    pass(store, FRESH_AHEAD_DAYS * DAY_MS + 3 * HOUR_MS);
    expect(store.ofSite(SITE)).toMatchObject({ day, keys: { site: keys.site } });
    expect(store.ofSiteOn("municipio", day)?.toString("hex")).toBe(keys.site);
    // Short tickets go on being proved at totems that heard of nothing.
    expect(store.ofSite(SITE).keys.offices[0]?.key).not.toBe(office);
    expect(store.freshOfSite(SITE).day).toBe(addDays(day, FRESH_AHEAD_DAYS));
  });

  it("survive a clock that is a year ahead for almost an hour", () => {
    const store = open();
    pass(store, 2 * HOUR_MS);
    const before = store.ofSite(SITE);
    wallMs += 365 * DAY_MS;
    pass(store, 59 * MINUTE_MS);
    wallMs -= 365 * DAY_MS;
    expect(store.ofSite(SITE)).toEqual(before);
  });

  it("of what the settings name no more are gone", () => {
    const { keys } = open().ofSite(SITE);
    open([{ ...SITE, siteId: "biblioteca", offices: [] } as SiteSetting]);
    expect(readFileSync(dayKeyFile(dataDir), "utf8")).not.toContain(keys.site);
  });

  it("are not made anew over a file that holds something else: it says what to do", () => {
    open();
    const file = dayKeyFile(dataDir);
    writeFileSync(file, "not keys");
    expect(() => open()).toThrow(`${file} does not hold day keys`);
    expect(readFileSync(file, "utf8")).toBe("not keys");
    rmSync(dirname(file), { recursive: true });
    open();
    expect(existsSync(file)).toBe(true);
  });
});

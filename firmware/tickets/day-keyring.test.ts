import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { FRESH_AHEAD_DAYS } from "#schemas/day-keys.ts";
import { addDays } from "#schemas/local-day.ts";
import type { SealedKeys } from "#schemas/sealed-keys.ts";
import type { DayKeyring } from "../ports.ts";
import { openDayKeyring } from "./day-keyring.ts";

const DAY = "2026-11-26";
const KEYS: SealedKeys = { site: "07".repeat(32), offices: [{ officeId: "anagrafe", key: "08".repeat(32) }] };
const OTHERS: SealedKeys = { site: "0a".repeat(32), offices: [] };

let folder = "";
let file = "";
let unreadable: string[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "faccine-keyring-"));
  file = join(folder, "day-keys.json");
  unreadable = [];
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const open = () =>
  openDayKeyring({ file, siteId: "municipio", onUnreadable: (where) => unreadable.push(where) });
const siteKey = (keyring: DayKeyring, day: string) => {
  const keys = keyring.siteKeys(day);
  return typeof keys === "string" ? keys : keys.map((key) => key.toString("hex"));
};

describe("the totem's keyring", () => {
  it("is empty until the gateway has sent keys, and has them again after a restart, in its owner's file", () => {
    expect(siteKey(open(), DAY)).toBe("none");
    expect(open().oldestSiteDay()).toBeNull();
    // A totem that has never known the time takes the first keys it is sent.
    expect(open().take(KEYS, DAY, null)).toBe(true);
    const again = open();
    expect(siteKey(again, DAY)).toEqual([KEYS.site]);
    expect(again.officeKeys("anagrafe", DAY).map((key) => key.toString("hex"))).toEqual(["08".repeat(32)]);
    expect(again.officeKeys("tributi", DAY)).toEqual([]);
    expect((statSync(file).mode & 0o777).toString(8)).toBe("600");
  });

  it("goes on from day to day without the gateway, and arrives at the same keys", () => {
    const [here, there] = [
      open(),
      openDayKeyring({ file: join(folder, "other"), siteId: "municipio", onUnreadable: () => undefined }),
    ];
    here.take(KEYS, DAY, DAY);
    there.take(KEYS, DAY, DAY);
    const later = addDays(DAY, 9);
    here.destroyBefore(later);
    expect(siteKey(here, later)).toEqual(siteKey(there, later));
    expect(siteKey(here, addDays(later, -1))).toBe("destroyed");
    expect(here.oldestSiteDay()).toBe(later);
    expect(siteKey(here, addDays(later, 401))).toBe("ahead");
  });

  it("has nothing left of a destroyed key, in its memory or on the disk", () => {
    const keyring = open();
    keyring.take(KEYS, DAY, DAY);
    keyring.destroyBefore(addDays(DAY, 1));
    expect(readFileSync(file, "utf8")).not.toContain(KEYS.site);
    expect(siteKey(open(), DAY)).toBe("destroyed");
    expect(open().officeKeys("anagrafe", DAY)).toEqual([]);
  });

  it("takes other keys of about today beside its own, and of no day before or far ahead, nor without the time", () => {
    const keyring = open();
    keyring.take(KEYS, DAY, DAY);
    for (const [day, today] of [
      [addDays(DAY, -2), DAY],
      [addDays(DAY, FRESH_AHEAD_DAYS + 2), DAY],
      [DAY, null],
    ] as const) {
      expect(keyring.take(OTHERS, day, today)).toBe(false);
      expect(siteKey(keyring, DAY)).toEqual([KEYS.site]);
    }
    expect(keyring.take(OTHERS, DAY, addDays(DAY, 1))).toBe(true);
    // What was used under the key of before is still known as used.
    expect(siteKey(keyring, DAY)).toEqual([OTHERS.site, KEYS.site]);
    keyring.destroyBefore(addDays(DAY, 1));
    expect(siteKey(keyring, addDays(DAY, 1))).toHaveLength(1);
  });

  it("told for a day to come are in force from then on, and nobody makes them from what was held before", () => {
    const keyring = open();
    keyring.take(KEYS, DAY, DAY);
    const copied = readFileSync(file, "utf8");
    const day = addDays(DAY, FRESH_AHEAD_DAYS);
    expect(keyring.take({ ...OTHERS, offices: [] }, day, DAY)).toBe(true);
    expect(siteKey(keyring, DAY)).toEqual([KEYS.site]);
    for (let today = addDays(DAY, 1); today <= day; today = addDays(today, 1)) {
      keyring.destroyBefore(today);
      // The gateway sends today's again and again.
      const held = keyring.siteKeys(today);
      const site = (held[0] as Buffer).toString("hex");
      keyring.take({ site, offices: [] }, today, today);
      expect(siteKey(keyring, day)).toHaveLength(2);
    }
    expect(siteKey(keyring, day)).toContain(OTHERS.site);
    keyring.destroyBefore(addDays(day, 1));
    const later = addDays(day, 1);
    expect(siteKey(keyring, later)).toHaveLength(1);
    expect(siteKey(open(), later)).toEqual(siteKey(keyring, later));
    writeFileSync(`${file}.copy`, copied);
    const old = openDayKeyring({ file: `${file}.copy`, siteId: "municipio", onUnreadable: () => undefined });
    expect(siteKey(old, later)).not.toEqual(siteKey(keyring, later));
    expect(keyring.officeKeys("anagrafe", later)).toEqual(old.officeKeys("anagrafe", later));
  });

  it("sent again by somebody does not come back once it is destroyed", () => {
    const keyring = open();
    keyring.take(KEYS, DAY, DAY);
    const today = addDays(DAY, 2);
    keyring.destroyBefore(today);
    expect(keyring.take(KEYS, DAY, today)).toBe(false);
    expect(siteKey(keyring, DAY)).toBe("destroyed");
  });

  it("of a clock that once went a year ahead is whole again with the gateway's next message", () => {
    const keyring = open();
    keyring.take(KEYS, addDays(DAY, 365), addDays(DAY, 365));
    expect(siteKey(keyring, DAY)).toBe("destroyed");
    expect(keyring.take(OTHERS, DAY, DAY)).toBe(true);
    expect(siteKey(keyring, DAY)).toEqual([OTHERS.site]);
  });

  it("goes on without keys when its file holds none, and says where it is wrong and not what stands there", () => {
    writeFileSync(file, '{"keys": [{"scope": "site/municipio", "fromDay": "2026-11-26", "key": "secret"}]}');
    expect(siteKey(open(), DAY)).toBe("none");
    expect(unreadable).toEqual(["/keys/0/key"]);
    expect(open().take(KEYS, DAY, null)).toBe(true);
    expect(siteKey(open(), DAY)).toEqual([KEYS.site]);
  });
});

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Entry, type KeysEntry, parseEntry } from "#schemas/entry.ts";
import { addDays, dayStartMs } from "#schemas/local-day.ts";
import { fail, ok } from "#schemas/result.ts";
import { watchSteadiness } from "#schemas/steady-time.ts";
import { DAY_MS, type EntryTime, HOUR_MS, MINUTE_MS } from "#schemas/time.ts";
import type { DayKeyring } from "../ports.ts";
import { openDayKeyring } from "./day-keyring.ts";
import { destroyOldKeys } from "./key-destruction.ts";

const ZONE = "Europe/Rome";
const DAY = "2026-10-24";
type Destroy = (time: EntryTime) => Promise<number>;

/** When the last ticket of a day is over. */
const OVER_MINUTES = 65;

let folder = "";
let entries: KeysEntry[] = [];
let kept = new Map<string, string>();
let works = true;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "faccine-destruction-"));
  entries = [];
  kept = new Map();
  works = true;
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function start(): { readonly keyring: DayKeyring; readonly destroy: Destroy } {
  const file = join(folder, "day-keys.json");
  const keyring = openDayKeyring({ file, siteId: "municipio", onUnreadable: () => undefined });
  keyring.take(
    { site: "07".repeat(32), offices: [{ officeId: "anagrafe", key: "08".repeat(32) }] },
    DAY,
    null,
  );
  const journal = {
    append: async (entry: Entry) => {
      if (!works) return fail("disk-full" as const);
      entries.push(entry as KeysEntry);
      return ok(null);
    },
    keep: async (name: string, value: string) => {
      kept.set(name, value);
      return ok(null);
    },
    kept: async (name: string) => kept.get(name) ?? null,
  };
  const settings = () => ({ zone: ZONE, ticketRules: { validMinutes: 60, skewMinutes: 5 } });
  const isSteadyAt = watchSteadiness();
  const destroy = (time: EntryTime) => {
    const reading = { wallMs: time.wallMs, monotonicMs: time.monotonicUs / 1_000 };
    const isSure = isSteadyAt(time.clock === "trusted" ? reading : null);
    return destroyOldKeys({ keyring, journal, settings }, time, isSure);
  };
  return { keyring, destroy };
}

/** Minutes pass, each with its round. @param clock by how much the clock is wrong, and whether it is trusted, at a moment. */
async function pass(
  destroy: Destroy,
  fromMs: number,
  untilMs: number,
  clock: (ms: number) => { readonly offMs?: number; readonly trusted?: boolean } = () => ({}),
): Promise<void> {
  for (let ms = fromMs; ms < untilMs; ms += MINUTE_MS) {
    const { offMs = 0, trusted = true } = clock(ms);
    const time = { wallMs: ms + offMs, monotonicUs: ms * 1_000, bootId: "boot-1" };
    await destroy({ ...time, clock: trusted ? "trusted" : "untrusted" });
  }
}

const days = () => entries.map(({ key, keyId, day }) => `${key} ${keyId} ${day}`);
const startMs = dayStartMs(DAY, ZONE) + 8 * HOUR_MS;

describe("the key of a day", () => {
  it("is destroyed when the last ticket of the day is over, and that stands in the journal, once", async () => {
    const { keyring, destroy } = start();
    const overMs = dayStartMs(addDays(DAY, 1), ZONE) + OVER_MINUTES * MINUTE_MS;
    await pass(destroy, startMs, overMs);
    expect(keyring.oldestSiteDay()).toBe(DAY);
    expect(entries).toEqual([]);
    await pass(destroy, overMs, overMs + 10 * MINUTE_MS);
    expect(keyring.oldestSiteDay()).toBe(addDays(DAY, 1));
    expect(days().toSorted()).toEqual([`office anagrafe ${DAY}`, `site municipio ${DAY}`]);
    for (const entry of entries) expect(parseEntry(entry)).toMatchObject({ ok: true });
  });

  it("is destroyed day by day over weeks, a day of 25 hours among them", async () => {
    const { keyring, destroy } = start();
    await pass(destroy, startMs, startMs + 20 * DAY_MS);
    expect(keyring.oldestSiteDay()).toBe(addDays(DAY, 20));
    const told = days().filter((line) => line.startsWith("site"));
    expect(told).toEqual(Array.from({ length: 20 }, (_, day) => `site municipio ${addDays(DAY, day)}`));
  });

  it("is kept for nine days without the time, and gone within the hour and a bit once it is there again", async () => {
    const { keyring, destroy } = start();
    const backMs = startMs + 9 * DAY_MS;
    await pass(destroy, startMs, backMs, () => ({ trusted: false, offMs: -20 * 365 * DAY_MS }));
    expect(keyring.oldestSiteDay()).toBe(DAY);
    expect(entries).toEqual([]);
    await pass(destroy, backMs, backMs + HOUR_MS + 2 * MINUTE_MS);
    expect(keyring.oldestSiteDay()).toBe(addDays(DAY, 9));
    // One entry says it for all the days that were kept.
    expect(days()).toHaveLength(2);
    expect(days()).toContain(`site municipio ${addDays(DAY, 8)}`);
  });

  it.each([365, -365])(
    "is not touched by a trusted clock that is %i days wrong for almost an hour",
    async (wrongDays) => {
      const { keyring, destroy } = start();
      const isWrong = (ms: number) => ms >= startMs + 2 * HOUR_MS && ms < startMs + 3 * HOUR_MS;
      await pass(destroy, startMs, startMs + 5 * HOUR_MS, (ms) => ({
        offMs: isWrong(ms) ? wrongDays * DAY_MS : 0,
      }));
      expect(keyring.oldestSiteDay()).toBe(DAY);
      expect(entries).toEqual([]);
    },
  );

  it("is told in the journal as soon as that works, also after a restart in between", async () => {
    const first = start();
    await pass(first.destroy, startMs, startMs + HOUR_MS);
    works = false;
    await pass(first.destroy, startMs + HOUR_MS, startMs + 20 * HOUR_MS);
    expect(first.keyring.oldestSiteDay()).toBe(addDays(DAY, 1));
    expect(entries).toEqual([]);
    works = true;
    const second = start();
    await pass(second.destroy, startMs + 20 * HOUR_MS, startMs + 20 * HOUR_MS + 2 * MINUTE_MS);
    expect(days().toSorted()).toEqual([`office anagrafe ${DAY}`, `site municipio ${DAY}`]);
    expect(readFileSync(join(folder, "day-keys.json"), "utf8")).not.toContain("07".repeat(32));
  });
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readTicket } from "#firmware/tickets/judge.ts";
import { contextWith, KEYRING, SETTINGS, SITE_KEY, timeAt } from "#firmware/tickets/tickets.fixture.ts";
import { readListed } from "#gateway/tickets/listed-receipts.ts";
import type { OfficeSetting, SiteSetting } from "#schemas/gateway-settings.ts";
import { localDayOf } from "#schemas/local-day.ts";
import { MINUTE_MS } from "#schemas/time.ts";

const ZONE = SETTINGS.zone;
const [OFFICE] = SETTINGS.offices;
const START_MS = Date.UTC(2026, 2, 10);
const FORMS = {
  bare: "(?<number>\\d{3})",
  dated: "(?<number>\\d{3})/(?<ymd>\\d{8})",
  timed: "(?<number>\\d{3})/(?<hm>\\d{4})",
} as const;

/** What is printed on a receipt at a moment. */
function printed(form: keyof typeof FORMS, number: number, atMs: number): string {
  const digits = String(number).padStart(3, "0");
  if (form === "bare") return digits;
  if (form === "dated") return `${digits}/${localDayOf(atMs, ZONE).replaceAll("-", "")}`;
  const clock = new Date(atMs).toLocaleTimeString("en-GB", {
    timeZone: ZONE,
    hour: "2-digit",
    minute: "2-digit",
  });
  return `${digits}/${clock.replace(":", "")}`;
}

describe("a receipt that a totem took and a queue system listed", () => {
  it("has the same mark at both, at any minute of the day, whatever is printed on it", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...(Object.keys(FORMS) as (keyof typeof FORMS)[])),
        fc.nat(999),
        // Also around midnight; a receipt without a day is listed on the day it was given out.
        fc.integer({ min: 0, max: 2 * 24 * 60 - 1 }),
        fc.integer({ min: 0, max: 40 }),
        (form, number, minute, laterMinutes) => {
          const givenMs = START_MS + minute * MINUTE_MS;
          const scannedMs = givenMs + laterMinutes * MINUTE_MS;
          fc.pre(form !== "bare" || localDayOf(givenMs, ZONE) === localDayOf(scannedMs, ZONE));
          const code = printed(form, number, givenMs);
          const plain = { pattern: FORMS[form], check: "none" } as const;
          const services = (OFFICE?.services ?? []).map((one, at) => ({
            ...one,
            receiptCode: at === 0 ? "" : null,
          }));
          const office = { ...OFFICE, profiles: ["plain"], plain, services } as NonNullable<typeof OFFICE>;
          const settings = { offices: [office] };
          const taken = readTicket(
            code,
            contextWith({ settings, time: timeAt(scannedMs), dayKeys: KEYRING }),
          );
          const listed = readListed(
            { codes: [code] },
            {
              site: { siteId: SETTINGS.siteId, zone: ZONE } as SiteSetting,
              office: { ...office, tickets: { profiles: ["plain"], plain } } as unknown as OfficeSetting,
              ...{
                nowMs: scannedMs,
                skewMinutes: SETTINGS.ticketRules.skewMinutes,
                siteKeyOn: () => SITE_KEY,
              },
            },
          );
          expect(taken.genuine?.ticket.proof).toBe("shape");
          expect(listed.ok ? listed.value[0]?.mark : listed.problem).toBe(taken.genuine?.mark);
        },
      ),
      { numRuns: 500 },
    );
  });
});

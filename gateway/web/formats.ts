/**
 * How figures, days and months are written in a language of the pages. Pure.
 */
import { dayStartMs } from "#schemas/local-day.ts";
import type { PageLanguage } from "./page-words.ts";

export type Formats = {
  readonly number: (count: number) => string;
  /** @param tenths of a per cent. */
  readonly percent: (tenths: number) => string;
  /** `2026-10` as October 2026. */
  readonly month: (month: string) => string;
  /** `2026-10-05` as Monday, 5 October 2026. */
  readonly day: (day: string) => string;
  readonly shortDay: (day: string) => string;
  readonly clock: (ms: number, zone: string) => string;
};

const MADE = new Map<PageLanguage, Formats>();

/** The formats of a language; made once, because making one takes longer than using it a hundred times. */
export function formatsOf(language: PageLanguage): Formats {
  const known = MADE.get(language) ?? make(language);
  MADE.set(language, known);
  return known;
}

function make(language: PageLanguage): Formats {
  const locale = language === "it" ? "it-IT" : "en-GB";
  const number = new Intl.NumberFormat(locale, { useGrouping: "always" });
  const percent = new Intl.NumberFormat(locale, { style: "percent", minimumFractionDigits: 1 });
  const month = new Intl.DateTimeFormat(locale, { month: "long", year: "numeric", timeZone: "UTC" });
  const day = new Intl.DateTimeFormat(locale, { dateStyle: "full", timeZone: "UTC" });
  const shortDay = new Intl.DateTimeFormat(locale, {
    day: "numeric",
    month: "short",
    year: "numeric",
    timeZone: "UTC",
  });
  return {
    number: (count) => number.format(count),
    percent: (tenths) => percent.format(tenths / 1_000),
    month: (name) => month.format(dayStartMs(`${name}-15`, "UTC")),
    day: (name) => day.format(dayStartMs(name, "UTC")),
    shortDay: (name) => shortDay.format(dayStartMs(name, "UTC")),
    clock: (ms, zone) =>
      new Intl.DateTimeFormat(locale, { dateStyle: "short", timeStyle: "short", timeZone: zone }).format(ms),
  };
}

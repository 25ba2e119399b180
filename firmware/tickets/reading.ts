/**
 * What reading a scanned text leads to, and what it needs to know; the same for every kind of ticket. Pure.
 */
import type { KeyObject } from "node:crypto";
import type { Mode, Refusal } from "#schemas/code-list.ts";
import type { LocalDay } from "#schemas/local-day.ts";
import { markOf, type TicketForm } from "#schemas/mark.ts";
import type { SiteSettings } from "#schemas/messages.ts";
import type { PlainPattern } from "#schemas/plain-pattern.ts";
import type { EntryTime } from "#schemas/time.ts";
import type { Span } from "#schemas/validity.ts";
import type { GoodTicket } from "../session/events.ts";

/** The keys that tickets are judged with. */
export type TicketKeys = {
  /** The site's keys that may be in use on a day, the one in force first; or why there is none. */
  readonly siteKeys: (day: LocalDay) => readonly Buffer[] | "none" | "destroyed" | "ahead";
  /** The first day of which there is a key of the site. */
  readonly oldestSiteDay: () => LocalDay | null;
  readonly officeKeys: (officeId: string, day: LocalDay) => readonly Buffer[];
};

/** What judging needs to know. */
export type JudgeContext = {
  readonly settings: SiteSettings | null;
  readonly dayKeys: TicketKeys;
  readonly time: EntryTime;
  readonly mode: Mode;
  readonly publicKey: (hexKey: string) => KeyObject;
  /** Compiled; null for one that this firmware cannot read. */
  readonly plainPattern: (pattern: string) => PlainPattern | null;
};

/** A genuine ticket of an office served here; `lateOrEarly` is set when the time is not right for it. */
export type Genuine = {
  readonly ticket: GoodTicket;
  readonly mark: string;
  /** Other marks under which the same ticket may have been used here. */
  readonly otherMarks: readonly string[];
  readonly service: string;
  readonly lateOrEarly: "expired" | "not-yet" | null;
};

export type Reading =
  | { readonly genuine: Genuine }
  | { readonly genuine: null; readonly refusal: Refusal; readonly service: string | null };

export function refused(refusal: Refusal, service: string | null = null): Reading {
  return { genuine: null, refusal, service };
}

/** While the clock is untrusted a ticket is accepted: the gateway judges its time at settlement. */
export function timeliness({ fromMs, untilMs }: Span, time: EntryTime): Genuine["lateOrEarly"] {
  if (time.clock === "untrusted") return null;
  if (time.wallMs < fromMs) return "not-yet";
  return time.wallMs >= untilMs ? "expired" : null;
}

/** The marks of a ticket: the one a vote is stored with, and others under which the same ticket may have been used here. */
export type Marks = { readonly mark: string; readonly otherMarks: readonly string[] };

/** What a ticket meets when there is no key to mark it with. */
const WITHOUT_KEY = { none: "closed", destroyed: "expired", ahead: "not-yet" } as const;

/**
 * The marks of a ticket of a day. Where the day's key is destroyed the ticket has expired, whatever the clock says now; a totem
 * that was never given a key cannot take any ticket.
 */
export function marksOn(
  form: TicketForm,
  day: LocalDay,
  { dayKeys }: JudgeContext,
): Marks | { readonly refusal: "closed" | "expired" | "not-yet" } {
  const keys = dayKeys.siteKeys(day);
  if (typeof keys === "string") return { refusal: WITHOUT_KEY[keys] };
  const [mark, ...otherMarks] = keys.map((key) => markOf(form, key));
  return mark === undefined ? { refusal: "closed" } : { mark, otherMarks };
}

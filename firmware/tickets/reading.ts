/**
 * What reading a scanned text leads to, and what it needs to know; the same for every kind of ticket. Pure.
 */
import type { KeyObject } from "node:crypto";
import type { Mode, Refusal } from "#schemas/code-list.ts";
import type { SiteSettings } from "#schemas/messages.ts";
import type { PlainPattern } from "#schemas/plain-pattern.ts";
import type { EntryTime } from "#schemas/time.ts";
import type { Span } from "#schemas/validity.ts";
import type { GoodTicket } from "../session/events.ts";

/** What judging needs to know. */
export type JudgeContext = {
  readonly settings: SiteSettings | null;
  readonly siteKey: Buffer;
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

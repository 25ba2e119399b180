/**
 * Tickets of the *plain* profile: the receipts of a queue system that an office has already, known by their pattern alone.
 * Whoever has seen one can make one up: they are proved only by a list of served numbers, if at all. Pure.
 */
import { isLocalDay, type LocalDay } from "./local-day.ts";
import type { PlainPattern } from "./plain-pattern.ts";
import { fail, ok, type Result } from "./result.ts";

/** How a receipt's last digits are worked out from the others. */
export const CHECKS = ["none", "luhn", "gs1", "mod97"] as const;
export type Check = (typeof CHECKS)[number];

/** Digits each kind of check prints. */
const CHECK_DIGITS: Readonly<Record<Check, number>> = { none: 0, luhn: 1, gs1: 1, mod97: 2 };

/** Years printed with two digits are of this century. */
const CENTURY = "20";

export type PlainRules = {
  readonly pattern: PlainPattern;
  readonly check: Check;
};

/** What a receipt says of itself; null where it does not. */
export type PlainTicket = {
  /** The code as it is printed, in upper case: what makes it one receipt of its day. */
  readonly code: string;
  readonly number: string;
  readonly service: string | null;
  readonly day: LocalDay | null;
  /** Minutes since the start of the local day. */
  readonly minuteOfDay: number | null;
};

/** Why a pattern and its check do not belong together, or null. */
export function checkProblem({ pattern, check }: PlainRules): string | null {
  const has = pattern.groups.includes("check");
  if (check === "none") return has ? "a pattern with (?<check>…) needs to know how it is worked out" : null;
  return has ? null : `${check} needs a group (?<check>…) in the pattern`;
}

/** Reads a code. Every text of another form, with a wrong check digit, or of a day that no calendar has is `malformed`. */
export function readPlainTicket(
  text: string,
  { pattern, check }: PlainRules,
): Result<PlainTicket, "malformed"> {
  const groups = pattern.match(text);
  if (groups?.number === undefined) return fail("malformed");
  const code = text.toUpperCase();
  if (!isCheckGood(code, groups.check ?? "", check)) return fail("malformed");
  const day = dayOf(groups);
  const minuteOfDay = groups.hm === undefined ? null : minuteOf(groups.hm);
  if (day === "none" || minuteOfDay === "none") return fail("malformed");
  return ok({ code, number: groups.number, service: groups.service ?? null, day, minuteOfDay });
}

/** What the mark is made over: the receipt of its office and day, whatever proves it. */
export function plainForm(office: number, day: LocalDay, { code }: Pick<PlainTicket, "code">) {
  return { profile: "plain", office, day, code } as const;
}

function dayOf({ ymd, dmy }: { readonly ymd?: string; readonly dmy?: string }): LocalDay | null | "none" {
  const printed = ymd ?? dmy;
  if (printed === undefined) return null;
  const isShort = printed.length === 6;
  const [year, rest] =
    ymd === undefined
      ? [printed.slice(4), printed.slice(0, 4)]
      : [printed.slice(0, isShort ? 2 : 4), printed.slice(isShort ? 2 : 4)];
  const [month, day] =
    ymd === undefined ? [rest.slice(2), rest.slice(0, 2)] : [rest.slice(0, 2), rest.slice(2)];
  const local = `${isShort ? CENTURY : ""}${year}-${month}-${day}`;
  return isLocalDay(local) ? local : "none";
}

function minuteOf(hm: string): number | "none" {
  const [hour, minute] = [Number(hm.slice(0, 2)), Number(hm.slice(2))];
  return hour < 24 && minute < 60 ? 60 * hour + minute : "none";
}

/** The check digits stand last, and are worked out from all characters before them. */
function isCheckGood(code: string, printed: string, check: Check): boolean {
  if (check === "none") return true;
  if (printed.length !== CHECK_DIGITS[check]) return false;
  const before = code.slice(0, -printed.length);
  if (check === "mod97") return mod97(before) === Number(printed);
  const digits = [...before].filter((char) => /\d/.test(char)).map(Number);
  return digits.length > 0 && (check === "luhn" ? luhn(digits) : gs1(digits)) === Number(printed);
}

/** ISO/IEC 7812-1, annex B: every second digit from the last is doubled. */
function luhn(digits: readonly number[]): number {
  const sum = digits.toReversed().reduce((so, digit, index) => {
    const doubled = index % 2 === 0 ? 2 * digit : digit;
    return so + (doubled > 9 ? doubled - 9 : doubled);
  }, 0);
  return (10 - (sum % 10)) % 10;
}

/** GS1 General Specifications, 7.9.1 (EAN, SSCC): weights 3 and 1 from the last digit. */
function gs1(digits: readonly number[]): number {
  const sum = digits.toReversed().reduce((so, digit, index) => so + (index % 2 === 0 ? 3 * digit : digit), 0);
  return (10 - (sum % 10)) % 10;
}

/** ISO/IEC 7064, MOD 97-10: letters count from 10, and the whole with its check leaves 1. */
function mod97(text: string): number {
  const rest = [...text]
    .filter((char) => /[0-9A-Z]/.test(char))
    .reduce((so, char) => {
      const value = Number.parseInt(char, 36);
      return (so * (value > 9 ? 100 : 10) + value) % 97;
    }, 0);
  return 98 - ((rest * 100) % 97);
}

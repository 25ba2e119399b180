/**
 * How an office's existing receipts look: a pattern that its IT staff writes in the settings, as a small part of regular
 * expressions that cannot run away. Compiles it or says where it is wrong; matches whole codes only. Pure.
 *
 * `TK-(?<ymd>\d{8})-(?<number>[A-Z]\d{1,3})(?<check>\d)`: literal characters, `\d`, `[A-Z]` and `[0-9A-Z]`, each with
 * `{n}` or `{n,m}`, and named groups of these.
 */
import { fail, ok, type Result } from "./result.ts";

/** What a group can be. `number` is what makes a receipt one of its own; dates and times are the receipt's. */
export const PLAIN_GROUPS = ["number", "service", "ymd", "dmy", "hm", "check"] as const;
export type PlainGroup = (typeof PLAIN_GROUPS)[number];

/** Longest pattern somebody writes, and longest code that one can ask for: a printed line. */
export const PLAIN_PATTERN_MAX = 200;
export const PLAIN_CODE_MAX = 40;

/**
 * Parts of which one code could have more than one length. Each of them multiplies the ways to try a code by at most 40: three
 * keep the worst code below 40 cubed steps, tens of microseconds.
 */
const VARIABLE_MAX = 3;

/** Printed beside letters and digits on receipts; nothing that means something in a regular expression stays unescaped. */
const LITERAL = /^[0-9A-Za-z /._:#-]$/;
const CLASSES = ["\\d", "[A-Z]", "[0-9A-Z]"] as const;
/** Digits a date or time group must have. */
const DIGITS_OF: Readonly<Partial<Record<PlainGroup, readonly number[]>>> = {
  ymd: [6, 8],
  dmy: [6, 8],
  hm: [4],
};

export type PlainPattern = {
  readonly groups: readonly PlainGroup[];
  /** What each group stands for in a whole code, upper case; null for a text of another form. */
  readonly match: (text: string) => Readonly<Partial<Record<PlainGroup, string>>> | null;
};

/** Where a pattern is wrong, counted from 0, and what was expected there. */
export type PatternProblem = { readonly at: number; readonly expected: string };

/** Compiles a pattern. */
export function compilePlainPattern(pattern: string): Result<PlainPattern, PatternProblem> {
  if (pattern.length > PLAIN_PATTERN_MAX)
    return fail({ at: PLAIN_PATTERN_MAX, expected: `at most ${PLAIN_PATTERN_MAX} characters` });
  const reading = new Reading(pattern);
  const problem = reading.all();
  if (problem !== null) return fail(problem);
  const { groups, source } = reading;
  const expression = new RegExp(`^${source}$`);
  return ok({
    groups,
    match: (text) => {
      if (text.length > PLAIN_CODE_MAX || !/^[ -~]*$/.test(text)) return null;
      return expression.exec(text.toUpperCase())?.groups ?? null;
    },
  });
}

/** Reads a pattern from left to right, a part at a time. */
class Reading {
  readonly groups: PlainGroup[] = [];
  source = "";
  readonly #pattern: string;
  #at = 0;
  #longest = 0;
  #variable = 0;

  constructor(pattern: string) {
    this.#pattern = pattern;
  }

  all(): PatternProblem | null {
    while (this.#at < this.#pattern.length) {
      if (this.groups.includes("check")) return this.#wrong("nothing after the check digits");
      const problem = this.#rest().startsWith("(") ? this.#group() : this.#part();
      if (typeof problem !== "number") return problem;
    }
    if (!this.groups.includes("number")) return this.#wrong("a group (?<number>…) somewhere");
    if (this.groups.includes("ymd") && this.groups.includes("dmy")) return this.#wrong("one date only");
    if (this.#longest > PLAIN_CODE_MAX) return this.#wrong(`codes of at most ${PLAIN_CODE_MAX} characters`);
    if (this.#variable > VARIABLE_MAX)
      return this.#wrong(`at most ${VARIABLE_MAX} parts whose length can differ`);
    return null;
  }

  #rest(): string {
    return this.#pattern.slice(this.#at);
  }

  #wrong(expected: string): PatternProblem {
    return { at: this.#at, expected };
  }

  /** @returns the longest the group can be, or what is wrong. */
  #group(): number | PatternProblem {
    const name = PLAIN_GROUPS.find((one) => this.#rest().startsWith(`(?<${one}>`));
    if (name === undefined) return this.#wrong(`a group named ${PLAIN_GROUPS.join(", ")}: (?<name>…)`);
    if (this.groups.includes(name)) return this.#wrong(`${name} once only`);
    const beginsAt = this.#at;
    const sourceBefore = this.source.length;
    this.groups.push(name);
    this.#at += `(?<${name}>`.length;
    this.source += `(?<${name}>`;
    let longest = 0;
    while (!this.#rest().startsWith(")")) {
      if (this.#at >= this.#pattern.length) return this.#wrong(") at the end of the group");
      const part = this.#part();
      if (typeof part !== "number") return part;
      longest += part;
    }
    this.#at += 1;
    this.source += ")";
    const digits = DIGITS_OF[name];
    const inside = this.source.slice(sourceBefore);
    if (longest === 0) return { at: beginsAt, expected: `something inside ${name}` };
    if (digits !== undefined && !(digits.includes(longest) && /^\(\?<\w+>(\\d(\{\d+\})?)+\)$/.test(inside)))
      return { at: beginsAt, expected: `${name} of ${digits.join(" or ")} digits: \\d{${digits.at(-1)}}` };
    return longest;
  }

  /** A character or a class, and how often. */
  #part(): number | PatternProblem {
    const rest = this.#rest();
    const known = CLASSES.find((one) => rest.startsWith(one)) ?? rest[0] ?? "";
    const isClass = known.length > 1;
    if (!isClass && !LITERAL.test(known))
      return this.#wrong(
        `a letter, a digit, one of "/._:#-" or a space, ${CLASSES.join(", ")}, or a named group`,
      );
    this.#at += known.length;
    this.source += isClass ? known : known.toUpperCase().replace(/[^0-9A-Z ]/, "\\$&");
    const times = this.#times();
    if (typeof times === "number") this.#longest += times;
    return times;
  }

  #times(): number | PatternProblem {
    const said = /^\{(\d{1,2})(?:,(\d{1,2}))?\}/.exec(this.#rest());
    if (said === null) return this.#rest().startsWith("{") ? this.#wrong("{n} or {n,m}") : 1;
    const [text, few = ""] = said;
    const [least, most] = [Number(few), Number(said[2] ?? few)];
    if (most < least || most === 0) return this.#wrong("{n,m} with n not above m, and m not 0");
    if (most > least) this.#variable += 1;
    this.#at += text.length;
    this.source += text;
    return most;
  }
}

/**
 * Which tickets an office takes: the shapes of its setting, and what is wrong with one beyond its shape. Pure.
 */
import { compilePlainPattern, PLAIN_PATTERN_MAX } from "./plain-pattern.ts";
import { CHECKS, checkProblem } from "./plain-ticket.ts";
import { list, oneOf, pattern, record } from "./shape.ts";
import { SHORT_MAX } from "./short-ticket.ts";

/** Kinds of tickets that totems can judge. */
export const TAKEN_PROFILES = ["signed", "short", "plain"] as const;

/** Longest way a receipt names its service: a letter or a few digits. */
const RECEIPT_CODE_MAX = 10;

/** A list of the kinds an office takes. */
export const takenProfiles = () => list(oneOf(TAKEN_PROFILES), TAKEN_PROFILES.length, 1);

/** How a service is named on the receipts of a queue system: empty where these name none. */
export const receiptCode = () =>
  pattern("^[0-9A-Za-z]*$", RECEIPT_CODE_MAX, "letters and digits, as they are printed");

/** How the receipts of a queue system look. */
export const plainReceipts = () =>
  record({ pattern: pattern("^[ -~]*$", PLAIN_PATTERN_MAX), check: oneOf(CHECKS) });

type Office = {
  readonly profiles: readonly (typeof TAKEN_PROFILES)[number][];
  readonly plain: { readonly pattern: string; readonly check: (typeof CHECKS)[number] } | null;
  /** Of the office and its services the numbers that codes carry. */
  readonly number: number;
  readonly serviceNumbers: readonly number[];
  /** Of each service how receipts name it; null where they never do. */
  readonly receiptCodes: readonly (string | null)[];
};

/** What is wrong: the setting's name below the office's, its value, and what was expected. */
export type ReceiptProblem = { readonly name: string; readonly value: string; readonly expected: string };

/** Everything wrong with an office's tickets that a shape cannot say. */
export function receiptProblems(office: Office): readonly ReceiptProblem[] {
  return [...shortProblems(office), ...plainProblems(office)];
}

/** A short ticket has no room for large numbers. */
function shortProblems({ profiles, number, serviceNumbers }: Office): readonly ReceiptProblem[] {
  if (!profiles.includes("short")) return [];
  const tooLarge = (value: number, max: number, whose: string) =>
    value <= max
      ? []
      : [
          {
            name: `${whose} number`,
            value: String(value),
            expected: `must be at most ${max} for short tickets`,
          },
        ];
  return [
    ...tooLarge(number, SHORT_MAX.office, "office"),
    ...serviceNumbers.flatMap((one) => tooLarge(one, SHORT_MAX.service, "service")),
  ];
}

function plainProblems({ profiles, plain, receiptCodes }: Office): readonly ReceiptProblem[] {
  if (!profiles.includes("plain"))
    return plain === null
      ? []
      : [
          {
            name: "tickets.profiles",
            value: profiles.join(", "),
            expected: "must name plain where tickets.plain is given",
          },
        ];
  if (plain === null)
    return [{ name: "tickets.plain", value: "nothing", expected: "must say how plain receipts look" }];
  const compiled = compilePlainPattern(plain.pattern);
  if (!compiled.ok) {
    const { at, expected } = compiled.problem;
    return [
      {
        name: "tickets.plain.pattern",
        value: plain.pattern,
        expected: `must have ${expected}, at character ${at + 1}`,
      },
    ];
  }
  const check = checkProblem({ pattern: compiled.value, check: plain.check });
  return [
    ...(check === null ? [] : [{ name: "tickets.plain.check", value: plain.check, expected: check }]),
    ...codeProblems(compiled.value.groups.includes("service"), receiptCodes),
  ];
}

function codeProblems(namesService: boolean, codes: readonly (string | null)[]): readonly ReceiptProblem[] {
  const given = codes.filter((code) => code !== null);
  const value = given.map((code) => `"${code}"`).join(", ") || "none";
  if (!namesService)
    return given.length === 1 && given[0] === ""
      ? []
      : [
          {
            name: "receiptCode",
            value,
            expected: `must be "" for exactly one service: the receipts name none`,
          },
        ];
  const isTelling = given.length > 0 && given.every((code) => code !== "");
  const isUnique = new Set(given.map((code) => code.toUpperCase())).size === given.length;
  return isTelling && isUnique
    ? []
    : [
        {
          name: "receiptCode",
          value,
          expected: "must be given for the services that receipts name, each once",
        },
      ];
}

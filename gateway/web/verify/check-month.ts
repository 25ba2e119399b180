/**
 * Checks the figures of a month against a log in the browser, as `schemas/PROOF.md` says. Pure.
 */
import { isSigned, opensTo } from "./bytes.ts";
import type { CheckedLog, Entry, Line } from "./check-log.ts";

const FACES = ["green", "yellow", "red"];
const REASONS = ["wait", "staff", "return", "outcome", "none"];
const CELLS = [...FACES, ...REASONS];

type Sum = {
  readonly row: { readonly uo: string; readonly service: string; readonly wording: number };
  readonly figure: string;
  readonly of: readonly { readonly service: string; readonly wording: number; readonly cell: string }[];
  readonly total: number;
  readonly opening: string;
};
export type Month = {
  readonly month: string;
  readonly log: { readonly size: number; readonly hash: string };
  readonly sums: readonly Sum[];
  readonly corrections: readonly {
    readonly cause: string;
    readonly votes: number;
    readonly opening: string;
  }[];
  readonly missing: readonly { readonly totemId: string; readonly day: string }[];
  readonly signature: string;
};

/** What is wrong with a month, each with its place. @param tell called with how many figures were looked at. */
export function checkMonth(
  proof: Month,
  log: { readonly lines: readonly Line[]; readonly checked: CheckedLog; readonly gatewayKey: string },
  tell: (figures: number) => void,
): readonly string[] {
  const { month, signature, ...rest } = proof;
  const entries = log.lines
    .slice(0, proof.log.size)
    .map(({ entry }) => entry)
    .filter(({ kind, day }) => kind !== "totem" && day.startsWith(`${month}-`));
  const sides = sidesOf(entries);
  const wrong: string[] = [];
  if (!isSigned("month", { month, ...rest }, signature, log.gatewayKey))
    wrong.push("is not signed by the gateway");
  if (log.checked.heads[proof.log.size] !== proof.log.hash) wrong.push("is made from another log");
  for (const [at, sum] of proof.sums.entries()) {
    wrong.push(...checkSum(sum, sides).map((what) => `${nameOf(sum)}: ${what}`));
    tell(at + 1);
  }
  wrong.push(...checkRows(proof.sums), ...checkCorrections(proof, entries));
  const named = new Set(proof.missing.map(({ totemId, day }) => `${totemId} ${day}`));
  for (const silent of log.checked.missing) {
    if (silent.includes(` ${month}-`) && !named.has(silent))
      wrong.push(`does not say that nothing was stated by ${silent}`);
  }
  return wrong.map((what) => `month ${month}: ${what}`);
}

type Sides = ReadonlyMap<string, { readonly plus: string[]; readonly minus: string[] }>;

function sidesOf(entries: readonly Entry[]): Sides {
  const sides = new Map<string, { plus: string[]; minus: string[] }>();
  for (const { kind, cells } of entries) {
    for (const { service, wording, commitments } of cells) {
      if (commitments.length !== CELLS.length) throw new Error("a line has not eight commitments");
      for (const [at, cell] of CELLS.entries()) {
        const name = `${service}/${wording}/${cell}`;
        const side = sides.get(name) ?? { plus: [], minus: [] };
        sides.set(name, side);
        side[kind === "statement" ? "plus" : "minus"].push(commitments[at] ?? "");
      }
    }
  }
  return sides;
}

function checkSum({ row, figure, of, total, opening }: Sum, sides: Sides): readonly string[] {
  const names = of.map(({ service, wording, cell }) => `${service}/${wording}/${cell}`);
  const wanted = figure === "valid" ? FACES : [figure];
  if (new Set(names).size < names.length) return ["counts a cell twice"];
  if (of.some(({ cell, wording }) => !wanted.includes(cell) || wording !== row.wording))
    return ["is made of cells of another figure"];
  const plus = names.flatMap((name) => sides.get(name)?.plus ?? []);
  const minus = names.flatMap((name) => sides.get(name)?.minus ?? []);
  return opensTo(plus, minus, total, opening) ? [] : [`${total} is not what the totems' commitments open to`];
}

function checkRows(sums: readonly Sum[]): readonly string[] {
  const wrong: string[] = [];
  const owners = new Map<string, string>();
  for (const [where, ofRow] of Map.groupBy(sums, ({ row }) => `${row.uo}/${row.service}/${row.wording}`)) {
    const totals = new Map(ofRow.map(({ figure, total }) => [figure, total]));
    if (totals.size < ofRow.length) wrong.push(`${where}: has a figure twice`);
    for (const [whole, parts] of [
      ["valid", FACES],
      ["red", REASONS],
    ] as const) {
      const shown = parts.map((part) => totals.get(part)).filter((one) => one !== undefined);
      const sum = shown.reduce((one, other) => one + other, 0);
      if (totals.has(whole) && shown.length === parts.length && totals.get(whole) !== sum)
        wrong.push(`${where}: ${whole} is ${totals.get(whole)}, but its parts are ${sum}`);
    }
    for (const { service, wording, cell } of ofRow.flatMap(({ of }) => of)) {
      const name = `${service}/${wording}/${cell}`;
      const owner = owners.get(name) ?? where;
      owners.set(name, owner);
      if (owner !== where) wrong.push(`${where}: counts ${name}, which ${owner} counts already`);
    }
  }
  return wrong;
}

function checkCorrections({ corrections }: Month, entries: readonly Entry[]): readonly string[] {
  return corrections.flatMap(({ cause, votes, opening }) => {
    const ofCause = entries.filter((entry) => entry.kind === "correction" && entry.cause === cause);
    const faces = ofCause.flatMap(({ cells }) =>
      cells.flatMap(({ commitments }) => commitments.slice(0, FACES.length)),
    );
    return opensTo(faces, [], votes, opening)
      ? []
      : [`${votes} votes as ${cause} is not what the corrections open to`];
  });
}

function nameOf({ row, figure }: Sum): string {
  return `${row.uo}/${row.service || "together"}, wording ${row.wording}, ${figure}`;
}

/**
 * Checks the figures of a month against the public log: every figure is what its commitments, statements less corrections, open to; rows
 * add up; missing totem-days are named; the month's file says the same. Pure.
 */
import { CELLS, type Cell, opensTo } from "#schemas/commitments.ts";
import { monthSpan } from "#schemas/local-day.ts";
import type { Figure, LogEntry, MonthProof, OpenedSum } from "#schemas/public-log.ts";
import { isMessageGood, publicKeyFromHex } from "#schemas/signature.ts";
import { checkLog, type Finding, type PublishedLog } from "./check-log.ts";

const FACES: readonly Cell[] = ["green", "yellow", "red"];
const REASONS: readonly Cell[] = CELLS.filter((cell) => !FACES.includes(cell));

export function checkMonth(proof: MonthProof, log: PublishedLog): readonly Finding[] {
  const place = `month ${proof.month}`;
  const said = (what: string, where = place): Finding => ({ where, what });
  const head = proof.log.size === 0 ? undefined : log.lines[proof.log.size - 1]?.head;
  const lines = log.lines.slice(0, proof.log.size);
  const commitments = commitmentsOf(
    lines.map(({ entry }) => entry),
    proof.month,
  );
  return [
    ...(isMessageGood("month", proof, publicKeyFromHex(log.gatewayKey))
      ? []
      : [said("is not signed by the gateway")]),
    ...(head === proof.log.hash
      ? []
      : [said(`is made from a log of ${proof.log.size} lines that is not the one published`)]),
    ...proof.sums.flatMap((sum) =>
      checkSum(sum, commitments).map((what) => said(what, `${place}, ${nameOf(sum)}`)),
    ),
    ...checkRows(proof).map(({ where, what }) => said(what, `${place}, ${where}`)),
    ...checkCorrections(
      proof,
      lines.map(({ entry }) => entry),
    ).map((what) => said(what)),
    ...checkMissing(proof, log).map((what) => said(what)),
  ];
}

/** Services whose votes stand in no figure of a month: hidden because they are few, or left out. The log cannot tell which. */
export function servicesNotShown(proof: MonthProof, log: PublishedLog): readonly string[] {
  const { from, to } = monthSpan(proof.month);
  const shown = new Set(proof.sums.flatMap(({ of }) => of.map(({ service }) => service)));
  const voted = log.lines
    .slice(0, proof.log.size)
    .flatMap(({ entry }) =>
      entry.kind === "statement" && from <= entry.day && entry.day < to ? entry.cells : [],
    )
    .map(({ service }) => service);
  return [...new Set(voted)].filter((service) => !shown.has(service)).toSorted();
}

type Commitments = ReadonlyMap<
  string,
  { readonly plus: readonly string[]; readonly minus: readonly string[] }
>;

/** All commitments of a month by cell. */
function commitmentsOf(entries: readonly LogEntry[], month: string): Commitments {
  const { from, to } = monthSpan(month);
  const found = new Map<string, { plus: string[]; minus: string[] }>();
  for (const entry of entries) {
    if (entry.kind === "totem" || entry.day < from || entry.day >= to) continue;
    for (const { service, wording, commitments } of entry.cells) {
      for (const [at, cell] of CELLS.entries()) {
        const name = `${service}/${wording}/${cell}`;
        const sides = found.get(name) ?? { plus: [], minus: [] };
        found.set(name, sides);
        sides[entry.kind === "statement" ? "plus" : "minus"].push(commitments[at] as string);
      }
    }
  }
  return found;
}

function checkSum(sum: OpenedSum, commitments: Commitments): readonly string[] {
  const names = sum.of.map(({ service, wording, cell }) => `${service}/${wording}/${cell}`);
  if (new Set(names).size < names.length) return ["counts a cell twice"];
  const wanted = sum.figure === "valid" ? FACES : [sum.figure];
  if (sum.of.some(({ cell, wording }) => !wanted.includes(cell) || wording !== sum.row.wording))
    return ["is made of cells of another figure"];
  const sides = names.map((name) => commitments.get(name) ?? { plus: [], minus: [] });
  const plus = sides.flatMap((one) => one.plus);
  const minus = sides.flatMap((one) => one.minus);
  return opensTo({ plus, minus }, sum.total, sum.opening)
    ? []
    : [`${sum.total} is not what the totems' commitments open to`];
}

/** Figures of a row that are shown add up, and no cell is in two rows. */
function checkRows({ sums }: MonthProof): readonly Finding[] {
  const rows = Map.groupBy(sums, ({ row }) => `${row.uo}/${row.service}/${row.wording}`);
  const owners = new Map<string, string>();
  const findings: Finding[] = [];
  for (const [where, ofRow] of rows) {
    const total = (figure: Figure) => ofRow.find((sum) => sum.figure === figure)?.total;
    const isSum = (whole: Figure, parts: readonly Cell[]) => {
      const shown = parts.map(total);
      const sum = shown.reduce<number>((all, one) => all + (one ?? 0), 0);
      if (shown.includes(undefined) || total(whole) === undefined || sum === total(whole)) return;
      findings.push({ where, what: `${whole} is ${total(whole)}, but its parts are ${sum}` });
    };
    isSum("valid", FACES);
    isSum("red", REASONS);
    if (new Set(ofRow.map(({ figure }) => figure)).size < ofRow.length)
      findings.push({ where, what: "has a figure twice" });
    for (const { service, wording, cell } of ofRow.flatMap(({ of }) => of)) {
      const name = `${service}/${wording}/${cell}`;
      const owner = owners.get(name) ?? where;
      owners.set(name, owner);
      if (owner !== where)
        findings.push({ where, what: `counts ${name}, which is counted in ${owner} already` });
    }
  }
  return findings;
}

function checkCorrections(proof: MonthProof, entries: readonly LogEntry[]): readonly string[] {
  const { from, to } = monthSpan(proof.month);
  return proof.corrections.flatMap(({ cause, votes, opening }) => {
    const plus = entries.flatMap((entry) =>
      entry.kind === "correction" && entry.cause === cause && from <= entry.day && entry.day < to
        ? entry.cells.flatMap(({ commitments }) => commitments.slice(0, FACES.length))
        : [],
    );
    return opensTo({ plus, minus: [] }, votes, opening)
      ? []
      : [`${votes} votes taken away as ${cause} is not what the corrections open to`];
  });
}

function checkMissing(proof: MonthProof, log: PublishedLog): readonly string[] {
  const { from, to } = monthSpan(proof.month);
  const upTo = { ...log, lines: log.lines.slice(0, proof.log.size) };
  const missing = checkLog(upTo).missing.filter(({ day }) => from <= day && day < to);
  const named = new Set(proof.missing.map(({ totemId, day }) => `${totemId} on ${day}`));
  return missing.flatMap(({ totemId, day }) =>
    named.has(`${totemId} on ${day}`)
      ? []
      : [`${totemId} stated nothing on ${day}, and the month does not say so`],
  );
}

function nameOf({ row, figure }: OpenedSum): string {
  return `${row.uo}/${row.service || "together"}, wording ${row.wording}, ${figure}`;
}

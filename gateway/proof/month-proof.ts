/**
 * The proof of a closed month: for each figure its file shows, what opens the sum of the commitments it is made of. A figure that is hidden
 * is opened nowhere but inside the smallest figure shown that holds it. Pure.
 */
import { type Asked, CELLS, type Cell, openingHex, openingOf, sumOfOpenings } from "#schemas/commitments.ts";
import { addDays, type LocalDay, monthSpan } from "#schemas/local-day.ts";
import {
  CORRECTION_CAUSES,
  type Figure,
  type LogEntry,
  type MonthProof,
  type OpenedSum,
} from "#schemas/public-log.ts";
import type { Line, Lines } from "../reports/lines.ts";
import { isSeen, isValidSeen } from "../reports/scheme.ts";
import { cellIndex, validOf } from "../reports/tally.ts";
import type { Opened } from "./totem-day.ts";

export type MonthParts = {
  readonly month: string;
  /** What can be opened of the month's days, in the order of the log. */
  readonly opened: readonly { readonly entry: LogEntry; readonly opened: Opened }[];
  /** The month's lines, showing no more than they may. */
  readonly lines: Lines;
  /** The key of the line that votes are shown in. */
  readonly lineKeyOf: (asked: Asked) => string;
  /** How the month's file names an office. */
  readonly uoOf: (line: Line) => string;
  /** Every totem the log names, with its first day. */
  readonly totems: readonly { readonly totemId: string; readonly fromDay: LocalDay }[];
  readonly log: { readonly size: number; readonly hash: string };
};

/** A month's proof before it is signed, and the figures that its commitments do not add up to, in words. */
export type MonthResult = {
  readonly proof: Omit<MonthProof, "signature">;
  readonly problems: readonly string[];
};

type CellSum = Asked & { readonly cell: Cell; readonly total: number; readonly opening: bigint };

/** The figures of a vote cell and the columns they stand in. */
const FACE_CELLS: readonly Cell[] = ["green", "yellow", "red"];

export function monthProof(parts: MonthParts): MonthResult {
  const sums = cellSums(parts.opened);
  const shown = [...parts.lines.values()].flatMap((line) => figuresOf(line, parts, sums));
  return {
    proof: {
      ...{ month: parts.month, revision: 1, log: { ...parts.log } },
      sums: shown.map(({ sum }) => sum),
      corrections: CORRECTION_CAUSES.map((cause) => ({ cause, ...correctionSum(parts.opened, cause) })),
      missing: missingDays(parts).map((one) => ({ ...one })),
    },
    problems: shown.flatMap(({ sum, counted }) =>
      sum.total === counted
        ? []
        : [`${sum.row.uo}/${sum.row.service} ${sum.figure}: ${counted} counted, ${sum.total} proved`],
    ),
  };
}

/** The valid votes of a month that some lines add, over all services together, with what opens their sum. */
export function votesIn(opened: MonthParts["opened"]): { readonly votes: number; readonly opening: string } {
  const ofFaces = cellSums(opened).filter(({ cell }) => FACE_CELLS.includes(cell));
  return {
    votes: ofFaces.reduce((sum, { total }) => sum + total, 0),
    opening: openingHex(sumOfOpenings(ofFaces.map(({ opening }) => ({ opening, times: 1 })))),
  };
}

/** What the log says of each cell: statements less corrections. */
function cellSums(opened: MonthParts["opened"]): readonly CellSum[] {
  const sums = new Map<
    string,
    Omit<CellSum, "opening"> & { openings: { opening: bigint; times: 1 | -1 }[] }
  >();
  for (const { entry, opened: secret } of opened) {
    const times = entry.kind === "correction" ? -1 : 1;
    for (const { service, wording, counts } of secret.cells) {
      for (const [at, cell] of CELLS.entries()) {
        const name = `${service}/${wording}/${cell}`;
        const before = sums.get(name) ?? { service, wording, cell, total: 0, openings: [] };
        before.openings.push({ opening: openingOf(secret.seed, { service, wording }, cell), times });
        sums.set(name, { ...before, total: before.total + times * (counts[at] ?? 0) });
      }
    }
  }
  return [...sums.values()].map(({ openings, ...sum }) => ({ ...sum, opening: sumOfOpenings(openings) }));
}

/** The figures a line shows, each with what was counted. */
function figuresOf(
  line: Line,
  { lineKeyOf, uoOf }: MonthParts,
  sums: readonly CellSum[],
): readonly { readonly sum: OpenedSum; readonly counted: number }[] {
  const { wording } = line;
  const members = sums.filter((sum) => lineKeyOf(sum) === line.key);
  if (wording === null || (members.length === 0 && validOf(line.tally) === 0)) return [];
  const row = { uo: uoOf(line), service: line.place.serviceId, wording };
  const opened = (figure: Figure, cells: readonly Cell[], counted: number) => {
    const of = members.filter(({ cell }) => cells.includes(cell));
    const sum = {
      ...{ row, figure, total: of.reduce((all, { total }) => all + total, 0) },
      of: of.map(({ service, wording: asked, cell }) => ({ service, wording: asked, cell })),
      opening: openingHex(sumOfOpenings(of.map(({ opening }) => ({ opening, times: 1 })))),
    };
    return { sum, counted };
  };
  const cells = CELLS.flatMap((cell, at) => {
    const index = cellIndex(at < FACE_CELLS.length ? (cell as "green") : (`reason_${cell}` as "reason_wait"));
    return isSeen(line.seen, index) ? [opened(cell, [cell], line.tally.cells[index] ?? 0)] : [];
  });
  return isValidSeen(line.seen) ? [opened("valid", FACE_CELLS, validOf(line.tally)), ...cells] : cells;
}

/** How many votes a cause took away in the month, over all services. */
function correctionSum(
  opened: MonthParts["opened"],
  cause: string,
): { readonly votes: number; readonly opening: string } {
  const ofCause = opened.flatMap(({ entry, opened: secret }) =>
    entry.kind === "correction" && entry.cause === cause
      ? secret.cells.flatMap((cells) =>
          FACE_CELLS.map((cell, at) => ({ seed: secret.seed, cells, cell, at })),
        )
      : [],
  );
  return {
    votes: ofCause.reduce((sum, { cells, at }) => sum + (cells.counts[at] ?? 0), 0),
    opening: openingHex(
      sumOfOpenings(
        ofCause.map(({ seed, cells, cell }) => ({ opening: openingOf(seed, cells, cell), times: 1 })),
      ),
    ),
  };
}

function missingDays({ month, opened, totems }: MonthParts): MonthProof["missing"] {
  const { from, to } = monthSpan(month);
  const stated = new Set(
    opened.flatMap(({ entry }) => (entry.kind === "statement" ? [`${entry.totemId} ${entry.day}`] : [])),
  );
  return totems.flatMap(({ totemId, fromDay }) => {
    const missing: MonthProof["missing"] = [];
    for (let day = fromDay > from ? fromDay : from; day < to; day = addDays(day, 1)) {
      if (!stated.has(`${totemId} ${day}`)) missing.push({ totemId, day });
    }
    return missing;
  });
}

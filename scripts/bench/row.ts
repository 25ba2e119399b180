/**
 * What a measurement answers: rows, each with the goal it is judged by. Pure.
 */
import { rounded } from "./statistics.ts";

/** A number to reach, with the reason for exactly this number. */
export type Goal = {
  readonly kind: "at most" | "at least";
  readonly value: number;
  readonly reason: string;
};

/** One line of the bench. The first five fields are what `--json` prints. */
export type Row = {
  readonly name: string;
  /** Null when it could not be measured; then the row is not ok, and the note says why. */
  readonly value: number | null;
  readonly unit: string;
  /** Null for a peer, a limit or a circumstance, told beside ours and judged by nothing. */
  readonly goal: string | null;
  readonly ok: boolean;
  /** How it was measured, where the name does not say it. */
  readonly note: string;
};

/** Our figure, judged by its goal. */
export function judged(
  name: string,
  value: number,
  unit: string,
  rest: { readonly goal: Goal; readonly note?: string },
): Row {
  const { goal, note = "" } = rest;
  const ok = goal.kind === "at most" ? value <= goal.value : value >= goal.value;
  return { name, value: rounded(value), unit, goal: goalText(goal), ok, note };
}

/** A peer's figure, a limit or a circumstance. */
export function told(name: string, value: number, unit: string, note = ""): Row {
  return { name, value: rounded(value), unit, goal: null, ok: true, note };
}

/** A figure that could not be had: never ok, or nobody would notice. */
export function notMeasured(
  name: string,
  unit: string,
  rest: { readonly goal: Goal; readonly why: string },
): Row {
  return { name, value: null, unit, goal: goalText(rest.goal), ok: false, note: `not measured: ${rest.why}` };
}

/** True for a miss that no slow or busy machine explains: votes lost or doubled, or a figure that could not be had. */
export function isDefect({ ok, value, unit }: Pick<Row, "ok" | "value" | "unit">): boolean {
  return !ok && (value === null || unit === "votes");
}

/** What `--json` prints: an array and nothing else. */
export function jsonOf(rows: readonly Row[]): string {
  return JSON.stringify(
    rows.map(({ name, value, unit, goal, ok }) => ({ name, value, unit, goal, ok })),
    null,
    2,
  );
}

/** The table for people: what missed its goal stands out at the left. */
export function tableOf(rows: readonly Row[]): string {
  const cells = rows.map((row) => [
    row.ok ? (row.goal === null ? "    " : "ok  ") : "MISS",
    row.value === null ? "-" : String(row.value),
    row.unit,
    row.goal ?? "",
    row.name,
  ]);
  const widths = [0, 1, 2, 3].map((column) => Math.max(...cells.map((line) => (line[column] ?? "").length)));
  const lines = cells.map(([mark = "", value = "", unit = "", goal = "", name = ""], index) => {
    const [, valueWidth = 0, unitWidth = 0, goalWidth = 0] = widths;
    const line = `${mark}  ${value.padStart(valueWidth)} ${unit.padEnd(unitWidth)}  ${goal.padEnd(goalWidth)}  ${name}`;
    const note = rows[index]?.note ?? "";
    return note === "" ? line : `${line}\n      ${note}`;
  });
  return lines.join("\n");
}

function goalText(goal: Goal): string {
  return `${goal.kind === "at most" ? "<=" : ">="} ${goal.value}`;
}

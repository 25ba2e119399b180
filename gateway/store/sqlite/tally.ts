/**
 * Counters of a day or month beside each other, by place, wording and hour, and where they differ.
 */
import { dayFromNumber } from "#schemas/local-day.ts";
import type { CountColumn } from "../../rollups/counts.ts";
import type { Mismatch } from "../store.ts";

/** A counter row; the hour is 0 for counters by day and month. */
export type CounterRow = {
  readonly hour: number;
  readonly place_no: number;
  readonly wording: number;
} & Readonly<Record<CountColumn, number>>;

/** Counts by the name of their row. */
export type Tally = Map<string, Record<string, number>>;

type RowKey = { readonly hour: number; readonly place_no: number; readonly wording: number };

export function keyOf(row: RowKey): string {
  return `${row.hour}/${row.place_no}/${row.wording}`;
}

export function tallyOf(rows: readonly CounterRow[]): Tally {
  const tally: Tally = new Map();
  for (const row of rows) add(tally, keyOf(row), row, 1);
  return tally;
}

export function add(
  tally: Tally,
  key: string,
  counts: Readonly<Record<string, number>>,
  times: number,
): void {
  const sums = tally.get(key) ?? {};
  tally.set(key, sums);
  for (const [column, count] of Object.entries(counts)) sums[column] = (sums[column] ?? 0) + count * times;
}

/** Where counters and what they should be differ. */
export function compared(
  counted: Tally,
  recounted: Tally,
  about: {
    readonly day: number;
    readonly columns: readonly CountColumn[];
    /** Added to the column's name. */
    readonly where: string;
    readonly serviceOf: (placeNo: number) => string;
  },
): readonly Mismatch[] {
  const { day, columns, where, serviceOf } = about;
  return [...new Set([...counted.keys(), ...recounted.keys()])].flatMap((key) => {
    const [left, right] = [counted.get(key) ?? {}, recounted.get(key) ?? {}];
    return columns
      .filter((column) => (left[column] ?? 0) !== (right[column] ?? 0))
      .map((column) => ({
        day: dayFromNumber(day),
        serviceId: serviceOf(Number(key.split("/")[1])),
        column: `${column}${where}`,
        counted: left[column] ?? 0,
        recounted: right[column] ?? 0,
      }));
  });
}

/**
 * The columns of promise 6, kept per totem and shown by `GET /status`: votes received by what became of them, valid
 * votes by face and reason, and what was declared lost. Named here once for the store, the pages and whoever reads them.
 */
import { integer, record, type Static } from "./shape.ts";

export const SUM_COLUMNS = [
  /** Entries of every kind held for the totem. */
  "entries",
  /** Distinct votes received: the sum of the seven that follow. */
  "received",
  "accepted",
  "late",
  "conflict",
  "expired_late",
  "unverified",
  "test",
  "quarantined",
  /** Votes and other entries a totem declared lost; beside the sum, not in it. */
  "lost",
  "green",
  "yellow",
  "red",
  "reason_wait",
  "reason_staff",
  "reason_return",
  "reason_outcome",
  "reason_none",
] as const;
export type SumColumn = (typeof SUM_COLUMNS)[number];

const count = () => integer(0, Number.MAX_SAFE_INTEGER);

/** One number for each column. */
export const SUMS = record(
  Object.fromEntries(SUM_COLUMNS.map((column) => [column, count()])) as Record<
    SumColumn,
    ReturnType<typeof count>
  >,
);
export type Sums = Readonly<Static<typeof SUMS>>;

/** Sums to add to: all of them zero. */
export function zeroSums(): Record<SumColumn, number> {
  return Object.fromEntries(SUM_COLUMNS.map((column) => [column, 0])) as Record<SumColumn, number>;
}

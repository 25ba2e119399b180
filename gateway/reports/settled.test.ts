import { describe, expect, it } from "vitest";
import { COUNT_COLUMNS, type Counts } from "../rollups/counts.ts";
import {
  isLeftOut,
  type LateRow,
  type SlotRow,
  settledSpan,
  settledThrough,
  withoutLate,
} from "./settled.ts";
import type { CountsOfRow } from "./tally.ts";

const PROVED = new Map([
  ["2026-08", 1],
  ["2026-10", 2],
]);
const place = { siteId: "municipio", officeId: "tributi", serviceId: "imu", wording: 1 };
const row = (slot: number, counts: Counts): SlotRow => ({
  ...{ ...place, slot },
  counts: Object.fromEntries(COUNT_COLUMNS.map((column) => [column, counts[column] ?? 0])) as CountsOfRow,
});
const late = (slot: number, revision: number, counts: Counts): LateRow => ({
  ...place,
  slot,
  revision,
  counts,
});

describe("what is settled", () => {
  it("reaches to the end of the last proved month in a span", () => {
    const span = { fromDay: "2026-08-10", toDay: "2026-12-01" };
    expect(settledSpan(span, PROVED)).toEqual({ fromDay: "2026-08-10", toDay: "2026-11-01" });
    expect(settledSpan({ ...span, toDay: "2026-08-20" }, PROVED)?.toDay).toBe("2026-08-20");
    expect(settledSpan({ ...span, toDay: "2026-10-01" }, PROVED)?.toDay).toBe("2026-09-01");
    expect(settledThrough(PROVED)).toBe("2026-10-31");
  });

  it("is nothing before a month is proved", () => {
    expect(settledSpan({ fromDay: "2026-11-01", toDay: "2026-12-01" }, PROVED)).toBeNull();
    expect(settledThrough(new Map())).toBeNull();
  });

  it("holds no late count in a month's parts, and in the month those that its latest revision holds", () => {
    expect([1, 2].map((revision) => isLeftOut({ revision }, null))).toEqual([true, true]);
    expect([1, 2].map((revision) => isLeftOut({ revision }, 2))).toEqual([false, true]);
  });

  it("are rows less what came late, and no row that came late altogether", () => {
    const rows = [
      row(1, { green: 7, late: 2 }),
      row(2, { red: 1, reason_wait: 1, late: 1 }),
      row(3, { red: 5 }),
    ];
    const coming = [
      late(1, 1, { green: 1, late: 1 }),
      late(1, 2, { green: 1, late: 1 }),
      late(2, 1, { red: 1, reason_wait: 1, late: 1 }),
    ];
    expect(withoutLate(rows, coming)).toEqual([row(1, { green: 5 }), row(3, { red: 5 })]);
    expect(withoutLate(rows, [])).toBe(rows);
  });
});

import { expect, it } from "vitest";
import { COUNT_COLUMNS } from "../../rollups/counts.ts";
import { periodCounts, type RawRow } from "./counter-rows.ts";

it("gives each count the name of the column it was read from", () => {
  const row = [7, 3, 1, ...COUNT_COLUMNS.map((_, index) => 100 + index)] as unknown as RawRow;
  const places = new Map([[3, { siteId: "a", officeId: "b", serviceId: "c", rank: 0 }]]);
  expect(periodCounts(row, 7, places)).toEqual({
    ...{ slot: 7, siteId: "a", officeId: "b", serviceId: "c", wording: 1 },
    counts: Object.fromEntries(COUNT_COLUMNS.map((name, index) => [name, 100 + index])),
  });
});

it("refuses a row of a place it does not know", () => {
  expect(() => periodCounts([7, 3, 1], 7, new Map())).toThrow("unknown place 3");
});

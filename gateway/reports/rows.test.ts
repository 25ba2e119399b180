import { describe, expect, it } from "vitest";
import { COUNT_COLUMNS, type CountColumn } from "../rollups/counts.ts";
import { type CounterRow, type Lines, linesOf, shownMonth, shownParts, sumOfLines } from "./lines.ts";
import type { Place, PublicPlaces } from "./places.ts";
import { rowsOf, servedSums } from "./rows.ts";

const NAME = { period: "2026-11", periodStart: "2026-11-01T00:00:00+01:00", zone: "Europe/Rome" };
const about = (isExact: boolean) => ({ nameAt: () => NAME, isExact });

const at = (officeId: string, serviceId: string): Place => ({ siteId: "town-hall", officeId, serviceId });
const PLACE = at("registry", "births");

function counter(counts: Partial<Record<CountColumn, number>>, place = PLACE, wording = 1): CounterRow {
  const zeroes = Object.fromEntries(COUNT_COLUMNS.map((column) => [column, 0])) as Record<
    CountColumn,
    number
  >;
  return { ...place, wording, counts: { ...zeroes, ...counts } };
}

/** The rows an exact file has of these counters. */
const rows = (counters: readonly CounterRow[], served: readonly (readonly [Place, number])[] = []) =>
  rowsOf(
    linesOf(counters, null),
    servedSums(served.map(([place, count]) => ({ place, served: count }))),
    about(true),
  );

describe("the rows of a period", () => {
  it("stand in the order of site, office, service and wording, whatever order the counters had", () => {
    const vote = { green: 1 };
    const table = rows([
      counter(vote, at("taxes", "waste")),
      counter(vote, at("registry-2", "ids")),
      counter(vote, at("registry", "births"), 10),
      counter(vote, at("registry", "births"), 9),
      counter({ refused_malformed: 1 }, at("", "")),
    ]);
    expect(table.map(({ line }) => `${line.place.officeId}/${line.place.serviceId}/${line.wording}`)).toEqual(
      ["//1", "registry/births/9", "registry/births/10", "registry-2/ids/1", "taxes/waste/1"],
    );
  });

  it("exist only for a vote, a refusal or a served count: tests and printed tickets alone make none", () => {
    expect(rows([counter({ test: 5, issued: 9 })])).toEqual([]);
    for (const column of [
      "green",
      "conflict",
      "unverified",
      "expired_late",
      "refused_unknown",
      "refused_closed",
    ] as const) {
      expect(rows([counter({ [column]: 1 })])).toHaveLength(1);
    }
    const [served] = rows([], [[PLACE, 12]]);
    expect(served).toMatchObject({
      valid: 0,
      served: 12,
      participation: 0,
      score: null,
      line: { wording: null },
    });
  });

  it("tell participation from the people served", () => {
    expect(rows([counter({ green: 9, yellow: 1 })], [[PLACE, 80]])[0]).toMatchObject({
      served: 80,
      participation: 125,
    });
    expect(rows([counter({ green: 9 })])[0]).toMatchObject({ served: null, participation: null });
  });

  it("give the people served to the newest of two wordings, and a participation to neither", () => {
    const table = rows([counter({ green: 9 }, PLACE, 1), counter({ green: 4 }, PLACE, 2)], [[PLACE, 80]]);
    expect(table.map(({ served, participation }) => [served, participation])).toEqual([
      [null, null],
      [80, null],
    ]);
  });

  it("show a score from ten votes on, and of any number to who may see exact figures", () => {
    const month = (green: number) =>
      shownMonth(linesOf([counter({ green })], () => ({ place: PLACE, gatheredPeople: null })));
    expect(rowsOf(month(9), new Map(), about(false))[0]).toMatchObject({
      valid: 9,
      score: null,
      isSuppressed: true,
    });
    expect(rowsOf(month(10), new Map(), about(false))[0]).toMatchObject({
      score: { share: 1_000, low: 722, high: 1_000 },
      isSuppressed: false,
    });
    expect(rows([counter({ green: 2, red: 1, reason_wait: 1 })])[0]).toMatchObject({
      score: { share: 667 },
      isSuppressed: false,
    });
  });

  it("hide what small groups could be worked out from: participation with the votes, score with green", () => {
    const hidden = (counts: Partial<Record<CountColumn, number>>) =>
      rowsOf(
        shownMonth(linesOf([counter(counts)], () => ({ place: PLACE, gatheredPeople: null }))),
        servedSums([{ place: PLACE, served: 40 }]),
        about(false),
      )[0];
    expect(hidden({ green: 4 })).toMatchObject({
      valid: null,
      participation: null,
      score: null,
      served: 40,
      isSuppressed: true,
    });
    expect(hidden({ green: 20, yellow: 1 })).toMatchObject({
      valid: 21,
      participation: 525,
      score: null,
      isSuppressed: true,
    });
  });
});

describe("services shown together", () => {
  /** Everything of the registry under the office's name; two people behind births, three behind ids. */
  const gathered: PublicPlaces = (place) => ({
    place: at("registry", ""),
    gatheredPeople: place.serviceId === "ids" ? 3 : 2,
  });
  const shown = (counters: readonly CounterRow[]) =>
    rowsOf(shownMonth(linesOf(counters, gathered)), new Map(), about(false));

  it("are one row, with the figures of all of them", () => {
    const table = shown([
      counter({ green: 20 }),
      counter({ green: 30, red: 8, reason_wait: 8 }, at("registry", "ids")),
    ]);
    expect(table).toHaveLength(1);
    expect(table[0]).toMatchObject({ valid: 58, line: { place: at("registry", "") } });
  });

  it("keep their wordings apart", () => {
    expect(shown([counter({ green: 20 }), counter({ green: 30 }, at("registry", "ids"), 2)])).toHaveLength(2);
  });

  it("show no votes of a period in which only two people's service had any", () => {
    expect(
      shown([counter({ green: 20 }), counter({ refused_used: 9 }, at("registry", "ids"))])[0],
    ).toMatchObject({
      valid: null,
      score: null,
    });
  });
});

describe("several parts as one", () => {
  const PARTS: readonly Lines[] = [
    [counter({ green: 30, yellow: 6 })],
    [counter({ green: 40, yellow: 5 })],
    [counter({ green: 2 })],
  ].map((counters) => linesOf(counters, null));

  it("are added up", () => {
    const [row] = rowsOf(sumOfLines(PARTS), new Map(), about(true));
    expect(row).toMatchObject({ valid: 83, score: { share: 867 } });
    expect(sumOfLines([])).toEqual(new Map());
  });

  it("show what each of them shows, and nothing that one hides", () => {
    const parts = shownParts(shownMonth(sumOfLines(PARTS)), PARTS);
    const validOf = (some: readonly Lines[]) => rowsOf(sumOfLines(some), new Map(), about(false))[0]?.valid;
    expect(validOf(parts.slice(0, 1))).toBe(36);
    expect(validOf(parts.slice(0, 2))).toBeNull();
    expect(validOf(parts)).toBeNull();
  });
});

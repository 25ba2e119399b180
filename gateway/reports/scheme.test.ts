import { describe, expect, it } from "vitest";
import { FACES, REASONS } from "#schemas/code-list.ts";
import { detailOfMonth, seenIn } from "./detail.ts";
import { ALL_SEEN, isSeen, isValidSeen } from "./scheme.ts";
import { tally } from "./tally.fixture.ts";
import { cellIndex, type Tally, type TallyCell } from "./tally.ts";

/** What a reader finds in a row of a month: the figures, and `null` where one is hidden. */
function published(month: Tally): Readonly<Record<string, number | null>> {
  const seen = seenIn(detailOfMonth(month), month);
  const of = (cell: TallyCell) =>
    isSeen(seen, cellIndex(cell)) ? (month.cells[cellIndex(cell)] as number) : null;
  const valid = FACES.reduce((sum, face) => sum + (month.cells[cellIndex(face)] as number), 0);
  return {
    valid: isValidSeen(seen) ? valid : null,
    ...Object.fromEntries(FACES.map((face) => [face, of(face)])),
    ...Object.fromEntries(REASONS.map((reason) => [reason, of(`reason_${reason}`)])),
  };
}

/** Every way to share a number among some cells. */
function* shares(total: number, cells: number): Generator<readonly number[]> {
  if (cells === 1) yield [total];
  else
    for (let first = 0; first <= total; first++)
      for (const rest of shares(total - first, cells - 1)) yield [first, ...rest];
}

type Look = Readonly<Record<string, number | null>>;

/**
 * The hidden cells that a reader who knows the rule by heart can work out: of all rows that look alike, every one has
 * the same value there.
 */
function foundOut(
  rows: Iterable<readonly number[]>,
  names: readonly string[],
  publish: (row: readonly number[]) => Look,
): readonly string[] {
  const looks = new Map<string, readonly Set<number>[]>();
  for (const row of rows) {
    const text = JSON.stringify(publish(row));
    const values = looks.get(text) ?? row.map(() => new Set<number>());
    looks.set(text, values);
    for (const [cell, count] of row.entries()) values[cell]?.add(count);
  }
  return [...looks].flatMap(([text, values]) => {
    const look = JSON.parse(text) as Look;
    return names
      .filter((name, cell) => look[name] === null && values[cell]?.size === 1)
      .map((name) => `${name} in ${text}`);
  });
}

describe("what one row shows", () => {
  it("is everything, when no cell is small", () => {
    const month = tally({ green: 40, yellow: 7, red: 12, reason_wait: 7, reason_none: 5 });
    expect(seenIn(detailOfMonth(month), month)).toBe(ALL_SEEN);
  });

  it("is nothing of fewer than five votes", () => {
    expect(Object.values(published(tally({ green: 4 }))).every((cell) => cell === null)).toBe(true);
  });

  it("is no cell below five, and never one hidden cell alone", () => {
    expect(published(tally({ green: 40, yellow: 20, red: 3, reason_wait: 3 }))).toMatchObject({
      valid: 63,
      green: 40,
      yellow: null,
      red: null,
      wait: null,
    });
  });

  it("hides green too, when yellow and red together are a small group", () => {
    expect(published(tally({ green: 20, yellow: 1 }))).toMatchObject({
      valid: 21,
      green: null,
      yellow: null,
      red: null,
    });
  });

  it("hides a small reason with others, and keeps the large ones", () => {
    const reasons = {
      reason_wait: 20,
      reason_staff: 12,
      reason_return: 6,
      reason_outcome: 2,
      reason_none: 8,
    };
    expect(published(tally({ green: 60, yellow: 10, red: 48, ...reasons }))).toMatchObject({
      red: 48,
      wait: 20,
      staff: 12,
      return: 6,
      outcome: null,
      none: null,
    });
  });

  it("tells zeroes of a period in which nobody voted", () => {
    expect(published(tally({ rejected_used: 9 }))).toMatchObject({ valid: 0, green: 0, red: 0, none: 0 });
  });

  it("hides a small side cell alone, since nothing is added up with it", () => {
    const month = tally({ green: 20, yellow: 5, red: 5, reason_none: 5, conflict: 4, unverified: 5 });
    const seen = seenIn(detailOfMonth(month), month);
    expect(isSeen(seen, cellIndex("conflict"))).toBe(false);
    expect(isSeen(seen, cellIndex("unverified"))).toBe(true);
  });

  const faces = ([green = 0, yellow = 0, red = 0]: readonly number[]) =>
    published(tally({ green, yellow, red, reason_none: red }));
  const reasons = (counts: readonly number[]) =>
    published(
      tally({
        ...{ green: 50, yellow: 10, red: counts.reduce((sum, count) => sum + count, 0) },
        ...Object.fromEntries(REASONS.map((reason, index) => [`reason_${reason}`, counts[index]])),
      }),
    );

  it("lets no hidden face be worked out, in any row of up to 30 votes", () => {
    for (let total = 5; total <= 30; total++) expect(foundOut(shares(total, 3), FACES, faces)).toEqual([]);
  });

  it("lets no hidden reason be worked out, in any row of up to 16 red votes", () => {
    for (let red = 5; red <= 16; red++) expect(foundOut(shares(red, 5), REASONS, reasons)).toEqual([]);
  });

  it("would be worked out from a rule that hides the smallest other face instead of always the same", () => {
    const smallestOther = (row: readonly number[]): Look => {
      const rising = [...row.keys()].sort((a, b) => (row[a] as number) - (row[b] as number));
      const hidden = rising.filter((cell) => (row[cell] as number) > 0 && (row[cell] as number) < 5);
      for (const cell of rising.filter((other) => !hidden.includes(other))) {
        if (
          hidden.length === 0 ||
          (hidden.length > 1 && hidden.reduce((sum, c) => sum + (row[c] as number), 0) >= 5)
        )
          break;
        hidden.push(cell);
      }
      return Object.fromEntries(
        FACES.map((face, cell) => [face, hidden.includes(cell) ? null : (row[cell] as number)]),
      );
    };
    expect(foundOut(shares(13, 3), FACES, smallestOther)).toContain(
      'yellow in {"green":5,"yellow":null,"red":null}',
    );
  });
});

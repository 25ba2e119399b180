import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { detailOfMonth, detailsOfParts, seenIn } from "./detail.ts";
import { type Equation, linearSpan } from "./linear-span.fixture.ts";
import { ALL_SEEN, isSeen, isValidSeen } from "./scheme.ts";
import { tally } from "./tally.fixture.ts";
import { addTallies, cellIndex, NO_TALLY, type Tally, VOTE_CELLS } from "./tally.ts";

const seenOfParts = (parts: readonly Tally[]) => {
  const month = parts.reduce(addTallies, NO_TALLY);
  return detailsOfParts(detailOfMonth(month), parts).map((detail, part) =>
    seenIn(detail, parts[part] as Tally),
  );
};
const green = (count: number) => tally({ green: count });

describe("the parts of a period", () => {
  it("show everything when no part is a small group", () => {
    expect(seenOfParts([green(5), green(30), NO_TALLY])).toEqual([ALL_SEEN, ALL_SEEN, ALL_SEEN]);
  });

  it("never hide one part alone: it would be the whole without the others", () => {
    expect(seenOfParts([green(50), green(2), green(40)]).map(isValidSeen)).toEqual([true, false, false]);
  });

  it("hide as many as it takes for the hidden ones to be no small group together", () => {
    expect(seenOfParts([green(50), green(40), green(1), green(1)]).map(isValidSeen)).toEqual([
      true,
      false,
      false,
      false,
    ]);
  });

  it("show no more than the whole does", () => {
    // The month hides yellow and red, because red is small.
    const parts = [tally({ green: 60, yellow: 7 }), tally({ green: 60, yellow: 8, red: 1, reason_wait: 1 })];
    for (const seen of seenOfParts(parts)) {
      expect(isSeen(seen, cellIndex("green"))).toBe(true);
      expect(isSeen(seen, cellIndex("yellow"))).toBe(false);
      expect(isSeen(seen, cellIndex("red"))).toBe(false);
    }
  });

  it("of a whole that is hidden are hidden", () => {
    expect(seenOfParts([green(2), green(2)]).map(isValidSeen)).toEqual([false, false]);
    expect(detailsOfParts(undefined, [green(90)]).map((detail) => seenIn(detail, green(90)))).toEqual([0]);
  });

  it("say how many voted where faces stay hidden", () => {
    const parts = [
      tally({ green: 30, yellow: 9, red: 3, reason_none: 3 }),
      tally({ green: 28, yellow: 2, red: 12, reason_none: 12 }),
    ];
    for (const seen of seenOfParts(parts)) {
      expect(isValidSeen(seen)).toBe(true);
      expect(isSeen(seen, cellIndex("red"))).toBe(false);
    }
  });

  it("show votes only where three people stand behind them", () => {
    const parts = [
      { ...green(30), people: 2 },
      { ...green(30), people: 5 },
      { ...green(30), people: 7 },
    ];
    const month = { ...parts.reduce(addTallies, NO_TALLY), people: 7 };
    const seen = detailsOfParts(detailOfMonth(month), parts).map((detail, part) =>
      seenIn(detail, parts[part] as Tally),
    );
    expect(seen.map(isValidSeen)).toEqual([false, true, false]);
    expect(isValidSeen(seenIn(detailOfMonth({ ...green(90), people: 2 }), green(90)))).toBe(false);
  });

  it("hide small side cells by the same rule", () => {
    const conflicts = (count: number) => tally({ green: 20, conflict: count });
    const seen = seenOfParts([conflicts(9), conflicts(0), conflicts(1), conflicts(6)]);
    expect(seen.map((bits) => isSeen(bits, cellIndex("conflict")))).toEqual([true, true, false, false]);
  });

  it("leave every hidden number of votes at least two values, for who knows the rule by heart", () => {
    for (let total = 5; total <= 22; total++) {
      const looks = new Map<string, Set<number>[]>();
      for (const counts of shares(total, 4)) {
        const seen = seenOfParts(counts.map(green)).map(isValidSeen);
        // That a part holds any votes is seen from its having a row.
        const look = JSON.stringify(counts.map((count, part) => (seen[part] ? count : count > 0)));
        const values = looks.get(look) ?? counts.map(() => new Set<number>());
        looks.set(look, values);
        for (const [part, count] of counts.entries()) if (!seen[part]) values[part]?.add(count);
      }
      for (const [look, values] of looks) {
        if (values.some(({ size }) => size === 1))
          expect.fail(`${total} votes: a part of ${look} is found out`);
      }
    }
  });
});

describe("the files of a month by hour, day, week and month, all taken together", () => {
  it("let no small group be worked out by adding and subtracting their figures", () => {
    fc.assert(
      fc.property(months, (month) => {
        const nodes = nodesOf(month);
        const unknowns = nodes.filter(({ parts }) => parts.length === 0).length * ATOMS.length;
        const span = linearSpan(nodes.flatMap(publishedBy), unknowns);
        for (const some of nodes.flatMap(({ parts }) => subsets(parts))) {
          for (const { name, atoms, count } of groupsOf(some)) {
            if (count > 0 && count < 5 && span.holds(unknownsOf(some, atoms))) {
              expect.fail(`${count} ${name} of ${some.hours.length} hours can be worked out`);
            }
          }
        }
      }),
      { numRuns: 150 },
    );
  });

  it("would let some be worked out, were each row only hidden for itself", () => {
    const hours = [green(2), green(40), green(30)];
    const month: Node = { hours: [0, 1, 2], tally: green(72), seen: ALL_SEEN, parts: [] };
    const rows = hours.map(
      (hour, index): Node => ({
        hours: [index],
        tally: hour,
        seen: seenIn(detailOfMonth(hour), hour),
        parts: [],
      }),
    );
    const span = linearSpan([month, ...rows].flatMap(publishedBy), 3 * ATOMS.length);
    expect(span.holds(unknownsOf(rows[0] as Node, ["green"]))).toBe(true);
  });
});

type Hours = Pick<Node, "hours" | "tally">;

/** Some parts of a period taken together, in every way. */
function subsets(parts: readonly Hours[]): readonly Hours[] {
  const [first, ...others] = parts;
  if (first === undefined) return [];
  const without = subsets(others);
  const withFirst = without.map(({ hours, tally }) => ({
    hours: [...first.hours, ...hours],
    tally: addTallies(first.tally, tally),
  }));
  return [first, ...without, ...withFirst];
}

/** What hours hold independently of each other; everything else is a sum of these. */
const ATOMS = [
  "green",
  "yellow",
  "reason_wait",
  "reason_staff",
  "reason_return",
  "reason_outcome",
  "reason_none",
] as const;
type Atom = (typeof ATOMS)[number];
const RED: readonly Atom[] = ATOMS.slice(2);

type Tree = Tally | readonly Tree[];
type Node = {
  /** The numbers of the hours in it. */
  readonly hours: readonly number[];
  readonly tally: Tally;
  readonly seen: number;
  readonly parts: readonly Node[];
};

/** Few votes in most cells, so that nearly every row has something to hide. */
const few = fc.oneof({ weight: 3, arbitrary: fc.nat(2) }, fc.nat(9), fc.integer({ min: 5, max: 30 }));
const hour = fc
  .record({ green: few, yellow: few, reasons: fc.array(few, { minLength: 5, maxLength: 5 }) })
  .map(({ green, yellow, reasons }) => {
    const [wait = 0, staff = 0, back = 0, outcome = 0, none = 0] = reasons;
    return tally({
      ...{ green, yellow, red: reasons.reduce((sum, count) => sum + count, 0) },
      ...{
        reason_wait: wait,
        reason_staff: staff,
        reason_return: back,
        reason_outcome: outcome,
        reason_none: none,
      },
    });
  });
const several = <T>(part: fc.Arbitrary<T>, maxLength: number) => fc.array(part, { minLength: 1, maxLength });
const months: fc.Arbitrary<Tree> = several(several(several(hour, 3), 2), 2);

/** The month and everything in it, each with what it shows. */
function nodesOf(month: Tree): readonly Node[] {
  let hours = 0;
  const sumOf = (tree: Tree): Tally => (isHour(tree) ? tree : tree.map(sumOf).reduce(addTallies, NO_TALLY));
  const grow = (tree: Tree, detail: ReturnType<typeof detailOfMonth>): Node => {
    const whole = sumOf(tree);
    const trees = isHour(tree) ? [] : tree;
    const details = detailsOfParts(detail, trees.map(sumOf));
    const parts = trees.map((part, index) => grow(part, details[index] as typeof detail));
    const own = isHour(tree) ? [hours++] : parts.flatMap((part) => part.hours);
    return { hours: own, tally: whole, seen: seenIn(detail, whole), parts };
  };
  const all = (node: Node): readonly Node[] => [node, ...node.parts.flatMap(all)];
  return all(grow(month, detailOfMonth(sumOf(month))));
}

function isHour(tree: Tree): tree is Tally {
  return !Array.isArray(tree);
}

/** What a reader learns from one row. */
function publishedBy(node: Node): readonly Equation[] {
  const { cells } = node.tally;
  const valid = (cells[0] as number) + (cells[1] as number) + (cells[2] as number);
  return [
    ...(isValidSeen(node.seen) ? [{ unknowns: unknownsOf(node, ATOMS), sum: valid }] : []),
    ...VOTE_CELLS.filter((cell) => isSeen(node.seen, cellIndex(cell))).map((cell) => ({
      unknowns: unknownsOf(node, cell === "red" ? RED : [cell]),
      sum: cells[cellIndex(cell)] as number,
    })),
  ];
}

/** Everything about a row that must not be learnt when it is a small group. */
function groupsOf({ tally: { cells } }: Hours) {
  const groups: Readonly<Record<string, readonly Atom[]>> = {
    ...Object.fromEntries(ATOMS.map((atom) => [atom, [atom]])),
    red: RED,
    valid: ATOMS,
    "yellow or red": ["yellow", ...RED],
    "green or yellow": ["green", "yellow"],
    "green or red": ["green", ...RED],
  };
  return Object.entries(groups).map(([name, atoms]) => ({
    name,
    atoms,
    count: atoms.reduce((sum, atom) => sum + (cells[cellIndex(atom)] as number), 0),
  }));
}

function unknownsOf({ hours }: Hours, atoms: readonly Atom[]): readonly number[] {
  return hours.flatMap((hour) => atoms.map((atom) => hour * ATOMS.length + ATOMS.indexOf(atom)));
}

/** Every way to share a number among some parts. */
function* shares(total: number, parts: number): Generator<readonly number[]> {
  if (parts === 1) yield [total];
  else
    for (let first = 0; first <= total; first++)
      for (const rest of shares(total - first, parts - 1)) yield [first, ...rest];
}

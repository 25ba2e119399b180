import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FACES, type Face } from "#schemas/code-list.ts";
import { type CounterRow, linesOf } from "../reports/lines.ts";
import { COUNT_COLUMNS, type CountColumn } from "../rollups/counts.ts";
import { type Held, type LiveFigures, type LiveRules, nextHeld } from "./live-figures.ts";

const DAY = "2026-11-24";
const PLACE = { siteId: "municipio", officeId: "tributi", serviceId: "imu" };
const STEP = 5;
const rules = (over: Partial<LiveRules> = {}): LiveRules => ({
  step: STEP,
  wording: 1,
  isExact: true,
  ...over,
});

function linesAfter(votes: readonly Face[], wording = 1) {
  const counts = Object.fromEntries(COUNT_COLUMNS.map((column) => [column, 0])) as Record<
    CountColumn,
    number
  >;
  for (const face of votes) {
    counts[face] += 1;
    if (face === "red") counts.reason_none += 1;
  }
  const row: CounterRow = { ...PLACE, wording, counts };
  return linesOf(votes.length === 0 ? [] : [row], null);
}

const shownBy = (held: Held): LiveFigures | null => [...held.places.values()][0]?.shown ?? null;

/** What somebody sees who looks after every vote. */
function looks(votes: readonly Face[], over: Partial<LiveRules> = {}, start: Held | null = EMPTY) {
  let held = start;
  const from = start === null ? 1 : 0;
  const views: (LiveFigures | null)[] = [];
  for (let n = from; n <= votes.length; n++) {
    held = nextHeld(held, DAY, linesAfter(votes.slice(0, n)), rules(over));
    views.push(shownBy(held));
  }
  return views;
}

const EMPTY: Held = { day: DAY, places: new Map() };
const cast = fc.array(fc.constantFrom(...FACES), { maxLength: 60 });
const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);

/** The votes cut where what is shown moves. */
function groupsOf(
  votes: readonly Face[],
  views: readonly (LiveFigures | null)[],
): readonly (readonly Face[])[] {
  const moves = views.flatMap((view, n) => (n > 0 && !same(view, views[n - 1]) ? [n] : []));
  const ends = [...moves, votes.length];
  return ends.map((end, at) => votes.slice(at === 0 ? 0 : (ends[at - 1] as number), end));
}

describe("the figures of today", () => {
  it.each([true, false])(
    "show the same at every look, in whatever order the votes of a group came (exact: %s)",
    (isExact) => {
      fc.assert(
        fc.property(cast, fc.infiniteStream(fc.nat(1_000)), (votes, chance) => {
          const views = looks(votes, { isExact });
          // Groups by number, as a person at the totem would count them: the figures may move at each fifth vote only.
          const shuffled: Face[] = [];
          for (let at = 0; at < votes.length; at += STEP) {
            const group = votes
              .slice(at, at + STEP)
              .map((face) => ({ face, key: chance.next().value as number }));
            // The last group is not whole: nothing of it is shown.
            shuffled.push(...group.toSorted((a, b) => a.key - b.key).map(({ face }) => face));
          }
          expect(looks(shuffled, { isExact })).toEqual(views);
        }),
      );
    },
  );

  it("would not hide the order if each face were rounded by itself: the property can fail", () => {
    const rounded = (votes: readonly Face[]) =>
      votes.map((_, n) =>
        FACES.map(
          (face) => Math.floor(votes.slice(0, n + 1).filter((one) => one === face).length / STEP) * STEP,
        ),
      );
    const first: Face[] = ["red", "red", "red", "red", "green"];
    const votes: Face[] = [...first, "red", "green", "green", "green", "green"];
    const other: Face[] = [...first, "green", "green", "green", "green", "red"];
    expect(rounded(votes)).not.toEqual(rounded(other));
    expect(looks(votes)).toEqual(looks(other));
  });

  it("move in whole steps, and only when a whole group has come, also across a restart", () => {
    fc.assert(
      fc.property(cast, fc.nat(60), (votes, restartAfter) => {
        const before = votes.slice(0, restartAfter);
        const first = looks(before);
        const after = votes.slice(restartAfter).map((_, n) => votes.slice(0, restartAfter + n + 1));
        let held: Held | null = null;
        // The gateway starts, somebody looks, and votes go on.
        held = nextHeld(held, DAY, linesAfter(before), rules());
        expect(shownBy(held)).toBeNull();
        const second = after.map((so) => {
          held = nextHeld(held, DAY, linesAfter(so), rules());
          return shownBy(held);
        });
        for (const view of [...first, ...second]) {
          for (const figure of Object.values(view ?? {})) expect(Number(figure) % STEP).toBe(0);
        }
        for (const [views, all] of [
          [first, before],
          [[null, ...second], votes.slice(restartAfter)],
        ] as const) {
          for (const group of groupsOf(all, views).slice(0, -1))
            expect(group.length).toBeGreaterThanOrEqual(STEP);
        }
      }),
    );
  });

  it("never show more than there is, and soon show nearly all of it", () => {
    const votes: Face[] = Array.from({ length: 23 }, (_, n) => (n % 4 === 0 ? "red" : "green"));
    expect(looks(votes).at(-1)).toEqual({ valid: 20, green: 15, yellow: 0, red: 5 });
  });

  it("begin anew each day", () => {
    const yesterday = nextHeld(EMPTY, DAY, linesAfter(Array(9).fill("green")), rules());
    const today = nextHeld(yesterday, "2026-11-25", linesAfter(Array(3).fill("green")), rules());
    expect(shownBy(today)).toBeNull();
    expect(shownBy(nextHeld(today, "2026-11-25", linesAfter(Array(5).fill("green")), rules()))?.green).toBe(
      5,
    );
  });

  it("stay when a correction takes a vote back", () => {
    const held = nextHeld(EMPTY, DAY, linesAfter(Array(5).fill("green")), rules());
    expect(shownBy(nextHeld(held, DAY, linesAfter(Array(4).fill("green")), rules()))).toEqual(shownBy(held));
  });

  it("hide small faces from who may not read exact figures, with another one beside them", () => {
    const votes: Face[] = [...Array(20).fill("green"), "yellow", ...Array(9).fill("red")];
    const shown = looks(votes, { isExact: false }).at(-1);
    expect(shown).toEqual({ valid: 30, green: 20, yellow: null, red: null });
    expect(looks(votes).at(-1)).toEqual({ valid: 30, green: 20, yellow: 0, red: 5 });
  });

  it("are of one wording, and follow every vote of sample data", () => {
    expect(shownBy(nextHeld(EMPTY, DAY, linesAfter(["green"], 2), rules({ step: 1 })))).toBeNull();
    expect(shownBy(nextHeld(null, DAY, linesAfter(["green"]), rules({ step: 1 })))?.green).toBe(1);
  });
});

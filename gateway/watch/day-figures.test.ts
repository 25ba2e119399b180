import { describe, expect, it } from "vitest";
import type { Face } from "#schemas/code-list.ts";
import { MINUTE_MS } from "#schemas/time.ts";
import { dayFigures, type WatchedVote } from "./day-figures.ts";

/** A vote at a minute of the day, on a ticket of as many minutes before. */
const vote = (minute: number, face: Face, delay: number | null = 2, afterHours = false): WatchedVote => ({
  ...{ atMs: minute * MINUTE_MS, face, afterHours },
  minute: delay === null ? null : Math.floor(minute - delay),
});

describe("the figures of a day", () => {
  it("are nothing without votes", () => {
    expect(Object.values(dayFigures([])).every((figure) => figure === 0)).toBe(true);
  });

  it("count slots, rows, delays and votes after hours", () => {
    const votes = [
      vote(500, "green"),
      vote(500.5, "green"),
      vote(501.5, "green", 40),
      // Within a minute, but another face: a new row begins.
      vote(502, "red", 15),
      vote(509.9, "green", null),
      vote(510, "yellow", 14),
      vote(900, "green", 59, true),
      vote(950, "red", 1, true),
    ];
    expect(dayFigures(votes)).toEqual({
      ...{ votes: 8, green: 5, slotVotes: 5, quick: 4, row: 3 },
      ...{ timed: 7, delayed: 3, delayedGreen: 2, afterHours: 2, afterHoursGreen: 1 },
    });
  });
});

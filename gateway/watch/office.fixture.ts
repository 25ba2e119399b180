/**
 * A simulated desk, month after month: how votes come where nobody cheats, with what makes honest offices look odd, and the frauds
 * that are to be found. Seeded, so that every run is the same.
 */
import type { Face } from "#schemas/code-list.ts";
import type { Random } from "#schemas/seeded.fixture.ts";
import { MINUTE_MS } from "#schemas/time.ts";
import { dayFigures, type WatchedVote } from "./day-figures.ts";
import type { WatchedDay } from "./indicators.ts";

export type Desk = {
  readonly green: number;
  readonly red: number;
  /** People served on a usual day. */
  readonly people: number;
  /** Of them, how many vote. */
  readonly part: number;
  /** How many days are bad ones: the network is down, somebody is ill, and people wait. */
  readonly badDays: number;
};

export function someDesk(random: Random): Desk {
  const green = 0.45 + random.next() * 0.48;
  return {
    green,
    red: (1 - green) * (0.3 + random.next() * 0.5),
    people: 20 + random.next() * 100,
    part: 0.25 + random.next() * 0.5,
    badDays: random.next() * 0.25,
  };
}

export type Fraud = "none" | "burst" | "slow-burst" | "switched-off" | "chosen-citizens" | "after-hours";

const OPENS_AT_MINUTE = 8 * 60 + 30;
const OPEN_MINUTES = 270;
const DAY_MINUTES = 1_440;
const WORKING_DAYS = 21;

/** One month of a desk. */
export function simulatedMonth(desk: Desk, fraud: Fraud, random: Random): readonly WatchedDay[] {
  // In some months fewer people stop at the totem.
  const season = 0.85 + random.next() * 0.3;
  return Array.from({ length: WORKING_DAYS }, (_, day) => {
    const mood = random.next() < desk.badDays ? 0.3 + random.next() * 0.4 : 0.85 + random.next() * 0.3;
    const isBad = mood < 0.7;
    const overtime = random.next() < 0.15 ? 30 : 0;
    const people = Math.round(desk.people * (0.7 + random.next() * 0.6) * (day % 5 === 0 ? 1.3 : 1));
    const votes: WatchedVote[] = [];
    // Now and then a totem is moved, cleaned or without current, on any day alike.
    const brokenFrom = random.next() < 0.05 ? random.next() * OPEN_MINUTES : DAY_MINUTES;
    const unplugged = fraud === "switched-off" && isBad ? OPEN_MINUTES / 2 : DAY_MINUTES;
    const until = Math.min(brokenFrom, unplugged);
    for (let n = 0; n < people; n++) {
      const minute = random.next() * (OPEN_MINUTES + overtime);
      const face = faceOf(desk, mood, minute, random);
      const isGivenTicket = fraud !== "chosen-citizens" || face === "green" || random.next() < 0.1;
      if (!isGivenTicket || random.next() > Math.min(0.95, desk.part * season)) continue;
      const delay = random.next() < 0.05 ? 15 + random.next() * 40 : -3 * Math.log(1 - random.next());
      votes.push(cast(day, minute, delay, face));
      // A couple: one of them votes after the other, mostly the same.
      if (random.next() < 0.12)
        votes.push(
          cast(day, minute, delay + 0.4, random.next() < 0.7 ? face : faceOf(desk, mood, minute, random)),
        );
    }
    const honest = votes.filter((vote) => minuteOf(vote) - OPENS_AT_MINUTE < until);
    const all = [...honest, ...cheated(fraud, day, random)].sort((a, b) => a.atMs - b.atMs);
    return dayOf(all, people, until === DAY_MINUTES ? OPEN_MINUTES + 300 : until + 200);
  });
}

/** Contentment moves through the day: most at the beginning, least before closing. */
function faceOf(desk: Desk, mood: number, minute: number, random: Random): Face {
  const green = Math.min(0.98, desk.green * mood * (1.08 - (0.16 * minute) / OPEN_MINUTES));
  const drawn = random.next();
  if (drawn < green) return "green";
  return drawn < green + (1 - green) * (desk.red / (1 - desk.green)) ? "red" : "yellow";
}

function cast(day: number, minute: number, delay: number, face: Face): WatchedVote {
  const servedMinute = day * DAY_MINUTES + OPENS_AT_MINUTE + minute;
  const atMs = Math.floor((servedMinute + delay) * MINUTE_MS);
  return {
    ...{ atMs, face, minute: Math.floor(servedMinute) },
    afterHours: minute + delay > OPEN_MINUTES,
  };
}

function minuteOf({ atMs }: WatchedVote): number {
  return (atMs / MINUTE_MS) % DAY_MINUTES;
}

/** What a clerk adds on the tenth day. */
function cheated(fraud: Fraud, day: number, random: Random): readonly WatchedVote[] {
  if (day !== 10) return [];
  // Thirty receipts of the last hour, used up in ten minutes.
  if (fraud === "burst")
    return Array.from({ length: 30 }, (_, n) => late(day, 180 - random.next() * 50, 180 + n / 3));
  // The same more patiently: over two hours, each receipt nearly an hour old.
  if (fraud === "slow-burst")
    return Array.from({ length: 30 }, (_, n) => late(day, 80 + n * 4 - random.next(), 130 + n * 4));
  if (fraud === "after-hours")
    return Array.from({ length: 30 }, (_, n) =>
      late(day, OPEN_MINUTES - random.next() * 10, OPEN_MINUTES + 2 + n * 1.5),
    );
  return [];
}

function late(day: number, servedMinute: number, minute: number): WatchedVote {
  return cast(day, servedMinute, minute - servedMinute, "green");
}

function dayOf(votes: readonly WatchedVote[], served: number, upMinutes: number): WatchedDay {
  const count = (face: Face) => votes.filter((vote) => vote.face === face).length;
  return {
    ...{ figures: dayFigures(votes), valid: votes.length, green: count("green"), red: count("red") },
    ...{ conflicts: 0, issued: Math.round(served * 1.2) + 40, served, upMinutes },
  };
}

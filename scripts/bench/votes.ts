/**
 * Votes as totems write them, made up from a seed: the faces of a contented town, one vote a minute in opening hours.
 */
import type { Face, Reason } from "#schemas/code-list.ts";
import type { VoteEntry } from "#schemas/entry.ts";
import type { Random } from "#schemas/seeded.fixture.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS, minuteOf } from "#schemas/time.ts";
import { CURRENT_WORDING } from "#schemas/wording.ts";

/** Opening hours in UTC: seven to seventeen, ten hours. */
const OPENS_AT_HOUR = 7;
const OPEN_HOURS = 10;
const VOTES_PER_HOUR = 60;
const VOTES_PER_DAY = OPEN_HOURS * VOTES_PER_HOUR;

/** 75 green, 15 yellow, 10 red of a hundred. */
const FACES: readonly Face[] = [
  ...Array.from({ length: 15 }, () => "green" as const),
  ...Array.from({ length: 3 }, () => "yellow" as const),
  ...Array.from({ length: 2 }, () => "red" as const),
];
const REASONS: readonly Reason[] = ["wait", "wait", "staff", "return", "outcome", "none"];

/** One boot's identity: a totem that was never switched off. */
export type Boot = { readonly bootId: string; readonly bootMs: number };

/** When the vote with this number, from 0 on, is cast: minute after minute of opening hours after opening hours. */
export function castAtMs(firstDayMs: number, number: number): number {
  const day = Math.floor(number / VOTES_PER_DAY);
  const inDay = number % VOTES_PER_DAY;
  return firstDayMs + day * DAY_MS + OPENS_AT_HOUR * HOUR_MS + inDay * (HOUR_MS / VOTES_PER_HOUR);
}

/** The day on which a backlog of so many votes must begin to end before today. */
export function backlogStartMs(nowMs: number, votes: number): number {
  const today = Math.floor(nowMs / DAY_MS) * DAY_MS;
  return today - Math.ceil(votes / VOTES_PER_DAY) * DAY_MS;
}

/** A vote with a signed ticket nobody else holds. */
export function makeVote(
  random: Random,
  at: { readonly atMs: number; readonly boot: Boot; readonly services: readonly string[] },
): VoteEntry {
  const face = random.pick(FACES);
  return {
    kind: "vote",
    time: {
      wallMs: at.atMs,
      monotonicUs: (at.atMs - at.boot.bootMs) * 1_000,
      bootId: at.boot.bootId,
      clock: "trusted",
    },
    id: random.bytes(16).toString("hex"),
    service: random.pick(at.services),
    wording: CURRENT_WORDING,
    face,
    reason: face === "red" ? random.pick(REASONS) : null,
    mode: "live",
    ticket: {
      profile: "signed",
      proof: "signature",
      issuerKeyId: "ufficio-1-live-0a1b2c3d",
      minute: minuteOf(at.atMs - 5 * MINUTE_MS),
      mark: random.bytes(16).toString("hex"),
    },
    flags: [],
  };
}

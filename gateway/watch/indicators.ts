/**
 * The signs of gaming that are looked for in a service's month, each as one chance: how likely an honest month would show at least as
 * much of it. Pure. Each is tested against an honest service that is already twice as odd as this one is used to be, so that an
 * ordinary bad or busy day is none; and each looks only at the direction that would help somebody.
 */
import { SIGNS, type Sign } from "#schemas/api.ts";
import type { DayFigures } from "./day-figures.ts";
import { binomialTail, poissonTail, rankSumTail } from "./tails.ts";

/** One service's day, as far as it is known. */
export type WatchedDay = {
  readonly figures: DayFigures;
  /** Counted votes of all kinds of clocks, those that count red, and those whose ticket was already used on another totem. */
  readonly valid: number;
  readonly green: number;
  readonly red: number;
  readonly conflicts: number;
  /** Tickets printed through the gateway; people served, null where nobody told. */
  readonly issued: number;
  readonly served: number | null;
  /** Minutes the site's totems were at work; null without a statement. */
  readonly upMinutes: number | null;
};

/** One service's month and the days before it that it is compared with. */
export type WatchedMonth = {
  readonly days: readonly WatchedDay[];
  readonly before: readonly WatchedDay[];
};

/** Fewer days say nothing about what is usual. */
const USUAL_DAYS_MIN = 10;
/** Fewer votes a day give a share that says nothing. */
const DAY_VOTES_MIN = 5;
/** How much odder than usual an honest service may be. */
const MARGIN = 2;
/** A share below this is as usual as none: one vote in twenty. */
const SHARE_FLOOR = 0.05;
/** The most votes of a usual slot is at least this: a quiet service sees three people leave together now and then. */
const SLOT_FLOOR = 2;
/** Of the people served a quarter less than before, with five points more of them content: less is everyday change. */
const PARTICIPATION_FALL = 0.75;
const GREEN_RISE = 0.05;
/** An hour less than usual is more than a restart, an update or a cleaning. */
const SHORT_DAY_MINUTES = 60;
const SHORT_DAYS_MIN = 4;
/** Tickets printed on the month's last evening and used on the next morning, and a printer's spare tries. */
const ISSUED_SLACK_SHARE = 1.02;
const ISSUED_SLACK = 3;

/** The chance of each sign in an honest month; signs that cannot be judged are left out. */
export function chancesOf(month: WatchedMonth): ReadonlyMap<Sign, number> {
  const chances = new Map<Sign, number>();
  for (const sign of SIGNS) {
    const chance = JUDGES[sign](month);
    if (chance !== null) chances.set(sign, Math.min(1, chance));
  }
  return chances;
}

const JUDGES: Readonly<Record<Sign, (month: WatchedMonth) => number | null>> = {
  burst: ({ days, before }) => {
    const usual = usualDays({ days, before });
    if (usual === null) return null;
    const slot = Math.max(SLOT_FLOOR, median(usual.map((day) => day.figures.slotVotes)));
    return anyDay(days, ({ figures }) => poissonTail(MARGIN * slot, figures.slotVotes));
  },

  row: ({ days, before }) => {
    const usual = usualDays({ days, before });
    if (usual === null) return null;
    const quick = widened(share(usual, "quick", "votes"));
    // Two neighbours choose the same face most often where one face has nearly all votes.
    const green = share(usual, "green", "votes");
    const same = widened(Math.max(green, 1 - green));
    return anyDay(days, ({ figures: { row, votes } }) =>
      row < 2 ? 1 : Math.min(1, votes * (quick * same) ** (row - 1)),
    );
  },

  "kept-receipts": ({ days, before }) => judgeShare({ days, before }, "delayed", "timed", "delayedGreen"),

  "after-hours": ({ days, before }) => judgeShare({ days, before }, "afterHours", "votes", "afterHoursGreen"),

  "chosen-citizens": ({ days, before }) => {
    const [now, then] = [asked(days), asked(before)];
    if (now.length < USUAL_DAYS_MIN || then.length < USUAL_DAYS_MIN) return null;
    const part = (one: Asked) => one.valid / one.asked;
    const content = (one: Asked) => one.green / one.valid;
    const isFewer = median(now.map(part)) <= PARTICIPATION_FALL * median(then.map(part));
    const isGreener = median(now.map(content)) >= median(then.map(content)) + GREEN_RISE;
    if (!isFewer || !isGreener) return 1;
    // Both must be beyond chance: the larger one of the two is the chance of both.
    const absent = (one: Asked) => -part(one);
    return Math.max(
      rankSumTail(now.map(absent), then.map(absent)),
      rankSumTail(now.map(content), then.map(content)),
    );
  },

  "switched-off": ({ days, before }) => {
    const known = [...days, ...before].filter((day) => day.upMinutes !== null && day.valid >= DAY_VOTES_MIN);
    if (known.length < USUAL_DAYS_MIN) return null;
    const usual = median(known.map((day) => day.upMinutes ?? 0));
    const isShort = (day: WatchedDay) => (day.upMinutes ?? 0) <= usual - SHORT_DAY_MINUTES;
    const badness = (some: readonly WatchedDay[]) => some.map((day) => (day.red - day.green) / day.valid);
    const short = known.filter(isShort);
    const whole = known.filter((day) => !isShort(day));
    // Half of the days short is not a totem switched off on some of them; and what is long over was told then.
    if (
      short.length < SHORT_DAYS_MIN ||
      short.length >= whole.length ||
      !short.some((day) => days.includes(day))
    )
      return 1;
    return rankSumTail(badness(short), badness(whole));
  },

  "more-than-issued": ({ days }) => {
    const issued = total(days, (day) => day.issued);
    if (issued === 0) return null;
    return poissonTail(
      issued * ISSUED_SLACK_SHARE + ISSUED_SLACK,
      total(days, (day) => day.valid + day.conflicts),
    );
  },
};

/** A day with more votes of a kind than twice the usual share, as long as they are not less content than others. */
function judgeShare(
  month: WatchedMonth,
  part: "delayed" | "afterHours",
  whole: "timed" | "votes",
  green: "delayedGreen" | "afterHoursGreen",
): number | null {
  const usual = usualDays(month);
  if (usual === null) return null;
  const expected = widened(Math.max(SHARE_FLOOR, medianShare(usual, part, whole)));
  const content = share(usual, "green", "votes");
  return anyDay(month.days, ({ figures }) =>
    figures[green] < content * figures[part] ? 1 : binomialTail(figures[whole], expected, figures[part]),
  );
}

/** Days that say what is usual: those before, and the month's own, of which a few odd ones change no median. */
function usualDays({ days, before }: WatchedMonth): readonly WatchedDay[] | null {
  const usual = [...before, ...days].filter((day) => day.figures.votes >= DAY_VOTES_MIN);
  return usual.length < USUAL_DAYS_MIN ? null : usual;
}

type Asked = { readonly valid: number; readonly green: number; readonly asked: number };

/** Days on which it is known how many people could have voted: served, or given a ticket. */
function asked(days: readonly WatchedDay[]): readonly Asked[] {
  return days.flatMap(({ valid, green, served, issued }) => {
    const people = served ?? issued;
    return people > 0 && valid >= DAY_VOTES_MIN ? [{ valid, green, asked: people }] : [];
  });
}

/** The chance that any of the days shows as much: at most the sum of all of them (Bonferroni). */
function anyDay(days: readonly WatchedDay[], chance: (day: WatchedDay) => number): number {
  const voted = days.filter((day) => day.figures.votes > 0);
  return voted.length * voted.reduce((least, day) => Math.min(least, chance(day)), 1);
}

/** A share with twice its odds. */
function widened(part: number): number {
  return (MARGIN * part) / (1 - part + MARGIN * part);
}

function share(days: readonly WatchedDay[], part: keyof DayFigures, whole: keyof DayFigures): number {
  const all = total(days, ({ figures }) => figures[whole]);
  return all === 0 ? 0 : total(days, ({ figures }) => figures[part]) / all;
}

function medianShare(days: readonly WatchedDay[], part: keyof DayFigures, whole: keyof DayFigures): number {
  const known = days.filter(({ figures }) => figures[whole] > 0);
  return known.length === 0 ? 0 : median(known.map(({ figures }) => figures[part] / figures[whole]));
}

function total(days: readonly WatchedDay[], of: (day: WatchedDay) => number): number {
  return days.reduce((sum, day) => sum + of(day), 0);
}

/** The middle value; the upper one of two. @param values at least one. */
function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

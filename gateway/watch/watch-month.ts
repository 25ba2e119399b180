/**
 * Looks for signs of gaming in all services of a month together, and keeps false alarms rare however many services there are. Pure.
 * A flag is a question to ask, never a reason to take a vote away, and it names a service and a month: no day, no hour, nobody.
 */
import type { Sign } from "#schemas/api.ts";
import { chancesOf, type WatchedMonth } from "./indicators.ts";

/**
 * Of months in which nobody cheats anywhere, at most one in a hundred shows any flag; of the flags shown otherwise, about one in a
 * hundred is false. A flag leads to questions about people at work: it must be rare.
 */
export const FALSE_FLAG_RATE = 0.01;

export type WatchedService = {
  readonly siteId: string;
  readonly officeId: string;
  readonly serviceId: string;
  readonly month: WatchedMonth;
};

export type Flag = Omit<WatchedService, "month"> & {
  readonly sign: Sign;
  /** How likely an honest service would show at least as much. */
  readonly chance: number;
};

export type Watched = {
  /** The least likely first. */
  readonly flags: readonly Flag[];
  /** Signs that could be judged, over all services. */
  readonly judged: number;
};

/** The procedure of Benjamini and Hochberg (1995) over every sign of every service. */
export function watchMonth(services: readonly WatchedService[]): Watched {
  const all = services
    .flatMap(({ month, ...place }) =>
      [...chancesOf(month)].map(([sign, chance]): Flag => ({ ...place, sign, chance })),
    )
    .sort((a, b) => a.chance - b.chance);
  const last = all.findLastIndex(
    ({ chance }, index) => chance <= ((index + 1) / all.length) * FALSE_FLAG_RATE,
  );
  return { flags: all.slice(0, last + 1), judged: all.length };
}

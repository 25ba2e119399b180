/**
 * Reads what the statistics that look for gaming compare: every service's month and the three months before it.
 */
import { addDays, dayFromNumber, monthSpan } from "#schemas/local-day.ts";
import type { Directory } from "../directory.ts";
import { PEOPLE_MIN } from "../reports/detail.ts";
import { peopleBehind } from "../reports/places.ts";
import type { DaySpan, PeriodCounts, Store } from "../store/store.ts";
import type { WatchedDay } from "../watch/indicators.ts";
import { type Watched, type WatchedService, watchMonth } from "../watch/watch-month.ts";
import { pages } from "./report-reader.ts";

/** A season: long enough to know what is usual, short enough for desks to stay the same. */
const MONTHS_BEFORE = 3;
/** Counter rows read at once. */
const PAGE_ROWS = 5_000;

export type WatchSource = {
  readonly store: Pick<Store, "countRows" | "dayFigures" | "served" | "upMinutes">;
  readonly directory: Directory;
};

export type WatchReport = Watched & {
  /** Services run by fewer than three people, at which nobody looks: a flag would point at them (promise 10). */
  readonly leftOut: number;
};

/** Looks at a month, `YYYY-MM`. */
export async function readWatch(source: WatchSource, month: string): Promise<WatchReport> {
  const { from, to } = monthSpan(month);
  let first = from;
  for (let n = 0; n < MONTHS_BEFORE; n++) first = monthSpan(addDays(first, -1).slice(0, 7)).from;
  const days = await readDays(source, { fromDay: first, toDay: to });
  const places = Map.groupBy(days, ({ place }) =>
    JSON.stringify([place.siteId, place.officeId, place.serviceId]),
  );
  const services = [...places.values()].map((ofPlace): WatchedService => {
    const { place } = ofPlace[0] as PlaceDay;
    return {
      ...place,
      month: {
        days: ofPlace.filter(({ day }) => day >= from).map(({ watched }) => watched),
        before: ofPlace.filter(({ day }) => day < from).map(({ watched }) => watched),
      },
    };
  });
  const looked = services.filter((service) => isLarge(source.directory, service.serviceId));
  return { ...watchMonth(looked), leftOut: services.length - looked.length };
}

type PlaceDay = {
  readonly day: string;
  readonly place: Omit<WatchedService, "month">;
  readonly watched: WatchedDay;
};

async function readDays({ store }: WatchSource, span: DaySpan): Promise<readonly PlaceDay[]> {
  const counts = await readCounts(store, span);
  const served = new Map(
    (await store.served(span)).map((one) => [`${one.day}/${one.officeId}/${one.serviceId}`, one.served]),
  );
  const up = new Map((await store.upMinutes(span)).map((one) => [`${one.day}/${one.siteId}`, one.minutes]));
  return (await store.dayFigures(span)).map(({ day, place, figures }) => {
    const { siteId, officeId, serviceId } = place;
    const of = (column: "green" | "yellow" | "red" | "conflict" | "issued") =>
      counts.get(`${day}/${siteId}/${officeId}/${serviceId}`)?.[column] ?? 0;
    return {
      ...{ day, place },
      watched: {
        ...{ figures, valid: of("green") + of("yellow") + of("red"), green: of("green"), red: of("red") },
        ...{ conflicts: of("conflict"), issued: of("issued") },
        served: served.get(`${day}/${officeId}/${serviceId}`) ?? null,
        upMinutes: up.get(`${day}/${siteId}`) ?? null,
      },
    };
  });
}

/** Counters by day and place, over all wordings. */
async function readCounts(store: WatchSource["store"], span: DaySpan) {
  const all = new Map<string, Record<keyof PeriodCounts["counts"], number>>();
  for await (const rows of pages({ store, pageRows: PAGE_ROWS }, "day", span)) {
    for (const { slot, siteId, officeId, serviceId, counts } of rows) {
      const name = `${dayFromNumber(slot)}/${siteId}/${officeId}/${serviceId}`;
      const before = all.get(name);
      if (before === undefined) all.set(name, { ...counts });
      else
        for (const [column, count] of Object.entries(counts)) before[column as keyof typeof counts] += count;
    }
  }
  return all;
}

function isLarge(directory: Directory, serviceId: string): boolean {
  const found = directory.service(serviceId);
  return found !== undefined && peopleBehind(found.service, found.office) >= PEOPLE_MIN;
}

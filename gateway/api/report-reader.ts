/**
 * Reads a report's periods from the store, from the month down: month, parts of weeks, days, hours. Each step reads only
 * the parts of one period, so that a long report needs no more memory than a short one: what is held at once are the
 * weeks of one month, the days of one week and the hours of one day. Small groups are hidden on the way down
 * (`reports/detail.ts`).
 */
import { dayNumber, type LocalDay, periodStartDay } from "#schemas/local-day.ts";
import {
  type CounterRow,
  type Lines,
  linesOf,
  shownMonth,
  shownParts,
  sumOfLines,
} from "../reports/lines.ts";
import { covers, type DaySpan, daysOf, doOverlap, monthsTouching, weekParts } from "../reports/periods.ts";
import type { Place, PublicPlaces } from "../reports/places.ts";
import { type Served, servedSums } from "../reports/rows.ts";
import type { PeriodCounts, ServedSum, Store } from "../store/store.ts";

/** Where the figures come from. */
export type ReportSource = {
  readonly store: Pick<Store, "countRows" | "countSpans" | "servedSpans">;
  /** Where small services are shown; null for exact figures, where each stands under its own name. */
  readonly places: PublicPlaces | null;
  readonly siteOf: (officeId: string) => string;
  /** Periods that end before this day are not wanted: the reader has them already. Null for all of them. */
  readonly fromDay: LocalDay | null;
  /** Counter rows read at once: about 400 KB, a few milliseconds of the store's time. */
  readonly pageRows: number;
};

/** What was counted in some days. */
export type Counted = {
  readonly span: DaySpan;
  readonly lines: Lines;
  readonly served: Served;
};

export type CountedHour = { readonly hour: number; readonly lines: Lines };

const NO_SERVED: Served = new Map();

/** The months that a span touches, each cut into the largest parts that lie inside the span whole. */
export async function* readMonths(source: ReportSource, span: DaySpan): AsyncGenerator<readonly Counted[]> {
  for (const month of monthsWanted(source, span)) {
    yield covers(span, month)
      ? [await readMonth(source, month)]
      : await cutTo(source, span, await readWeekParts(source, month));
  }
}

/** The weeks that a span touches, each as its parts: a month's end cuts a week in two. */
export async function* readWeeks(source: ReportSource, span: DaySpan): AsyncGenerator<readonly Counted[]> {
  let week: readonly Counted[] = [];
  for (const month of monthsWanted(source, span)) {
    for (const part of await readWeekParts(source, month)) {
      if (!doOverlap(part.span, span)) continue;
      const isMonday = periodStartDay(part.span.fromDay, "week") === part.span.fromDay;
      if (isMonday && week.length > 0) {
        yield week;
        week = [];
      }
      week = [...week, ...(await cutTo(source, span, [part]))];
    }
  }
  if (week.length > 0) yield week;
}

/** The days of a span. */
export async function* readDays(source: ReportSource, span: DaySpan): AsyncGenerator<Counted> {
  for (const month of monthsWanted(source, span)) {
    for (const part of await readWeekParts(source, month)) {
      if (!doOverlap(part.span, span) || !isWanted(source, part.span)) continue;
      for (const day of await readDaysOf(source, part)) {
        if (covers(span, day.span) && isWanted(source, day.span)) yield day;
      }
    }
  }
}

/** The hours of a span that hold anything, by their UTC hour, with nothing hidden: each stands by itself, and is let go of at once. */
export async function* readExactHours(source: ReportSource, span: DaySpan): AsyncGenerator<CountedHour> {
  const { fromDay } = source;
  const wanted = fromDay !== null && fromDay > span.fromDay ? { ...span, fromDay } : span;
  for await (const page of pages(source, "hour", wanted)) {
    // A page holds whole hours.
    for (const [hour, rows] of Map.groupBy(page, slotOf)) yield { hour, lines: linesOf(rows, null) };
  }
}

/** The same, showing no more than they, their day and the days beside it may. */
export async function* readHours(source: ReportSource, span: DaySpan): AsyncGenerator<CountedHour> {
  for await (const day of readDays(source, span)) {
    const hours: (readonly [hour: number, rows: readonly PeriodCounts[]])[] = [];
    for await (const page of pages(source, "hour", day.span)) hours.push(...Map.groupBy(page, slotOf));
    const lines = partsOf(
      source,
      day.lines,
      hours.map(([, rows]) => rows),
    );
    for (const [index, [hour]] of hours.entries()) yield { hour, lines: lines[index] as Lines };
  }
}

function slotOf({ slot }: PeriodCounts): number {
  return slot;
}

/** Several parts as one: what is shown of it is what each of them shows. */
export function together(parts: readonly Counted[]): { readonly lines: Lines; readonly served: Served } {
  return {
    lines: sumOfLines(parts.map((part) => part.lines)),
    served: servedSums(parts.flatMap((part) => [...part.served.values()])),
  };
}

function monthsWanted(source: ReportSource, span: DaySpan): readonly DaySpan[] {
  return monthsTouching(span).filter((month) => isWanted(source, month));
}

function isWanted({ fromDay }: ReportSource, { toDay }: DaySpan): boolean {
  return fromDay === null || toDay > fromDay;
}

async function readMonth(source: ReportSource, span: DaySpan): Promise<Counted> {
  const lines = linesOf(await source.store.countSpans([span]), source.places);
  const [served = NO_SERVED] = await readServed(source, [span]);
  return { span, lines: source.places === null ? lines : shownMonth(lines), served };
}

async function readWeekParts(source: ReportSource, month: DaySpan): Promise<readonly Counted[]> {
  const spans = weekParts(month);
  const rows: CounterRow[][] = spans.map(() => []);
  for (const row of await source.store.countSpans(spans)) (rows[row.slot] as CounterRow[]).push(row);
  const whole = sumOfLines(rows.map((ofPart) => linesOf(ofPart, source.places)));
  return counted(source, shownMonth(whole), spans, rows);
}

async function readDaysOf(source: ReportSource, part: Counted): Promise<readonly Counted[]> {
  const spans = daysOf(part.span);
  const rows: CounterRow[][] = spans.map(() => []);
  const first = dayNumber(part.span.fromDay);
  for await (const page of pages(source, "day", part.span)) {
    for (const row of page) (rows[row.slot - first] as CounterRow[]).push(row);
  }
  return counted(source, part.lines, spans, rows);
}

/** Of parts inside a span the whole ones, of the others the days. */
async function cutTo(
  source: ReportSource,
  span: DaySpan,
  parts: readonly Counted[],
): Promise<readonly Counted[]> {
  const inside: Counted[] = [];
  for (const part of parts) {
    if (covers(span, part.span)) inside.push(part);
    else if (doOverlap(span, part.span)) {
      inside.push(...(await readDaysOf(source, part)).filter((day) => covers(span, day.span)));
    }
  }
  return inside;
}

/** The parts of a period with the people served in each. */
async function counted(
  source: ReportSource,
  whole: Lines,
  spans: readonly DaySpan[],
  rows: readonly (readonly CounterRow[])[],
): Promise<readonly Counted[]> {
  const served = await readServed(source, spans);
  return partsOf(source, whole, rows).map((lines, index) => ({
    lines,
    span: spans[index] as DaySpan,
    served: served[index] as Served,
  }));
}

/** The lines of a period's parts, showing no more than they may. */
function partsOf(
  { places }: ReportSource,
  whole: Lines,
  rows: readonly (readonly CounterRow[])[],
): readonly Lines[] {
  const parts = rows.map((ofPart) => linesOf(ofPart, places));
  return places === null ? parts : shownParts(whole, parts);
}

/** The counter rows of some days, page by page. */
export async function* pages(
  source: Pick<ReportSource, "pageRows"> & { readonly store: Pick<Store, "countRows"> },
  by: "hour" | "day",
  span: DaySpan,
) {
  let fromSlot: number | null = null;
  do {
    const page: Awaited<ReturnType<Store["countRows"]>> = await source.store.countRows(by, span, {
      fromSlot,
      limit: source.pageRows,
    });
    yield page.rows;
    fromSlot = page.next;
  } while (fromSlot !== null);
}

/** People served in each of some spans. */
async function readServed(source: ReportSource, spans: readonly DaySpan[]): Promise<readonly Served[]> {
  const sums = await source.store.servedSpans(spans);
  return spans.map((_, index) =>
    servedSums(
      sums
        .filter(({ slot }) => slot === index)
        .map(({ served, ...service }) => ({ served, place: placeOf(source, service) })),
    ),
  );
}

function placeOf(
  { places, siteOf }: ReportSource,
  { officeId, serviceId }: Pick<ServedSum, "officeId" | "serviceId">,
): Place {
  const place = { siteId: siteOf(officeId), officeId, serviceId };
  return places === null ? place : places(place).place;
}

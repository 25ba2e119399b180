/**
 * Reads a report's periods from the store, from the month down: month, parts of weeks, days, hours. Each step reads only
 * the parts of one period, so that a long report needs no more memory than a short one: what is held at once is the
 * parts of one week, or the hours of one day. Small groups are hidden on the way down (`reports/detail.ts`).
 */
import { dayNumber } from "#schemas/local-day.ts";
import {
  type CounterRow,
  type Details,
  detailsOfLines,
  detailsOfMonth,
  type Lines,
  linesOf,
  sumOfLines,
  withDetails,
} from "../reports/lines.ts";
import { covers, type DaySpan, daysOf, doOverlap, monthsTouching, weekParts } from "../reports/periods.ts";
import type { Place, PublicPlaces } from "../reports/places.ts";
import { type Served, servedSums } from "../reports/rows.ts";
import type { ServedCount, Store } from "../store/store.ts";

/** Where the figures come from. */
export type ReportSource = {
  readonly store: Pick<Store, "countRows" | "countSpans" | "served">;
  /** Where small services are shown; null for exact figures, where each stands under its own name. */
  readonly places: PublicPlaces | null;
  readonly siteOf: (officeId: string) => string;
  /** Counter rows read at once: about 400 KB, a few milliseconds of the store's time. */
  readonly pageRows: number;
};

/** What was counted in some days. */
export type Counted = {
  readonly span: DaySpan;
  readonly lines: Lines;
  readonly served: Served;
  /** Null for exact figures: nothing is hidden. */
  readonly details: Details | null;
};

const NO_SERVED: Served = new Map();

/** The months that a span touches, each cut into the largest parts that lie inside the span whole. */
export async function* readMonths(source: ReportSource, span: DaySpan): AsyncGenerator<readonly Counted[]> {
  for (const month of monthsTouching(span)) {
    yield covers(span, month)
      ? [await readMonth(source, month)]
      : await cutTo(source, span, await readWeekParts(source, month));
  }
}

/** The weeks that a span touches, each as its parts: a month's end cuts a week in two. */
export async function* readWeeks(source: ReportSource, span: DaySpan): AsyncGenerator<readonly Counted[]> {
  let week: readonly Counted[] = [];
  for (const month of monthsTouching(span)) {
    for (const part of await readWeekParts(source, month)) {
      if (!doOverlap(part.span, span)) continue;
      const isMonday = dayNumber(part.span.fromDay) % 7 === MONDAY;
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
  for (const month of monthsTouching(span)) {
    for (const part of await readWeekParts(source, month)) {
      if (!doOverlap(part.span, span)) continue;
      for (const day of await readDaysOf(source, part)) if (covers(span, day.span)) yield day;
    }
  }
}

/** The hours of a day that hold anything, by their UTC hour. */
export async function* readHours(
  source: ReportSource,
  day: Counted,
): AsyncGenerator<{ readonly hour: number; readonly lines: Lines }> {
  const hours = new Map<number, CounterRow[]>();
  for await (const rows of pages(source, "hour", day.span)) {
    for (const row of rows) {
      const before = hours.get(row.slot);
      if (before === undefined) hours.set(row.slot, [row]);
      else before.push(row);
    }
  }
  const lines = shownLines(
    day.details,
    [...hours.values()].map((rows) => linesOf(rows, source.places)),
  );
  for (const [index, hour] of [...hours.keys()].entries()) {
    yield { hour, lines: (lines[index] as { lines: Lines }).lines };
  }
}

/** Several parts as one: what is shown of it is what each of them shows. */
export function together(parts: readonly Counted[]): { readonly lines: Lines; readonly served: Served } {
  return {
    lines: sumOfLines(parts.map((part) => part.lines)),
    served: servedSums(parts.flatMap((part) => [...part.served.values()])),
  };
}

/** Day 0, 1970-01-01, was a Thursday. */
const MONDAY = 4;

async function readMonth(source: ReportSource, span: DaySpan): Promise<Counted> {
  const lines = linesOf(await source.store.countSpans([span]), source.places);
  const [served = NO_SERVED] = await readServed(source, [span]);
  if (source.places === null) return { span, lines, served, details: null };
  const details = detailsOfMonth(lines);
  return { span, lines: withDetails(lines, details), served, details };
}

async function readWeekParts(source: ReportSource, month: DaySpan): Promise<readonly Counted[]> {
  const spans = weekParts(month);
  const rows = await source.store.countSpans(spans);
  const lines = spans.map((_, slot) =>
    linesOf(
      rows.filter((row) => row.slot === slot),
      source.places,
    ),
  );
  const details = source.places === null ? null : detailsOfMonth(sumOfLines(lines));
  return counted(source, spans, details, lines);
}

async function readDaysOf(source: ReportSource, part: Counted): Promise<readonly Counted[]> {
  const spans = daysOf(part.span);
  const rows: CounterRow[][] = spans.map(() => []);
  const first = dayNumber(part.span.fromDay);
  for await (const page of pages(source, "day", part.span)) {
    for (const row of page) (rows[row.slot - first] as CounterRow[]).push(row);
  }
  return counted(
    source,
    spans,
    part.details,
    rows.map((ofDay) => linesOf(ofDay, source.places)),
  );
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

async function counted(
  source: ReportSource,
  spans: readonly DaySpan[],
  parent: Details | null,
  lines: readonly Lines[],
): Promise<readonly Counted[]> {
  const served = await readServed(source, spans);
  return shownLines(parent, lines).map((part, index) => ({
    ...part,
    span: spans[index] as DaySpan,
    served: served[index] as Served,
  }));
}

/** The lines of a period's parts with what of them may be seen. @param parent null hides nothing. */
function shownLines(
  parent: Details | null,
  parts: readonly Lines[],
): readonly { readonly lines: Lines; readonly details: Details | null }[] {
  if (parent === null) return parts.map((lines) => ({ lines, details: null }));
  return detailsOfLines(parent, parts).map((details, index) => ({
    lines: withDetails(parts[index] as Lines, details),
    details,
  }));
}

/** The counter rows of some days, page by page. */
async function* pages(source: ReportSource, by: "hour" | "day", span: DaySpan) {
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

/** People served in each of some spans that follow each other. */
async function readServed(source: ReportSource, spans: readonly DaySpan[]): Promise<readonly Served[]> {
  const fromDay = (spans[0] as DaySpan).fromDay;
  const toDay = (spans.at(-1) as DaySpan).toDay;
  const counts = await source.store.served({ fromDay, toDay });
  const placed = counts.map((count) => ({ ...count, place: placeOf(source, count) }));
  return spans.map((span) => servedSums(placed.filter(({ day }) => span.fromDay <= day && day < span.toDay)));
}

function placeOf({ places, siteOf }: ReportSource, { officeId, serviceId }: ServedCount): Place {
  const place = { siteId: siteOf(officeId), officeId, serviceId };
  return places === null ? place : places.shownAt(place);
}

/**
 * Report files as streams, in each form they come in: rows from the store, cut into chunks. A long file needs no more memory than a short one.
 */
import { Readable } from "node:stream";
import { setImmediate as turn } from "node:timers/promises";
import type { GatewaySettings } from "#schemas/gateway-settings.ts";
import { addDays, dayFromNumber, isoWithOffset, type LocalDay, monthSpan } from "#schemas/local-day.ts";
import type { MonthProof } from "#schemas/public-log.ts";
import { HOUR_MS } from "#schemas/time.ts";
import type { Directory } from "../directory.ts";
import { AGGREGATE_COLUMNS, type Labels, MONTHLY_COLUMNS, type ReportColumn } from "../reports/columns.ts";
import { type CsvProfile, csvHeader, csvLineWriter } from "../reports/csv.ts";
import { jsonRowWriter } from "../reports/json.ts";
import { dayStart, hourName, periodName } from "../reports/periods.ts";
import { publicPlaces } from "../reports/places.ts";
import { type PeriodName, type ReportRow, rowsOf, type Served } from "../reports/rows.ts";
import { bytesOf, TextBytes } from "../reports/text-bytes.ts";
import type { Store } from "../store/store.ts";
import { fileName, type ReportQuery } from "./report-query.ts";
import {
  type Counted,
  type ReportSource,
  readDays,
  readExactHours,
  readHours,
  readMonths,
  readWeeks,
  together,
} from "./report-reader.ts";
import { settledFigures } from "./settled-figures.ts";
import { xlsxFile } from "./xlsx-file.ts";

/** Bytes or characters handed over at once: a full TCP window, some hundred rows. */
const CHUNK_SIZE = 65_536;
/** Counter rows read at once: some 2 MB. The last hour of a page is cut off and read again, which of few rows is much. */
const PAGE_ROWS = 4_000;

export type ReportParts = {
  readonly store: Pick<
    Store,
    | "countRows"
    | "countSpans"
    | "servedSpans"
    | "closedThrough"
    | "monthProof"
    | "provedMonths"
    | "lateCounts"
  >;
  readonly directory: Directory;
  readonly settings: GatewaySettings;
  /** The only office whose rows the reader sees; null or left out for all. What is hidden of it is what is hidden of it for everybody. */
  readonly onlyOffice?: string | null;
  /** How many counter rows are read at once; the file is the same whatever the number. */
  readonly pageRows?: number;
  /** Also what is not settled yet, where figures are not exact. Never for a reader, who might compare two readings. */
  readonly isUnsettledShown?: boolean;
};

/** Served counts are of whole days. */
const NOBODY_SERVED: Served = new Map();

/** What a period is called in a zone. */
type NameIn = (zone: string) => PeriodName;

/** The columns of a file. */
export function columnsOf({ kind }: ReportQuery) {
  return kind === "monthly" ? MONTHLY_COLUMNS : AGGREGATE_COLUMNS;
}

/** The file a query asks for, as a stream of text or bytes. */
export async function reportFile(parts: ReportParts, query: ReportQuery): Promise<Readable> {
  const columns = columnsOf(query);
  const labels = await labelsOf(parts, query);
  const rows = reportRows(parts, query);
  if (query.format === "xlsx") {
    return xlsxFile(rows, { columns, known: labels, title: fileName(query, parts.settings.sample) });
  }
  const form = { columns, labels };
  const chunks =
    query.format === "csv"
      ? csvChunks(rows, { ...form, profile: query.profile })
      : jsonChunks(rows, { ...form, isList: query.format === "json" });
  return Readable.from(chunks, { objectMode: false });
}

type Form = { readonly columns: readonly ReportColumn[]; readonly labels: Labels };
type Pages = AsyncIterable<readonly ReportRow[]>;

/** Between two chunks everybody else gets a turn. */
async function* csvChunks(
  pages: Pages,
  { columns, labels, profile }: Form & { readonly profile: CsvProfile },
): AsyncGenerator<Uint8Array> {
  const writeLine = csvLineWriter(columns, profile);
  const text = new TextBytes(CHUNK_SIZE);
  text.put(bytesOf(csvHeader(columns, profile)));
  for await (const page of pages) {
    for (const row of page) writeLine(row, labels, text);
    if (text.length < CHUNK_SIZE) continue;
    yield text.take();
    await turn();
  }
  yield text.take();
}

async function* jsonChunks(
  pages: Pages,
  { columns, labels, isList }: Form & { readonly isList: boolean },
): AsyncGenerator<string> {
  const objectOf = jsonRowWriter(columns);
  let text = isList ? "[\n" : "";
  let before = "";
  for await (const page of pages) {
    for (const row of page) {
      text += before + objectOf(row, labels);
      before = isList ? ",\n" : "\n";
    }
    if (text.length < CHUNK_SIZE) continue;
    yield text;
    text = "";
    await turn();
  }
  const end = before === "" ? "" : "\n";
  yield text + (isList ? `${end}]\n` : end);
}

/** The figures a file is made of: not exact, those of settled months, as they were settled. */
export async function figuresFor(
  { store, isUnsettledShown = false }: Pick<ReportParts, "store" | "isUnsettledShown">,
  isExact: boolean,
): Promise<ReportSource["store"]> {
  return isExact || isUnsettledShown ? store : settledFigures(store, await store.provedMonths());
}

/** The rows a query asks for, period by period: not exact, those of settled months, as they were settled. */
export async function* reportRows(
  parts: ReportParts,
  query: ReportQuery,
): AsyncGenerator<readonly ReportRow[]> {
  for await (const { rows } of reportPeriods(parts, query, null)) yield rows;
}

/** A period's rows, and where it stands in its file: the first of its days; of an hour a day that is not after it, and the UTC hour. */
export type ReportPeriod = { readonly slot: string; readonly rows: readonly ReportRow[] };

/** @param fromDay periods that end before this day are left out. */
export async function* reportPeriods(
  parts: ReportParts,
  { span, by, isExact }: ReportQuery,
  fromDay: LocalDay | null,
): AsyncGenerator<ReportPeriod> {
  const { directory, onlyOffice = null } = parts;
  const zoneOf = zonesOf(directory);
  const source: ReportSource = {
    store: await figuresFor(parts, isExact),
    places: isExact ? null : publicPlaces(directory.sites),
    siteOf: (officeId) => directory.office(officeId)?.site.siteId ?? "",
    fromDay,
    pageRows: parts.pageRows ?? PAGE_ROWS,
  };
  const period = (
    slot: string,
    counted: Pick<Counted, "lines" | "served">,
    nameIn: NameIn,
  ): ReportPeriod => ({
    slot,
    // Here, where every file and every page takes its rows from.
    rows: rowsOf(counted.lines, counted.served, { nameAt: onceForEachSite(zoneOf, nameIn), isExact }).filter(
      ({ line }) => onlyOffice === null || line.place.officeId === onlyOffice,
    ),
  });
  switch (by) {
    case "month":
    case "week": {
      const read = by === "month" ? readMonths : readWeeks;
      for await (const days of read(source, span)) {
        yield period(firstDay(days), together(days), dayNames(by, firstDay(days)));
      }
      break;
    }
    case "day":
      for await (const day of readDays(source, span)) {
        yield period(firstDay([day]), day, dayNames("day", firstDay([day])));
      }
      break;
    case "hour":
      for await (const { hour, lines } of (isExact ? readExactHours : readHours)(source, span)) {
        // No zone is a day behind UTC: the hour's local day is this one or later.
        const slot = `${dayFromNumber(Math.floor(hour / 24) - 1)} ${hour}`;
        yield period(slot, { lines, served: NOBODY_SERVED }, hourNames(hour));
      }
      break;
  }
}

/** A period is called after the first of its days that was asked for, and begins with it. */
function dayNames(by: "day" | "week" | "month", fromDay: LocalDay): NameIn {
  const period = periodName(by, fromDay);
  return (zone) => ({ period, periodStart: dayStart(fromDay, zone), zone });
}

function firstDay(parts: readonly Counted[]): LocalDay {
  return (parts[0] as Counted).span.fromDay;
}

function hourNames(hour: number): NameIn {
  return (zone) => {
    const periodStart = isoWithOffset(hour * HOUR_MS, zone);
    return { period: hourName(periodStart), periodStart, zone };
  };
}

/** Calendar arithmetic is slow, and all rows of a period ask for the same few sites. */
function onceForEachSite(zoneOf: (siteId: string) => string, nameIn: NameIn): (siteId: string) => PeriodName {
  const known = new Map<string, PeriodName>();
  return (siteId) => {
    const before = known.get(siteId);
    if (before !== undefined) return before;
    const name = nameIn(zoneOf(siteId));
    known.set(siteId, name);
    return name;
  };
}

/** The zone of a site; of one taken out of the settings the first one's, which nearly always was the same. */
function zonesOf({ sites, site }: Directory): (siteId: string) => string {
  const first = sites[0]?.zone ?? "UTC";
  return (siteId) => site(siteId)?.zone ?? first;
}

/** What the columns of a query need to know beside the figures. */
export async function labelsOf(
  { store, directory, settings }: ReportParts,
  { kind, span }: Pick<ReportQuery, "kind" | "span">,
): Promise<Labels> {
  const closedThrough = await store.closedThrough();
  const month = span.fromDay.slice(0, 7);
  const text = kind === "monthly" ? await store.monthProof(month) : null;
  const proof = text === null ? null : (JSON.parse(text) as MonthProof);
  return {
    isFinal: (one) => closedThrough !== null && addDays(monthSpan(one).to, -1) <= closedThrough,
    proofOf: (one) => (proof?.month === one ? { revision: proof.revision, root: proof.log.hash } : null),
    ipaCode: settings.administration.ipaCode,
    uoCodeOf: (officeId) => directory.office(officeId)?.office.uoCode ?? "",
    officeName: (officeId) => directory.office(officeId)?.office.name ?? null,
    serviceName: (serviceId) => directory.service(serviceId)?.service.name ?? null,
  };
}

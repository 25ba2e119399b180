/**
 * The page of trends at `/trends`: reads the rows that the files are made of, for who may read them.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { addDays, localClock, localDayOf, monthSpan } from "#schemas/local-day.ts";
import { reportRows } from "../api/report-files.ts";
import type { ServerParts } from "../api/server-parts.ts";
import { type ShownService, shownServices } from "../dashboard/shown-services.ts";
import { comparedMonths, heatMapOf, ofSelection } from "../dashboard/trends.ts";
import { readTrendsQuery, type TrendsQuery } from "../dashboard/trends-query.ts";
import type { DaySpan } from "../reports/periods.ts";
import type { ReportRow } from "../reports/rows.ts";
import { rightsOf } from "./live-routes.ts";
import { type DoorParts, registerPage, type Visitor } from "./page-door.ts";
import { renderTrends, type TrendsAnswer } from "./trends-page.ts";

export type TrendsParts = DoorParts & Pick<ServerParts, "directory">;

/** With more services than these, one office stands for all where none was chosen. */
const SERVICES_AT_ONCE_MAX = 12;
/** Hours are shown of the last four weeks asked for: every weekday as often as any other. */
const HEAT_DAYS = 28;

export function registerTrendsRoutes(server: FastifyInstance, parts: TrendsParts): void {
  registerPage(server, parts, {
    ...{ path: "/trends", scope: "reports" },
    render: (visitor, request, reply) => trendsPage(parts, visitor, { request, reply }),
  });
}

async function trendsPage(
  parts: TrendsParts,
  { asker, visit, language }: Visitor,
  { request, reply }: { readonly request: FastifyRequest; readonly reply: FastifyReply },
): Promise<string> {
  const { directory, settings, store, nowMs } = parts;
  const raw = request.query as Readonly<Record<string, unknown>>;
  const mayExact = asker.scopes.includes("reports:exact");
  const services = shownServices(directory.sites, {
    ...rightsOf(asker),
    isExact: mayExact && raw["exact"] === "1",
  });
  const today = localDayOf(nowMs(), directory.sites[0]?.zone ?? "UTC");
  const read = readTrendsQuery(raw, today, services);
  const page = { sample: settings.sample, visit, services, mayExact };
  if (!read.ok || (read.value.isExact && !mayExact)) {
    reply.code(read.ok ? 403 : 400);
    const problem = read.ok ? "exact = 1: needs the permission to read exact figures" : read.problem;
    return renderTrends({ ...page, asked: texts(raw), answer: { problem } }, language);
  }
  const query = read.value;
  if (query.isExact) await store.noteAccess(asker.tokenId, `trends?${visit.query ?? ""}`, nowMs());
  const { span, by, officeId } = query;
  const asked = {
    from: span.fromDay,
    to: span.toDay,
    by,
    office: officeId ?? "",
    exact: query.isExact ? "1" : "0",
  };
  const answer = await answerOf(parts, { query, services, officeId: asker.officeId });
  return renderTrends({ ...page, asked, answer }, language);
}

/** @param about.officeId the only office the reader may see; null for all. */
async function answerOf(
  parts: TrendsParts,
  about: {
    readonly query: TrendsQuery;
    readonly services: readonly ShownService[];
    readonly officeId: string | null;
  },
): Promise<TrendsAnswer> {
  const { query, services } = about;
  const { span, by, isExact } = query;
  const rowsOf = async (own: DaySpan, divided: "hour" | TrendsQuery["by"]) =>
    ofSelection(await readRows(parts, own, divided, isExact), { officeId: about.officeId, serviceId: null });
  const first = services[0];
  const isChosen = query.officeId !== null || services.length <= SERVICES_AT_ONCE_MAX;
  const chosen = isChosen ? query : { officeId: first?.place.officeId ?? null, serviceId: null };
  const all = await rowsOf(span, by);
  const heatDay = addDays(span.toDay, -HEAT_DAYS);
  const heatSpan = { fromDay: heatDay > span.fromDay ? heatDay : span.fromDay, toDay: span.toDay };
  const isFew = services.length <= SERVICES_AT_ONCE_MAX || query.officeId !== null;
  const months = comparedMonths(span);
  const monthRows = async (month: string) => {
    const { from, to } = monthSpan(month);
    return ofSelection(await rowsOf({ fromDay: from, toDay: to }, "month"), chosen).filter(
      ({ line }) => line.wording !== null,
    );
  };
  return {
    ...{ query, all, lastDay: addDays(span.toDay, -1), chosen: ofSelection(all, chosen) },
    standIn: isChosen ? null : (first?.officeName ?? ""),
    heat: isFew
      ? {
          map: heatMapOf(ofSelection(await rowsOf(heatSpan, "hour"), chosen), clockOf, isExact),
          ...{ firstDay: heatSpan.fromDay, lastDay: addDays(span.toDay, -1) },
        }
      : null,
    year:
      months === null
        ? null
        : { ...months, rowsNow: await monthRows(months.now), rowsThen: await monthRows(months.before) },
  };
}

async function readRows(
  parts: TrendsParts,
  span: DaySpan,
  by: "hour" | TrendsQuery["by"],
  isExact: boolean,
): Promise<readonly ReportRow[]> {
  const query = { kind: "aggregate", format: "csv", profile: "open", span, by, isExact } as const;
  const rows: ReportRow[] = [];
  for await (const period of reportRows(parts, query)) rows.push(...period);
  return rows;
}

function clockOf({ name }: ReportRow): { readonly weekday: number; readonly hour: number } {
  const { weekday, minuteOfDay } = localClock(Date.parse(name.periodStart), name.zone);
  return { weekday, hour: Math.floor(minuteOfDay / 60) };
}

function texts(raw: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(raw).map(([name, value]) => [name, String(value).slice(0, 40)]));
}

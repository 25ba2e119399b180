/**
 * The page of trends at `/trends`: reads the rows that the files are made of, for who may read them.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { addDays, localClock, localDayOf, monthSpan } from "#schemas/local-day.ts";
import type { ServerParts } from "../api/server-parts.ts";
import { type ShownService, shownServices } from "../dashboard/shown-services.ts";
import { comparedMonths, heatMapOf, ofSelection } from "../dashboard/trends.ts";
import { readTrendsQuery, type TrendsQuery } from "../dashboard/trends-query.ts";
import type { DaySpan } from "../reports/periods.ts";
import type { ReportRow } from "../reports/rows.ts";
import { settledSpan } from "../reports/settled.ts";
import { rightsOf } from "./live-routes.ts";
import { type DoorParts, registerPage, type Visitor } from "./page-door.ts";
import type { ReadRows } from "./recent-rows.ts";
import { renderTrends, type TrendsAnswer } from "./trends-page.ts";

export type TrendsParts = DoorParts & Pick<ServerParts, "directory"> & { readonly readRows: ReadRows };

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
  // Of months that are not settled there are exact figures or none; the page ends where the file does.
  const proved = read.value.isExact ? null : await store.provedMonths();
  const shown = proved === null ? read.value.span : settledSpan(read.value.span, proved);
  const query = { ...read.value, span: shown ?? read.value.span };
  if (query.isExact) await store.noteAccess(asker.tokenId, `trends?${visit.query ?? ""}`, nowMs());
  const { span, by, officeId } = query;
  const asked = {
    from: span.fromDay,
    to: read.value.span.toDay,
    by,
    office: officeId ?? "",
    exact: query.isExact ? "1" : "0",
  };
  if (shown === null) return renderTrends({ ...page, asked, answer: { isUnsettled: true } }, language);
  const answer = await answerOf({ readRows: parts.readRows, query, services, officeId: asker.officeId });
  return renderTrends({ ...page, asked, answer }, language);
}

/** @param about.officeId the only office the reader may see; null for all. */
async function answerOf(about: {
  readonly readRows: ReadRows;
  readonly query: TrendsQuery;
  readonly services: readonly ShownService[];
  readonly officeId: string | null;
}): Promise<TrendsAnswer> {
  const { query, services } = about;
  const { span, by, isExact } = query;
  const rowsOf = (own: DaySpan, divided: "hour" | TrendsQuery["by"], officeId: string | null) =>
    about.readRows({ span: own, by: divided, isExact, officeId });
  const first = services[0];
  const isChosen = query.officeId !== null || services.length <= SERVICES_AT_ONCE_MAX;
  const chosen = isChosen ? query : { officeId: first?.place.officeId ?? null, serviceId: null };
  const chosenOffice = chosen.officeId ?? about.officeId;
  const all = await rowsOf(span, by, about.officeId);
  const heatDay = addDays(span.toDay, -HEAT_DAYS);
  const heatSpan = { fromDay: heatDay > span.fromDay ? heatDay : span.fromDay, toDay: span.toDay };
  const months = comparedMonths(span);
  const monthRows = async (month: string) => {
    const { from, to } = monthSpan(month);
    const own = await rowsOf({ fromDay: from, toDay: to }, "month", chosenOffice);
    return ofSelection(own, chosen).filter(({ line }) => line.wording !== null);
  };
  return {
    ...{ query, all, lastDay: addDays(span.toDay, -1), chosen: ofSelection(all, chosen) },
    standIn: isChosen ? null : (first?.officeName ?? ""),
    heat: isChosen
      ? {
          map: heatMapOf(ofSelection(await rowsOf(heatSpan, "hour", chosenOffice), chosen), clockOf, isExact),
          ...{ firstDay: heatSpan.fromDay, lastDay: addDays(span.toDay, -1) },
        }
      : null,
    year:
      months === null
        ? null
        : { ...months, rowsNow: await monthRows(months.now), rowsThen: await monthRows(months.before) },
  };
}

function clockOf({ name }: ReportRow): { readonly weekday: number; readonly hour: number } {
  const { weekday, minuteOfDay } = localClock(Date.parse(name.periodStart), name.zone);
  return { weekday, hour: Math.floor(minuteOfDay / 60) };
}

function texts(raw: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(raw).map(([name, value]) => [name, String(value).slice(0, 40)]));
}

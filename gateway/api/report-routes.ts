/**
 * `GET /reports/...`: the two files and the metadata beside each. Every use of exact figures is written down before the
 * first byte of them leaves.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { calendarDay, calendarMonth } from "#schemas/entry-time.ts";
import { PERIODS } from "#schemas/local-day.ts";
import { ok, type Result } from "#schemas/result.ts";
import { oneOf, optional, record, type TSchema, text } from "#schemas/shape.ts";
import { AGGREGATE_KEY, MONTHLY_KEY } from "../reports/columns.ts";
import { CSV_PROFILES } from "../reports/csv.ts";
import { csvMetadata } from "../reports/metadata.ts";
import { settledSpan, settledThrough } from "../reports/settled.ts";
import type { Guard } from "./auth.ts";
import { cursorText, readCursor, stateOf } from "./report-cursor.ts";
import { columnsOf, reportFile } from "./report-files.ts";
import { reportPage } from "./report-page.ts";
import {
  FILE_FORMATS,
  type FileFormat,
  fileName,
  type PageQuery,
  queryText,
  type RawQuery,
  type ReportQuery,
  readAggregateQuery,
  readMonthlyQuery,
  readPageQuery,
} from "./report-query.ts";
import type { ServerParts } from "./server-parts.ts";

type Parts = Pick<ServerParts, "store" | "directory" | "settings" | "nowMs" | "log" | "key"> & {
  readonly guard: Guard;
};
type ReadQuery = (raw: RawQuery, nowMs: number, format: FileFormat) => Result<ReportQuery, string>;

const FORM = {
  profile: optional(oneOf(CSV_PROFILES)),
  exact: optional(oneOf(["0", "1"])),
  /** Of CSV and NDJSON: so many rows, and from where. */
  limit: optional(text(6)),
  cursor: optional(text(1_000)),
};
const AGGREGATE_QUERY = record({
  from: optional(calendarDay()),
  to: optional(calendarDay()),
  month: optional(calendarMonth()),
  by: optional(oneOf(PERIODS)),
  ...FORM,
});
const MONTHLY_QUERY = record({ month: calendarMonth(), ...FORM });
const MESSAGE = record({ message: text(1_000) });

/** How each form is called on the wire; a CSV has its header (RFC 7111). */
const TYPES: Readonly<Record<FileFormat, string>> = {
  csv: "text/csv; charset=utf-8; header=present",
  json: "application/json; charset=utf-8",
  ndjson: "application/x-ndjson; charset=utf-8",
  xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
};

export function registerReportRoutes(api: FastifyInstance, parts: Parts): void {
  register(api, parts, {
    path: "/reports/aggregate",
    summary: "Figures of each service by hour, day, week or month",
    querystring: AGGREGATE_QUERY,
    read: readAggregateQuery,
  });
  register(api, parts, {
    path: "/reports/monthly",
    summary: "The month's report of each service, as the programme wants it",
    querystring: MONTHLY_QUERY,
    read: (raw, _, format) => readMonthlyQuery(raw, format),
  });
}

function register(
  api: FastifyInstance,
  parts: Parts,
  file: {
    readonly path: string;
    readonly summary: string;
    readonly querystring: TSchema;
    readonly read: ReadQuery;
  },
): void {
  const common = {
    preParsing: parts.guard("reports"),
    // The shape is for the document; the query is read by `report-query.ts`, whose refusals say what is expected.
    validatorCompiler: () => () => true,
  };
  const schema = (summary: string, type: string, content: object) => ({
    summary,
    tags: ["reports"],
    security: [{ token: [] }],
    querystring: file.querystring,
    response: {
      200: { description: summary, content: { [type]: { schema: content } } },
      400: MESSAGE,
      401: MESSAGE,
      403: MESSAGE,
      409: MESSAGE,
    },
  });
  for (const format of FILE_FORMATS) {
    const type = (TYPES[format].split(";")[0] ?? "") as string;
    const content = format === "json" ? { type: "array", items: { type: "object" } } : { type: "string" };
    api.get<{ Querystring: RawQuery }>(
      `${file.path}.${format}`,
      { ...common, schema: schema(`${file.summary} (${format})`, type, content) },
      async (request, reply) => sendFile(request, reply, parts, { read: file.read, format }),
    );
  }
  api.get<{ Querystring: RawQuery }>(
    `${file.path}.csv-metadata.json`,
    {
      ...common,
      schema: schema(`${file.summary}: what each column holds (CSV on the Web)`, "application/csvm+json", {
        type: "object",
      }),
    },
    async (request, reply) => sendMetadata(request, reply, parts, file.read),
  );
}

async function sendFile(
  request: FastifyRequest<{ Querystring: RawQuery }>,
  reply: FastifyReply,
  parts: Parts,
  { read, format }: { readonly read: ReadQuery; readonly format: FileFormat },
): Promise<FastifyReply> {
  const query = read(request.query, parts.nowMs(), format);
  if (!query.ok) return reply.code(400).send({ message: query.problem });
  const page = readPageQuery(request.query, format);
  if (!page.ok) return reply.code(400).send({ message: page.problem });
  if (query.value.isExact && !(await mayReadExact(request, parts, query.value))) {
    return reply.code(403).send({ message: "exact = 1: this token lacks the scope reports:exact" });
  }
  const shown = query.value.isExact ? query.value : await settledQuery(parts, query.value);
  if (shown === null) return reply.code(409).send({ message: await notSettled(parts) });
  const ofAsker = { ...parts, onlyOffice: request.asker?.officeId ?? null };
  reply
    .type(TYPES[format])
    .header("content-disposition", `attachment; filename="${nameOf(shown, parts)}"`)
    .header("cache-control", "no-store");
  const described = `<${shown.kind}.csv-metadata.json?${queryText(shown)}>; rel="describedby"; type="application/csvm+json"`;
  if (page.value !== null) return sendPage(reply, ofAsker, { query: shown, page: page.value, described });
  const stream = await reportFile(ofAsker, shown);
  stream.once("error", (error) => parts.log.error("report-failed", { message: error.message }));
  return reply.header("link", described).send(stream);
}

async function sendPage(
  reply: FastifyReply,
  parts: Parts & { readonly onlyOffice: string | null },
  asked: { readonly query: ReportQuery; readonly page: PageQuery; readonly described: string },
): Promise<FastifyReply> {
  const { query, described } = asked;
  const { limit, cursor } = asked.page;
  const about = { query, onlyOffice: parts.onlyOffice, state: await stateOf(parts, query) };
  const after = cursor === null ? ok(null) : readCursor(parts.key, cursor, about);
  if (!after.ok) {
    const { code, message } = after.problem;
    return reply.code(code).removeHeader("content-disposition").type("application/json").send({ message });
  }
  const { bytes, next } = await reportPage(parts, query, { after: after.value, limit });
  const links = [described];
  if (next !== null) {
    const more = new URLSearchParams({ limit: String(limit), cursor: cursorText(parts.key, about, next) });
    links.push(`<${pathOf(query)}?${queryText(query)}&${more}>; rel="next"`);
  }
  return reply.header("link", links.join(", ")).send(bytes);
}

async function sendMetadata(
  request: FastifyRequest<{ Querystring: RawQuery }>,
  reply: FastifyReply,
  parts: Parts,
  read: ReadQuery,
): Promise<FastifyReply> {
  const query = read(request.query, parts.nowMs(), "csv");
  if (!query.ok) return reply.code(400).send({ message: query.problem });
  const { kind, profile, isExact } = query.value;
  const { administration, sample } = parts.settings;
  const metadata = csvMetadata({
    url: `${pathOf(query.value)}?${queryText(query.value)}`,
    title: `${nameOf(query.value, parts)}${sample ? " (dati di esempio)" : ""}`,
    publisher: administration.name,
    profile,
    columns: columnsOf(query.value),
    key: kind === "monthly" ? MONTHLY_KEY : AGGREGATE_KEY,
    isExact,
  });
  return reply
    .type("application/csvm+json")
    .header("cache-control", "no-store")
    .send(JSON.stringify(metadata, null, 2));
}

/** The query as far as its days are settled, so that the file says in its name what it holds; null when none of them is. */
async function settledQuery({ store }: Parts, query: ReportQuery): Promise<ReportQuery | null> {
  const span = settledSpan(query.span, await store.provedMonths());
  return span === null ? null : { ...query, span };
}

async function notSettled({ store }: Parts): Promise<string> {
  const through = settledThrough(await store.provedMonths());
  const last = through === null ? "none is yet" : `so far they are through ${through}`;
  return `figures are shown of months that are closed and proved, ${last}; exact = 1 gives the others to who has the scope reports:exact, the page of today gives them in steps`;
}

/** Promise 10: every use of exact figures is on the disk before the figures leave. */
async function mayReadExact(request: FastifyRequest, parts: Parts, query: ReportQuery): Promise<boolean> {
  const { asker } = request;
  if (asker === null || !asker.scopes.includes("reports:exact")) return false;
  await parts.store.noteAccess(asker.tokenId, `${pathOf(query)}?${queryText(query)}`, parts.nowMs());
  return true;
}

function pathOf({ kind, format }: ReportQuery): string {
  return `${kind}.${format}`;
}

function nameOf(query: ReportQuery, { settings }: Parts): string {
  return fileName(query, settings.sample);
}

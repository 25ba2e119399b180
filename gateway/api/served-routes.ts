/**
 * `POST /served` and `GET /served`: how many people each service served on each day, from a queue system or a file. The
 * same office, service and day again is a correction. A request is stored whole or not at all.
 */
import type { FastifyInstance } from "fastify";
import { SERVED_COUNT, SERVED_REQUEST } from "#schemas/api.ts";
import { calendarDay } from "#schemas/entry-time.ts";
import { SERVED_COUNTS_MAX } from "#schemas/limits.ts";
import { dayNumber, isLocalDay, localDayOf } from "#schemas/local-day.ts";
import { fail, ok, type Result } from "#schemas/result.ts";
import { integer, list, optional, record, text } from "#schemas/shape.ts";
import type { Directory } from "../directory.ts";
import type { Guard } from "./auth.ts";
import {
  type PlacedCount,
  PROBLEMS_MAX,
  parseServedCsv,
  problemText,
  readServedCount,
  type ServedProblem,
} from "./served-csv.ts";
import type { ServerParts } from "./server-parts.ts";

type Parts = Pick<ServerParts, "store" | "directory" | "nowMs"> & { readonly guard: Guard };
type Counts = Result<readonly PlacedCount[], readonly ServedProblem[]>;

/** Days read at once: a month. */
const READ_DAYS_MAX = 31;
/** Before this no totem stood anywhere: a mistyped year. */
const FIRST_DAY = "2000-01-01";

const SPAN = record({ from: calendarDay(), to: calendarDay() });
const ANSWER = record({ stored: integer(1, SERVED_COUNTS_MAX) });
/** `problems` says the same of every line that is wrong; it is missing when the body could not be read at all. */
const REFUSAL = record({ message: text(1_000), problems: optional(list(text(1_000), PROBLEMS_MAX)) });

export function registerServedRoutes(api: FastifyInstance, parts: Parts): void {
  // A scope of its own: nowhere else is CSV taken.
  api.register((scope, _, done) => {
    scope.removeContentTypeParser("text/plain");
    scope.addContentTypeParser("text/csv", { parseAs: "buffer" }, (_request, body, parsed) =>
      parsed(null, body),
    );
    registerPost(scope, parts);
    registerGet(scope, parts);
    done();
  });
}

function registerPost(api: FastifyInstance, { store, directory, nowMs, guard }: Parts): void {
  api.post(
    "/served",
    {
      preParsing: guard("served"),
      // The shape is for the document; the body is read below, where a refusal can name line and column.
      validatorCompiler: () => () => true,
      schema: {
        summary:
          "How many people each service served; the same office, service and day again is a correction",
        tags: ["served"],
        security: [{ token: [] }],
        consumes: ["application/json", "text/csv"],
        body: {
          content: {
            "application/json": { schema: SERVED_REQUEST.schema },
            "text/csv": { schema: { type: "string" } },
          },
        },
        response: { 200: ANSWER, 400: REFUSAL, 401: REFUSAL, 403: REFUSAL, 422: REFUSAL },
      },
    },
    async (request, reply) => {
      const counts = Buffer.isBuffer(request.body) ? readCsv(request.body) : readJson(request.body);
      if (!counts.ok) return reply.code(400).send(refusal(counts.problem));
      const problems = contradictions(counts.value, directory, nowMs());
      if (problems.length > 0) return reply.code(422).send(refusal(problems));
      await store.putServed(
        counts.value.map(({ count: { office, service, day, served } }) => ({
          officeId: office,
          serviceId: service,
          day,
          served,
        })),
        nowMs(),
      );
      return reply.send({ stored: counts.value.length });
    },
  );
}

function registerGet(api: FastifyInstance, { store, guard }: Parts): void {
  api.get<{ Querystring: Record<string, unknown> }>(
    "/served",
    {
      preParsing: guard("served"),
      validatorCompiler: () => () => true,
      schema: {
        summary: "The served counts of some days, `to` not included, as they stand now",
        tags: ["served"],
        security: [{ token: [] }],
        querystring: SPAN,
        response: {
          200: list(SERVED_COUNT.schema, READ_DAYS_MAX * SERVED_COUNTS_MAX),
          ...{ 400: REFUSAL, 401: REFUSAL, 403: REFUSAL },
        },
      },
    },
    async (request, reply) => {
      const span = readSpan(request.query);
      if (!span.ok) return reply.code(400).send({ message: span.problem, problems: [span.problem] });
      const counts = await store.served(span.value);
      return reply.header("cache-control", "no-store").send(
        counts.map(({ officeId, serviceId, day, served }) => ({
          office: officeId,
          service: serviceId,
          day,
          served,
        })),
      );
    },
  );
}

function readCsv(body: Buffer): Counts {
  try {
    return parseServedCsv(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(body));
  } catch {
    return fail([{ at: "the file", column: "", value: "", expected: "must be UTF-8" }]);
  }
}

function readJson(body: unknown): Counts {
  const items: readonly unknown[] = Array.isArray(body) ? body : [body];
  if (items.length === 0 || items.length > SERVED_COUNTS_MAX) {
    const expected = `must hold 1 to ${SERVED_COUNTS_MAX} counts; it holds ${items.length}`;
    return fail([{ at: "the list", column: "", value: "", expected }]);
  }
  const counts: PlacedCount[] = [];
  const problems: ServedProblem[] = [];
  for (const [index, item] of items.entries()) {
    const at = `count ${index + 1}`;
    const count = readServedCount(at, item);
    if (count.ok) counts.push({ at, count: count.value });
    else if (problems.length < PROBLEMS_MAX) problems.push(count.problem);
  }
  return problems.length === 0 ? ok(counts) : fail(problems);
}

/** What cannot be true of well-formed counts. */
function contradictions(
  counts: readonly PlacedCount[],
  directory: Directory,
  nowMs: number,
): readonly ServedProblem[] {
  const before = new Map<string, string>();
  const problems: ServedProblem[] = [];
  for (const { at, count } of counts) {
    const problem = contradiction(count, directory, nowMs);
    const key = `${count.office} ${count.service} ${count.day}`;
    const first = before.get(key);
    before.set(key, first ?? at);
    if (problem !== null) problems.push({ at, ...problem });
    else if (first !== undefined) {
      problems.push({ at, column: "day", value: count.day, expected: `is counted already at ${first}` });
    }
    if (problems.length === PROBLEMS_MAX) break;
  }
  return problems;
}

function contradiction(
  { office, service, day }: PlacedCount["count"],
  directory: Directory,
  nowMs: number,
): Omit<ServedProblem, "at"> | null {
  const found = directory.office(office);
  if (found === undefined) return { column: "office", value: office, expected: "no office has this id" };
  if (directory.service(service)?.office.officeId !== office) {
    return { column: "service", value: service, expected: `office ${office} has no service with this id` };
  }
  const today = localDayOf(nowMs, found.site.zone);
  if (day > today) return { column: "day", value: day, expected: `must not be after today, ${today}` };
  if (day < FIRST_DAY) return { column: "day", value: day, expected: `must not be before ${FIRST_DAY}` };
  return null;
}

function readSpan({ from, to }: Record<string, unknown>): Result<{ fromDay: string; toDay: string }, string> {
  for (const [name, value] of Object.entries({ from, to })) {
    if (typeof value !== "string") return fail(`${name}: is missing; give a day, YYYY-MM-DD`);
    if (!isLocalDay(value)) return fail(`${name} = ${value.slice(0, 40)}: must be a day, YYYY-MM-DD`);
  }
  const span = { fromDay: String(from), toDay: String(to) };
  const days = dayNumber(span.toDay) - dayNumber(span.fromDay);
  if (days > 0 && days <= READ_DAYS_MAX) return ok(span);
  return fail(`to = ${span.toDay}: must be 1 to ${READ_DAYS_MAX} days after from = ${span.fromDay}`);
}

function refusal(problems: readonly ServedProblem[]) {
  const texts = problems.map(problemText);
  return { message: texts[0] ?? "", problems: texts };
}

/**
 * What the OpenAPI document says beside each route's own words: who makes it, and of every route what is true of all. Pure.
 */
import type { FastifyDynamicSwaggerOptions } from "@fastify/swagger";
import type { FastifySchema } from "fastify";
import { record, text } from "#schemas/shape.ts";

/** The head of the document. @param version of this program. */
export function apiDocument(version: string): NonNullable<FastifyDynamicSwaggerOptions["openapi"]> {
  return {
    openapi: "3.1.0",
    info: {
      ...{ title: "Faccine gateway", version },
      description: "Tickets, served counts, aggregated reports and the state of the fleet.",
      license: { name: "EUPL-1.2", identifier: "EUPL-1.2" },
    },
    servers: [{ url: "/", description: "The gateway that serves this document." }],
    components: { securitySchemes: { token: { type: "http", scheme: "bearer" } } },
  };
}

const REFUSAL = record({ message: text(1_000) });
/** What any route answers to who asks too often. */
const TOO_OFTEN = { ...REFUSAL, description: "Asked too often; ask again in a minute." };
/** What a route with a guard answers to who has no token, or not the right one. */
const REFUSALS = {
  401: { ...REFUSAL, description: "No token, or one that is not good." },
  403: { ...REFUSAL, description: "The token lacks the scope." },
};

type Described = FastifySchema & { readonly hide?: boolean; readonly security?: readonly object[] };

/** A route as the document describes it: with a name by which programs are made of it, and the refusals that none of them escapes. */
export function describedRoute<Schema extends Described>(
  schema: Schema,
  { method, url }: { readonly method: string | readonly string[]; readonly url: string },
): Schema {
  if (schema.hide) return schema;
  const security = schema.security ?? [];
  return {
    ...schema,
    ...{ operationId: operationId([method].flat()[0] ?? "GET", url), security },
    response: {
      // A route that says nothing of its answer still has one.
      ...(schema.response === undefined ? { 200: { description: "The answer.", type: "string" } } : {}),
      ...(security.length > 0 ? REFUSALS : {}),
      ...{ 429: TOO_OFTEN },
      ...(schema.response as object | undefined),
    },
  };
}

/** `getReportsMonthlyCsv` of `GET /api/v1/reports/monthly.csv`. */
function operationId(method: string, url: string): string {
  const words = url
    .replace(/^\/api\/v\d+/, "")
    .split(/[^A-Za-z0-9]+/)
    .filter((word) => word !== "");
  return method.toLowerCase() + words.map((word) => `${word[0]?.toUpperCase()}${word.slice(1)}`).join("");
}

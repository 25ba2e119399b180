/**
 * `GET /reports/ministry.zip`: the report to the ministry over some months, made from what was published of them.
 */
import type { FastifyInstance } from "fastify";
import { calendarMonth } from "#schemas/entry-time.ts";
import { record, text } from "#schemas/shape.ts";
import type { SigningKey } from "#schemas/signature.ts";
import { reportFiles, zipOf } from "../ministry/report-package.ts";
import type { Guard } from "./auth.ts";
import type { ServerParts } from "./server-parts.ts";
import { xlsxFile } from "./xlsx-file.ts";

const QUERY = record({ from: calendarMonth(), to: calendarMonth() });
const MESSAGE = record({ message: text(1_000) });

export function registerMinistryRoutes(
  api: FastifyInstance,
  parts: Pick<ServerParts, "store" | "settings"> & { readonly guard: Guard; readonly key: SigningKey },
): void {
  const { store, settings, key, guard } = parts;
  api.get<{ Querystring: { from: string; to: string } }>(
    "/reports/ministry.zip",
    {
      preParsing: guard("reports"),
      schema: {
        summary:
          "The report to the ministry over some months, both ends included: PDF, XLSX, CSV, JSON and a signed manifest",
        tags: ["reports"],
        security: [{ token: [] }],
        querystring: QUERY,
        response: {
          200: { description: "the package", content: { "application/zip": { schema: { type: "string" } } } },
          ...{ 400: MESSAGE, 401: MESSAGE, 403: MESSAGE, 409: MESSAGE },
        },
      },
    },
    async (request, reply) => {
      const { from, to } = request.query;
      const made = await reportFiles(
        { store, dataDir: settings.dataDir, key, workbook: (pages, about) => xlsxFile(pages, about) },
        { from, to },
      );
      if (!made.ok) return reply.code(409).send({ message: made.problem });
      const sample = settings.sample ? "_dati-di-esempio" : "";
      return reply
        .type("application/zip")
        .header("content-disposition", `attachment; filename="faccine_ministry_${from}_${to}${sample}.zip"`)
        .header("cache-control", "no-store")
        .send(zipOf(made.value));
    },
  );
}

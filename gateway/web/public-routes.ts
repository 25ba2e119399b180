/**
 * The public months at `/public/`: static files as they lie in the public folder. No more than their names are served.
 */
import { createReadStream, existsSync } from "node:fs";
import { join } from "node:path";
import type { FastifyInstance } from "fastify";

const TYPES: Readonly<Record<string, string>> = {
  html: "text/html; charset=utf-8",
  css: "text/css; charset=utf-8",
  csv: "text/csv; charset=utf-8; header=present",
  json: "application/json",
  ttl: "text/turtle; charset=utf-8",
  jsonld: "application/ld+json",
};
const PAGE = "(?:index|en|de|fr|sl)\\.html";
const NAMES = new RegExp(
  `^(?:${PAGE}|page\\.css|public\\.css|\\d{4}-\\d{2}/(?:${PAGE}|monthly\\.csv|monthly-excel-it\\.csv|monthly\\.csv-metadata\\.json|publication\\.json|dcat\\.ttl|dcat\\.jsonld))$`,
);

export function registerPublicRoutes(server: FastifyInstance, folder: string): void {
  server.get<{ Params: { "*": string } }>("/public/*", { schema: { hide: true } }, (request, reply) => {
    const asked = request.params["*"];
    const name = asked === "" || asked.endsWith("/") ? `${asked}index.html` : asked;
    const file = join(folder, name);
    if (!NAMES.test(name) || !existsSync(file)) return reply.callNotFound();
    return reply
      .header("access-control-allow-origin", "*")
      .header("cache-control", "no-cache")
      .type(TYPES[name.split(".").at(-1) ?? ""] ?? "application/octet-stream")
      .send(createReadStream(file));
  });
}

/**
 * The public proof at `/public/proof/`: files for anybody, as they were written after the last closing. No more than their names are
 * served, and nothing else of the folder.
 */
import { createReadStream, existsSync } from "node:fs";
import { join } from "node:path";
import type { FastifyInstance } from "fastify";
import { proofFolder } from "../proof/write-proof.ts";

const TYPES: Readonly<Record<string, string>> = {
  "index.json": "application/json",
  "late.json": "application/json",
  "gateway.json": "application/json",
  "log.ndjson": "application/x-ndjson",
  "checkpoints.ndjson": "application/x-ndjson",
};
const MONTH_FILE = /^months\/\d{4}-\d{2}\.json$/;

export function registerProofRoutes(server: FastifyInstance, dataDir: string): void {
  const folder = proofFolder(dataDir);
  server.get<{ Params: { "*": string } }>("/public/proof/*", { schema: { hide: true } }, (request, reply) => {
    const name = request.params["*"];
    const type = TYPES[name] ?? (MONTH_FILE.test(name) ? "application/json" : null);
    const file = join(folder, name);
    if (type === null || !existsSync(file)) return reply.callNotFound();
    // Whoever checks from a page of their own must be able to read it.
    return reply
      .header("access-control-allow-origin", "*")
      .header("cache-control", "no-cache")
      .type(type)
      .send(createReadStream(file));
  });
}

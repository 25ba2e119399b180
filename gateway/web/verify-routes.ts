/**
 * The page at `/public/verify/` with which anybody checks the proof at `/public/proof/` in a browser.
 */
import type { FastifyInstance } from "fastify";
import { type ServedFile, verifyFiles } from "./verify-files.ts";

export function registerVerifyRoutes(server: FastifyInstance): void {
  // Made at the first request: hardly anybody looks while a gateway starts.
  let files: ReadonlyMap<string, ServedFile> | null = null;
  const options = { schema: { hide: true }, helmet: { contentSecurityPolicy: { directives: POLICY } } };
  server.get<{ Params: { "*": string } }>("/public/verify/*", options, (request, reply) => {
    files ??= verifyFiles();
    const file = files.get(request.params["*"] || "index.html");
    if (file === undefined) return reply.callNotFound();
    return reply.type(`${file.type}; charset=utf-8`).header("cache-control", "no-cache").send(file.text);
  });
}

/** Scripts of ours alone; a proof may be read from anywhere. */
const POLICY = {
  defaultSrc: ["'none'"],
  styleSrc: ["'self'"],
  scriptSrc: ["'self'"],
  workerSrc: ["'self'"],
  connectSrc: ["*"],
  imgSrc: ["data:"],
  formAction: ["'self'"],
  baseUri: ["'none'"],
  frameAncestors: ["'none'"],
  upgradeInsecureRequests: null,
};

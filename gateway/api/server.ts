/**
 * The gateway's HTTP server: routes, guards, limits and documents, built apart from listening so that tests need no
 * port. Refuses unknown fields instead of dropping them and never logs a query, a token or a body.
 */
import { readFileSync } from "node:fs";
import cookie from "@fastify/cookie";
import helmet from "@fastify/helmet";
import rateLimit from "@fastify/rate-limit";
import swagger from "@fastify/swagger";
import fastify, { type FastifyError, type FastifyInstance } from "fastify";
import packageJson from "../../package.json" with { type: "json" };
import { openOidc } from "../access/oidc.ts";
import { publicFolder } from "../publication/write-publication.ts";
import { registerAccountRoutes } from "../web/account-routes.ts";
import { registerDeskRoutes } from "../web/desk-routes.ts";
import { registerFleetRoutes } from "../web/fleet-routes.ts";
import { registerLookRoutes } from "../web/look-routes.ts";
import { registerOidcRoutes } from "../web/oidc-routes.ts";
import { registerOverviewRoutes } from "../web/overview-routes.ts";
import { PAGE_POLICY } from "../web/page-policy.ts";
import { registerPageRoutes } from "../web/page-routes.ts";
import { registerPeopleRoutes } from "../web/people-routes.ts";
import { registerProofRoutes } from "../web/proof-routes.ts";
import { registerPublicRoutes } from "../web/public-routes.ts";
import { openRecentRows } from "../web/recent-rows.ts";
import { registerSignInRoutes } from "../web/sign-in-routes.ts";
import { registerTrendsRoutes } from "../web/trends-routes.ts";
import { registerVerifyRoutes } from "../web/verify-routes.ts";
import { apiDocument, describedRoute } from "./api-document.ts";
import { askerOf, guardOver } from "./auth.ts";
import { registerListedRoutes } from "./listed-routes.ts";
import { registerMinistryRoutes } from "./ministry-routes.ts";
import { registerOpsRoutes } from "./ops-routes.ts";
import { registerReadinessRoutes } from "./readiness-routes.ts";
import { registerReportRoutes } from "./report-routes.ts";
import { registerServedRoutes } from "./served-routes.ts";
import type { ServerParts } from "./server-parts.ts";
import { registerStatusRoutes } from "./status-routes.ts";
import { registerTicketRoutes } from "./ticket-routes.ts";
import { registerWatchRoutes } from "./watch-routes.ts";

export type Server = { readonly url: string; readonly close: () => Promise<void> };

/** Largest request body: ten thousand served counts. */
const BODY_BYTES_MAX = 2_097_152;
/**
 * Requests a minute with one token, or from one address without any: a queue system that issues a ticket every half
 * second stays below. Behind a proxy all have one address, and strangers must not use up what is the queue system's.
 */
const REQUESTS_PER_MINUTE = 600;
/** Connections at once: hundreds of browsers, or one proxy's pool. Beyond, a newcomer is turned away. */
export const CONNECTIONS_MAX = 512;
/** A client that sends its headers slower than this is holding a place. */
const REQUEST_TIMEOUT_MS = 30_000;

/** Builds the routes without listening. */
export async function buildServer(parts: ServerParts): Promise<FastifyInstance> {
  const { http } = parts.settings;
  const server = fastify({
    bodyLimit: BODY_BYTES_MAX,
    requestTimeout: REQUEST_TIMEOUT_MS,
    forceCloseConnections: true,
    // What is not known is refused, and "1" is not 1.
    ajv: { customOptions: { removeAdditional: false, coerceTypes: false, strict: false } },
    ...(http.tlsCert === null || http.tlsKey === null
      ? {}
      : { https: { cert: readFileSync(http.tlsCert), key: readFileSync(http.tlsKey) } }),
  }) as FastifyInstance;
  server.server.maxConnections = CONNECTIONS_MAX;
  server.decorateRequest("asker", null);
  observe(server, parts);
  await server.register(helmet, {
    contentSecurityPolicy: { directives: PAGE_POLICY },
    strictTransportSecurity: http.tlsCert !== null,
  });
  await server.register(rateLimit, {
    max: REQUESTS_PER_MINUTE,
    timeWindow: "1 minute",
    keyGenerator: async (request) => (await askerOf(request, parts))?.tokenId ?? request.ip,
  });
  await server.register(cookie);
  await server.register(swagger, {
    openapi: apiDocument(packageJson.version),
    transform: ({ schema, url, route }) => ({
      schema: describedRoute(schema, { method: route.method, url }),
      url,
    }),
  });
  const guard = guardOver(parts);
  registerOpsRoutes(server, { ...parts, guard });
  await server.register(
    (api, _, done) => {
      registerTicketRoutes(api, { ...parts, guard });
      registerStatusRoutes(api, { ...parts, guard });
      registerReadinessRoutes(api, { ...parts, guard });
      registerReportRoutes(api, { ...parts, guard });
      registerWatchRoutes(api, { ...parts, guard });
      registerMinistryRoutes(api, { ...parts, guard });
      registerServedRoutes(api, { ...parts, guard });
      registerListedRoutes(api, { ...parts, guard });
      api.get("/openapi.json", { schema: { hide: true } }, () => server.swagger());
      done();
    },
    { prefix: "/api/v1" },
  );
  registerLookRoutes(server);
  const oidc = openOidc(parts);
  registerSignInRoutes(server, { ...parts, oidc });
  registerOidcRoutes(server, { ...parts, oidc });
  registerAccountRoutes(server, parts);
  registerPeopleRoutes(server, parts);
  const readRows = openRecentRows(parts);
  registerOverviewRoutes(server, { ...parts, guard, readRows });
  registerTrendsRoutes(server, { ...parts, readRows });
  registerPageRoutes(server, parts);
  registerFleetRoutes(server, parts);
  registerDeskRoutes(server, parts);
  registerVerifyRoutes(server);
  registerPublicRoutes(server, publicFolder(parts.settings.dataDir));
  registerProofRoutes(server, parts.settings.dataDir);
  return server;
}

/** Builds and listens. @throws with the setting's name when the port is taken. */
export async function openServer(parts: ServerParts): Promise<Server> {
  const { host, port } = parts.settings.http;
  const server = await buildServer(parts);
  await server.listen({ host, port }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "EADDRINUSE") throw error;
    throw new Error(`port ${port} is taken: set FACCINE_HTTP_PORT (http.port) to a free one`);
  });
  return { url: server.listeningOrigin, close: () => server.close() };
}

/** Counts and logs every answer, and turns errors into one shape. */
function observe(server: FastifyInstance, { metrics, log }: ServerParts): void {
  server.addHook("onResponse", async (request, reply) => {
    const route = request.routeOptions.url ?? "unknown";
    metrics.answered(route, reply.statusCode, reply.elapsedTime / 1_000);
    log.info("http", {
      method: request.method,
      route,
      status: reply.statusCode,
      ms: Math.round(reply.elapsedTime),
    });
  });
  server.setErrorHandler((error: FastifyError, request, reply) => {
    const status = error.statusCode ?? 500;
    if (status < 500) return reply.code(status).send({ message: error.message });
    log.error("http-failed", { route: request.routeOptions.url ?? "unknown", message: error.message });
    return reply.code(500).send({ message: "the gateway failed; its log says why" });
  });
  server.setNotFoundHandler((_, reply) => reply.code(404).send({ message: "there is nothing here" }));
}

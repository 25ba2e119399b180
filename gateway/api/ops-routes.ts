/**
 * Health, readiness and metrics for whoever runs the gateway. Only liveness and readiness answer without a token, and
 * they say nothing else.
 */
import type { FastifyInstance } from "fastify";
import type { Guard } from "./auth.ts";
import type { ServerParts } from "./server-parts.ts";

export function registerOpsRoutes(
  server: FastifyInstance,
  parts: Pick<ServerParts, "store" | "metrics" | "isBrokerReady" | "isStoring"> & { readonly guard: Guard },
): void {
  const { store, metrics, guard } = parts;
  server.get("/healthz", { schema: { summary: "Is the process alive?", tags: ["operation"] } }, () => ({
    status: "ok",
  }));
  server.get(
    "/readyz",
    { schema: { summary: "Can it take and count votes?", tags: ["operation"] } },
    async (_, reply) => {
      const broker = parts.isBrokerReady();
      const canRead = await store.checkpoint().then(
        () => true,
        () => false,
      );
      const isStoreReady = canRead && parts.isStoring();
      return reply.code(broker && isStoreReady ? 200 : 503).send({ broker, store: isStoreReady });
    },
  );
  server.get(
    "/metrics",
    {
      preParsing: guard("fleet"),
      schema: { summary: "Figures for Prometheus", tags: ["operation"], security: [{ token: [] }] },
    },
    async (_, reply) => {
      const totems = await store.totemStatuses();
      const alarms = await store.alarms();
      metrics.note({
        totems: totems.length,
        online: totems.filter((totem) => totem.online).length,
        alarms: alarms.length,
      });
      return reply.type(metrics.contentType).send(await metrics.text());
    },
  );
}

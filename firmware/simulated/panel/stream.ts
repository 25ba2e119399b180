/**
 * Tells open pages about every change by server-sent events, and once a second in any case for what changes silently.
 */
import type { FastifyInstance, FastifyReply } from "fastify";
import type { SimulatedTotem } from "../simulated-totem.ts";
import type { PanelState } from "./panel-state.ts";

/** Pages open at once; more than anybody watches. */
const PAGES_MAX = 20;
const REPEAT_MS = 1_000;

export function streamStates(
  server: FastifyInstance,
  parts: { readonly simulated: SimulatedTotem; readonly state: () => Promise<PanelState> },
): { readonly close: () => void } {
  const pages = new Set<FastifyReply>();
  let sending = false;
  let again = false;

  const send = async () => {
    again = true;
    if (sending) return;
    sending = true;
    while (again && pages.size > 0) {
      again = false;
      const event = `data: ${JSON.stringify(await parts.state())}\n\n`;
      for (const page of pages) page.raw.write(event);
    }
    sending = false;
  };
  const stopListening = parts.simulated.indicators.onChange(() => void send());
  const timer = setInterval(() => void send(), REPEAT_MS);

  server.get("/panel/events", (request, reply) => {
    if (pages.size >= PAGES_MAX) return reply.code(503).send({ message: "too many open pages" });
    reply.hijack();
    reply.raw.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
    pages.add(reply);
    request.raw.on("close", () => pages.delete(reply));
    void send();
    return reply;
  });
  return {
    close: () => {
      clearInterval(timer);
      stopListening();
      for (const page of pages) page.raw.end();
    },
  };
}

/**
 * Tells open pages about every change by server-sent events, and once a second in any case: for what changes silently,
 * and so that a page can tell a totem that is off from one that is idle. Keeps nothing for a page that does not read.
 */
import type { ServerResponse } from "node:http";
import type { FastifyInstance } from "fastify";
import type { PanelState } from "#schemas/panel.ts";
import type { SimulatedIndicators } from "../simulated-indicators.ts";
import { GUARD_HEADERS } from "./guard.ts";

/** Pages open at once; more than anybody watches. */
export const PAGES_MAX = 20;

const REPEAT_MS = 1_000;

/** Bytes waiting for a page that does not read, a suspended laptop's say, before it is let go: a minute of events. */
const UNREAD_BYTES_MAX = 262_144;

export type StateStream = {
  /** Tells every page at once what has just been changed. */
  readonly tell: () => void;
  /** Pages listening now. */
  readonly pages: () => number;
  readonly close: () => void;
};

export function streamStates(
  server: FastifyInstance,
  parts: {
    readonly indicators: Pick<SimulatedIndicators, "onChange">;
    readonly state: () => Promise<PanelState>;
  },
): StateStream {
  const pages = new Set<ServerResponse>();
  let sending = false;
  let again = false;

  const send = async () => {
    again = true;
    if (sending) return;
    sending = true;
    try {
      while (again && pages.size > 0) {
        again = false;
        const event = `data: ${JSON.stringify(await parts.state())}\n\n`;
        for (const page of pages) write(page, event);
      }
    } catch {
      // A journal that cannot be read has been reported by the totem itself; pages see the silence and say so.
    } finally {
      sending = false;
    }
  };
  const stopListening = parts.indicators.onChange(() => void send());
  const timer = setInterval(() => void send(), REPEAT_MS);

  server.get("/panel/events", (_, reply) => {
    if (pages.size >= PAGES_MAX) return reply.code(503).send({ message: "too many open pages" });
    reply.hijack();
    const page = reply.raw;
    page.writeHead(200, { ...GUARD_HEADERS, "content-type": "text/event-stream; charset=utf-8" });
    page.flushHeaders();
    pages.add(page);
    page.on("close", () => pages.delete(page));
    // A page that vanished in the middle of a write ends in "close" too.
    page.on("error", () => undefined);
    void send();
    return reply;
  });
  return {
    tell: () => void send(),
    pages: () => pages.size,
    close: () => {
      clearInterval(timer);
      stopListening();
      for (const page of pages) page.end();
    },
  };
}

function write(page: ServerResponse, event: string): void {
  if (page.writableLength > UNREAD_BYTES_MAX) page.destroy();
  else page.write(event);
}

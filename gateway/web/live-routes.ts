/**
 * `GET /live`: today's figures as they move, as server-sent events, for whoever may read reports. Everybody gets what their rights show, from one
 * board; a stream ends with its session, and there are so many and no more.
 */
import { setImmediate as turn } from "node:timers/promises";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { askerOf, type Guard } from "../api/auth.ts";
import type { ServerParts } from "../api/server-parts.ts";
import type { Asker } from "../api/sessions.ts";
import { type LiveBoard, type Rights, TICK_MS } from "./live-board.ts";

type LiveParts = Pick<ServerParts, "store" | "sessions" | "nowMs" | "log"> & {
  readonly guard: Guard;
  readonly board: LiveBoard;
  /** How often figures are sent, where they moved; shorter in tests. */
  readonly tickMs?: number;
};

type Client = {
  readonly request: FastifyRequest;
  readonly rights: Rights;
  readonly stream: FastifyReply["raw"];
  sent: string;
  ticks: number;
};

/** Streams at once: two hundred viewers and as many again half; the other connections are for totems' queue systems and people. */
export const STREAMS_MAX = 300;
/**
 * At every so many ticks it is asked whether the session still stands, and a comment is sent where there is no news: proxies cut connections that
 * say nothing for a minute. Each stream has a beat of its own, so that not all are asked about at once.
 */
const HEARTBEAT_TICKS = 7;
/** A browser that has not taken so much is asleep, and comes back by itself. */
const UNSENT_BYTES_MAX = 65_536;
/** When a browser tries again after a lost connection. */
const RETRY_MS = 5_000;

export function registerLiveRoutes(server: FastifyInstance, parts: LiveParts): void {
  const clients = new Set<Client>();
  let timer: NodeJS.Timeout | null = null;
  const tick = async () => {
    for (const client of clients) {
      // Everybody else gets a turn between two of them.
      await turn();
      await serve(client, parts).catch((error: Error) => {
        parts.log.error("live-failed", { message: error.message });
        client.stream.end();
      });
    }
    timer = clients.size === 0 ? null : wait();
  };
  const wait = () => setTimeout(() => void tick(), parts.tickMs ?? TICK_MS);
  server.get(
    "/live",
    { schema: { hide: true }, preParsing: parts.guard("reports") },
    async (request, reply) => {
      if (clients.size >= STREAMS_MAX) {
        return reply
          .code(503)
          .header("retry-after", "30")
          .send({ message: "too many are watching: the page works without" });
      }
      const asker = request.asker as Asker;
      const rights = rightsOf(asker);
      if (rights.isExact) await parts.store.noteAccess(asker.tokenId, "live", parts.nowMs());
      reply.hijack();
      const client: Client = { request, rights, stream: reply.raw, sent: "", ticks: clients.size };
      reply.raw.writeHead(200, {
        "content-type": "text/event-stream; charset=utf-8",
        "cache-control": "no-store",
        "x-content-type-options": "nosniff",
      });
      reply.raw.write(`retry: ${RETRY_MS}\n\n`);
      clients.add(client);
      reply.raw.once("close", () => clients.delete(client));
      await serve(client, parts);
      timer ??= wait();
      return reply;
    },
  );
  server.addHook("preClose", async () => {
    if (timer !== null) clearTimeout(timer);
    for (const { stream } of clients) stream.end();
  });
}

/** What somebody's figures of today depend on. */
export function rightsOf({ scopes, officeId }: Pick<Asker, "scopes" | "officeId">): Rights {
  return { isExact: scopes.includes("reports:exact"), officeId };
}

async function serve(client: Client, parts: LiveParts): Promise<void> {
  const { rights, stream } = client;
  client.ticks += 1;
  const isBeat = client.ticks % HEARTBEAT_TICKS === 0;
  if ((isBeat && !(await mayStay(client, parts))) || stream.writableLength > UNSENT_BYTES_MAX) {
    stream.end();
    return;
  }
  const text = await parts.board.text(rights);
  if (text !== client.sent) stream.write(`data: ${text}\n\n`);
  else if (isBeat) stream.write(": still here\n\n");
  client.sent = text;
}

/** Signed out, expired, revoked, or with other rights than when it began: the browser asks anew. */
async function mayStay({ request, rights }: Client, parts: LiveParts): Promise<boolean> {
  const asker = await askerOf(request, parts);
  return asker?.scopes.includes("reports") === true && areSame(rightsOf(asker), rights);
}

function areSame(a: Rights, b: Rights): boolean {
  return a.isExact === b.isExact && a.officeId === b.officeId;
}

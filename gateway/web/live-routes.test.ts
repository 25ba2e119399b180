import { randomBytes } from "node:crypto";
import type { AddressInfo } from "node:net";
import cookie from "@fastify/cookie";
import fastify, { type FastifyInstance } from "fastify";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Canonical } from "#schemas/canonical.ts";
import type { Face } from "#schemas/code-list.ts";
import { makeToken, type Scope } from "../access/tokens.ts";
import { guardOver } from "../api/auth.ts";
import { GOLDEN_SETTINGS } from "../api/golden-votes.fixture.ts";
import { openSessions, SESSION_COOKIE, type Sessions } from "../api/sessions.ts";
import { directoryOf } from "../directory.ts";
import {
  type TestTotem,
  testTotem,
  trustedTime,
  verifiedBatch,
  voteEntry,
} from "../ingest/journal.fixture.ts";
import { openSqliteStore } from "../store/sqlite/sqlite-store.ts";
import type { Store } from "../store/store.ts";
import type { LiveView } from "./live-board.ts";
import { STREAMS_MAX } from "./live-routes.ts";
import { registerOverviewRoutes } from "./overview-routes.ts";
import { openRecentRows } from "./recent-rows.ts";

const NOW_MS = Date.UTC(2026, 10, 24, 10);
const SETTINGS = { ...GOLDEN_SETTINGS, live: { step: 5 } };
const [SITE] = SETTINGS.sites;
const [OFFICE] = SITE?.offices ?? [];
const SERVICE = OFFICE?.services[0]?.serviceId ?? "";
const OTHER = SITE?.offices[1]?.officeId ?? "";
const KEY = `${SITE?.siteId} ${OFFICE?.officeId} ${SERVICE}`;

describe("today's figures as they move", () => {
  let store: Store;
  let server: FastifyInstance;
  let sessions: Sessions;
  let nowMs: number;
  let url: string;
  let totem: TestTotem;
  let sent: number;
  const noted: string[] = [];
  const streams: AbortController[] = [];
  const held: Response[] = [];

  beforeEach(async () => {
    nowMs = NOW_MS;
    sent = 0;
    noted.length = 0;
    const opened = openSqliteStore(":memory:", nowMs);
    store = {
      ...opened,
      noteAccess: (id, what, atMs) => {
        noted.push(what);
        return opened.noteAccess(id, what, atMs);
      },
    };
    sessions = openSessions({ store, randomBytes, isSecure: false });
    totem = testTotem("totem-1");
    totem.start();
    await store.registerTotem({ ...totem.record, siteId: SITE?.siteId ?? "" });
    const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
    const parts = {
      settings: SETTINGS,
      store,
      sessions,
      log,
      directory: directoryOf(SETTINGS),
      nowMs: () => nowMs,
    };
    server = fastify({ forceCloseConnections: true });
    server.decorateRequest("asker", null);
    await server.register(cookie);
    registerOverviewRoutes(server, {
      ...parts,
      guard: guardOver(parts),
      readRows: openRecentRows(parts),
      tickMs: 5,
    });
    await server.listen({ host: "127.0.0.1", port: 0 });
    url = `http://127.0.0.1:${(server.server.address() as AddressInfo).port}`;
  });
  afterEach(async () => {
    for (const stream of streams.splice(0)) stream.abort();
    held.length = 0;
    await server.close();
    await store.close();
  });

  const session = async (...scopes: Scope[]) => ({
    cookie: `${SESSION_COOKIE}=${await sessions.enter(await sessions.makeLink(scopes, nowMs), nowMs)}`,
  });
  /** Votes that arrive, and a clock that has moved on, so that figures are read anew. */
  const vote = async (...faces: Face[]) => {
    nowMs += 3_000;
    for (const face of faces) {
      const reason = face === "red" ? ("none" as const) : null;
      totem.append(voteEntry({ face, reason, service: SERVICE, time: trustedTime(nowMs) }) as Canonical);
    }
    const last = totem.epochs.at(-1)?.last ?? 0;
    await store.ingest(
      [verifiedBatch(totem, totem.batch(sent + 1, last), nowMs)],
      directoryOf(SETTINGS).rules,
    );
    sent = last;
  };
  const open = async (headers: Record<string, string>) => {
    const control = new AbortController();
    streams.push(control);
    const response = await fetch(`${url}/live`, { headers, signal: control.signal });
    // Held: a response that nobody holds is collected, and its stream ends.
    held.push(response);
    return { response, events: eventsOf(response) };
  };
  const next = async (events: AsyncGenerator<LiveView>, isRight: (view: LiveView) => boolean) => {
    for (;;) {
      const { value, done } = await events.next();
      if (done) throw new Error("the stream ended");
      if (isRight(value)) return value;
    }
  };

  it("reach who watches, in whole steps, once a whole group of votes has come", async () => {
    const { response, events } = await open(await session("reports"));
    expect(response.headers.get("content-type")).toBe("text/event-stream; charset=utf-8");
    expect(await next(events, () => true)).toEqual({ day: "2026-11-24", addsUp: true, places: {} });
    await vote("green", "green", "green", "green");
    await vote("green", "green", "green");
    const { places } = await next(events, (view) => KEY in view.places);
    expect(places[KEY]).toEqual({ valid: 5, green: 5, yellow: 0, red: 0 });
  });

  it("are told to nobody without a session or token of the scope", async () => {
    expect((await open({})).response.status).toBe(401);
    expect((await open(await session("fleet"))).response.status).toBe(403);
    const { text, record } = makeToken({ name: "wall", scopes: ["reports"], days: 1, nowMs, randomBytes });
    await store.addToken(record);
    expect((await open({ authorization: `Bearer ${text}` })).response.status).toBe(200);
  });

  it("are those of its own office to a token of one office", async () => {
    const streamOf = async (officeId: string) => {
      const { text, record } = makeToken({
        name: officeId,
        scopes: ["reports"],
        officeId,
        days: 1,
        nowMs,
        randomBytes,
      });
      await store.addToken(record);
      return (await open({ authorization: `Bearer ${text}` })).events;
    };
    const [own, other, all] = [
      await streamOf(OFFICE?.officeId ?? ""),
      await streamOf(OTHER),
      (await open(await session("reports"))).events,
    ];
    for (const events of [own, other, all]) await next(events, () => true);
    await vote(...Array<Face>(8).fill("green"));
    expect(Object.keys((await next(own, (view) => KEY in view.places)).places)).toEqual([KEY]);
    await next(all, (view) => KEY in view.places);
    // Broken sums are told to all: that is the next thing the other office hears, and no figure came before it.
    await store.raiseAlarm("recount-mismatch", "", "invented", nowMs);
    nowMs += 20_000;
    expect(await next(other, () => true)).toEqual({ day: "2026-11-24", addsUp: false, places: {} });
  });

  it("end with the session", async () => {
    const { events } = await open(await session("reports"));
    await next(events, () => true);
    nowMs += 13 * 3_600_000;
    await expect(next(events, () => false)).rejects.toThrow("the stream ended");
  });

  it("are streamed to so many and no more; the page works for the one too many", async () => {
    const headers = await session("reports");
    for (let n = 0; n < STREAMS_MAX; n++) expect((await open(headers)).response.status).toBe(200);
    const refused = (await open(headers)).response;
    expect([refused.status, refused.headers.get("retry-after")]).toEqual([503, "30"]);
    expect((await fetch(url, { headers })).status).toBe(200);
  }, 60_000);

  it("with small groups are noted in the access log; the page and the stream of others are not", async () => {
    await open(await session("reports"));
    await fetch(url, { headers: await session("reports") });
    expect(noted).toEqual([]);
    await open(await session("reports", "reports:exact"));
    await fetch(url, { headers: await session("reports", "reports:exact") });
    expect(noted).toEqual(["live", "live"]);
  });

  it("are on the page without a script too, and the script is ours", async () => {
    await vote(...Array<Face>(3).fill("green"));
    const headers = await session("reports");
    await fetch(url, { headers });
    await vote(...Array<Face>(9).fill("green"));
    const page = await (await fetch(`${url}/?lang=en`, { headers })).text();
    expect(page).toContain('<td data-figure="green" data-label="Green">10</td>');
    expect(await (await fetch(`${url}/live.js`)).text()).not.toContain("readonly");
  });
});

async function* eventsOf(response: Response): AsyncGenerator<LiveView> {
  let text = "";
  for await (const piece of response.body ?? []) {
    text += new TextDecoder().decode(piece);
    for (let end = text.indexOf("\n\n"); end >= 0; end = text.indexOf("\n\n")) {
      const [block] = [text.slice(0, end)];
      text = text.slice(end + 2);
      if (block.startsWith("data: ")) yield JSON.parse(block.slice("data: ".length));
    }
  }
}

import { randomBytes } from "node:crypto";
import cookie from "@fastify/cookie";
import fastify, { type FastifyInstance } from "fastify";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { makeToken, type Scope } from "../access/tokens.ts";
import { directoryOf } from "../directory.ts";
import { openSqliteStore } from "../store/sqlite/sqlite-store.ts";
import type { Store } from "../store/store.ts";
import { guardOver } from "./auth.ts";
import { GOLDEN_SETTINGS } from "./golden-votes.fixture.ts";
import { registerListedRoutes } from "./listed-routes.ts";
import { openSessions } from "./sessions.ts";

const NOW_MS = Date.UTC(2026, 10, 24, 12);
const OFFICE_ID = GOLDEN_SETTINGS.sites[0]?.offices[0]?.officeId ?? "";
/** The golden administration, its first office giving out numbered receipts. */
const SETTINGS: typeof GOLDEN_SETTINGS = {
  ...GOLDEN_SETTINGS,
  sites: GOLDEN_SETTINGS.sites.map((site) => ({
    ...site,
    offices: site.offices.map((office) => ({
      ...office,
      services: office.services.map((service, at) => (at === 0 ? { ...service, receiptCode: "" } : service)),
      tickets: { profiles: ["plain"], plain: { pattern: "N(?<number>\\d{3})", check: "none" } },
    })),
  })),
};

describe("a queue system's list of receipts", () => {
  let store: Store;
  let server: FastifyInstance;
  beforeEach(async () => {
    store = openSqliteStore(":memory:", NOW_MS);
    server = fastify();
    server.decorateRequest("asker", null);
    await server.register(cookie);
    const nowMs = () => NOW_MS;
    registerListedRoutes(server, {
      ...{ store, directory: directoryOf(SETTINGS), nowMs, settings: SETTINGS },
      siteKeyOn: () => Buffer.alloc(32, 7),
      guard: guardOver({ store, sessions: openSessions({ store, randomBytes, isSecure: false }), nowMs }),
    });
  });
  afterEach(async () => {
    await server.close();
    await store.close();
  });

  const post = async (payload: object, ...scopes: Scope[]) => {
    const { text, record } = makeToken({ name: "queue", scopes, days: 1, nowMs: NOW_MS, randomBytes });
    await store.addToken(record);
    const headers = { authorization: `Bearer ${text}` };
    const answer = await server.inject({ method: "POST", url: "/served/receipts", headers, payload });
    return { status: answer.statusCode, ...answer.json() };
  };

  it("is taken with the scope for served counts; sent again, it changes nothing", async () => {
    const list = { office: OFFICE_ID, codes: ["N001", "N002"] };
    expect(await post(list, "served")).toEqual({ status: 200, listed: 2, knownBefore: 0 });
    expect(await post({ ...list, codes: ["N002", "N003"] }, "served")).toEqual({
      ...{ status: 200, listed: 1, knownBefore: 1 },
    });
    expect((await post(list, "issue", "reports")).status).toBe(403);
  });

  it("with one wrong code, or for an office nobody knows, changes nothing and says what is wrong", async () => {
    const wrong = await post({ office: OFFICE_ID, codes: ["N001", "RSSMRA80A01H501U"] }, "served");
    expect(wrong).toMatchObject({ status: 422, message: expect.stringContaining("codes, number 2") });
    expect(await post({ office: "moon", codes: ["N001"] }, "served")).toMatchObject({
      ...{ status: 422, message: "office = moon: no office has this id" },
    });
    expect((await store.held()).find(({ id }) => id === "gateway-listed")).toMatchObject({ rows: 0 });
  });
});

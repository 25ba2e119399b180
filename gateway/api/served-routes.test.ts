import { randomBytes } from "node:crypto";
import cookie from "@fastify/cookie";
import fastify, { type FastifyInstance } from "fastify";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { makeToken, type Scope } from "../access/tokens.ts";
import { openSqliteStore } from "../store/sqlite/sqlite-store.ts";
import type { Store } from "../store/store.ts";
import { guardOver } from "./auth.ts";
import { GOLDEN_DIRECTORY } from "./golden-votes.fixture.ts";
import { registerServedRoutes } from "./served-routes.ts";
import { openSessions } from "./sessions.ts";

const NOW_MS = Date.UTC(2026, 10, 24, 12);
const NOVEMBER = "/served?from=2026-11-01&to=2026-12-01";

const count = (more: object = {}) => ({
  ...{ office: "demografici", service: "anagrafe", day: "2026-11-23", served: 40, ...more },
});

describe("the served counts", () => {
  let store: Store;
  let server: FastifyInstance;
  let headers: { authorization: string };

  beforeEach(async () => {
    store = openSqliteStore(":memory:", NOW_MS);
    server = fastify();
    server.decorateRequest("asker", null);
    await server.register(cookie);
    const guard = guardOver({
      store,
      sessions: openSessions({ store, randomBytes, isSecure: false }),
      nowMs: () => NOW_MS,
    });
    registerServedRoutes(server, { store, directory: GOLDEN_DIRECTORY, nowMs: () => NOW_MS, guard });
    headers = await tokenFor("served");
  });
  afterEach(async () => {
    await server.close();
    await store.close();
  });

  const tokenFor = async (...scopes: Scope[]) => {
    const { text, record } = makeToken({ name: "test", scopes, days: 1, nowMs: NOW_MS, randomBytes });
    await store.addToken(record);
    return { authorization: `Bearer ${text}` };
  };
  const post = async (payload: object | string, type = "application/json") => {
    const body = typeof payload === "string" ? payload : JSON.stringify(payload);
    const answer = await server.inject({
      method: "POST",
      url: "/served",
      headers: { ...headers, "content-type": type },
      payload: body,
    });
    return { status: answer.statusCode, ...answer.json() };
  };
  const stored = async () => (await server.inject({ url: NOVEMBER, headers })).json();

  it("are taken one by one, as a list or as CSV, and read back", async () => {
    expect(await post(count())).toEqual({ status: 200, stored: 1 });
    expect(await post([count({ day: "2026-11-20" }), count({ service: "stato-civile" })])).toEqual({
      status: 200,
      stored: 2,
    });
    const csv = "office;service;day;served\r\ntributi;imu;24/11/2026;7\r\n";
    expect(await post(csv, "text/csv; charset=utf-8")).toEqual({ status: 200, stored: 1 });
    expect(await stored()).toEqual([
      count({ day: "2026-11-20" }),
      count(),
      count({ service: "stato-civile" }),
      { office: "tributi", service: "imu", day: "2026-11-24", served: 7 },
    ]);
  });

  it("are corrected by the same office, service and day again", async () => {
    await post(count());
    expect(await post(count({ served: 41 }))).toEqual({ status: 200, stored: 1 });
    expect(await stored()).toEqual([count({ served: 41 })]);
  });

  it.each([
    [count({ office: "anagrafe" }), "count 1, column office = anagrafe: no office has this id"],
    [
      count({ service: "imu" }),
      "count 1, column service = imu: office demografici has no service with this id",
    ],
    [count({ day: "2026-11-25" }), "count 1, column day = 2026-11-25: must not be after today, 2026-11-24"],
    [count({ day: "1926-11-23" }), "count 1, column day = 1926-11-23: must not be before 2000-01-01"],
    [[count(), count({ served: 9 })], "count 2, column day = 2026-11-23: is counted already at count 1"],
  ])("that cannot be true are refused with 422: %j", async (body, problem) => {
    expect(await post(body)).toEqual({ status: 422, message: problem, problems: [problem] });
    expect(await stored()).toEqual([]);
  });

  it.each([
    [count({ day: "2026-02-30" }), "count 1, column day = 2026-02-30: must be a day of the calendar"],
    [count({ served: -1 }), "count 1, column served = -1: must be a whole number from 0 to 1000000"],
    [count({ served: "40" }), "count 1, column served = 40: must be a whole number from 0 to 1000000"],
    [count({ served: 1.5 }), "count 1, column served = 1.5: must be a whole number from 0 to 1000000"],
    [[], "the list: must hold 1 to 10000 counts; it holds 0"],
    [Array.from({ length: 10_001 }, () => count()), "the list: must hold 1 to 10000 counts; it holds 10001"],
  ])("that are malformed are refused with 400", async (body, problem) => {
    expect(await post(body)).toEqual({ status: 400, message: problem, problems: [problem] });
  });

  it.each([count({ extra: 1 }), { office: "demografici" }, null, 7, "x", [[]]])(
    "of a wrong shape are refused with where it broke: %j",
    async (body) => {
      const answer = await post(JSON.stringify(body));
      expect(answer.status).toBe(400);
      expect(answer.message).toMatch(/^count 1/);
    },
  );

  it("are stored whole or not at all", async () => {
    const csv = (last: string) =>
      `office,service,day,served\ndemografici,anagrafe,2026-11-20,5\ndemografici,anagrafe,2026-11-21,6\n${last}\n`;
    expect(await post(csv("demografici,imu,2026-11-22,7"), "text/csv")).toMatchObject({
      status: 422,
      message: "line 4, column service = imu: office demografici has no service with this id",
    });
    expect(await post(csv("demografici,anagrafe,22-11-2026,7"), "text/csv")).toMatchObject({
      status: 400,
      message: "line 4, column day = 22-11-2026: must be a day, YYYY-MM-DD",
    });
    expect(await stored()).toEqual([]);
  });

  it("are taken neither from what is no JSON, nor from a file in another encoding, nor from other types", async () => {
    expect(await post("{", "application/json")).toMatchObject({ status: 400 });
    const latin1 = Buffer.from("office;service;day;served\nattivit\xE0;x;2026-11-01;1\n", "latin1");
    const answer = await server.inject({
      method: "POST",
      url: "/served",
      headers: { ...headers, "content-type": "text/csv" },
      payload: latin1,
    });
    expect(answer.json()).toMatchObject({ message: "the file: must be UTF-8" });
    expect(await post("office,service,day,served", "text/plain")).toMatchObject({ statusCode: 415 });
  });

  it("need a token with their scope", async () => {
    expect((await server.inject(NOVEMBER)).statusCode).toBe(401);
    const other = await tokenFor("reports", "reports:exact");
    expect((await server.inject({ url: NOVEMBER, headers: other })).statusCode).toBe(403);
    const refused = await server.inject({ method: "POST", url: "/served", headers: other, payload: count() });
    expect(refused.statusCode).toBe(403);
    expect(await stored()).toEqual([]);
  });

  it.each([
    ["/served", "from: is missing; give a day, YYYY-MM-DD"],
    ["/served?from=2026-11-01&to=november", "to = november: must be a day, YYYY-MM-DD"],
    [
      "/served?from=2026-11-01&to=2026-11-01",
      "to = 2026-11-01: must be 1 to 31 days after from = 2026-11-01",
    ],
    [
      "/served?from=2026-10-01&to=2026-11-02",
      "to = 2026-11-02: must be 1 to 31 days after from = 2026-10-01",
    ],
  ])("are read a month at a time: %s", async (url, message) => {
    const answer = await server.inject({ url, headers });
    expect(answer.statusCode).toBe(400);
    expect(answer.json()).toMatchObject({ message });
  });
});

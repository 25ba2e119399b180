import { randomBytes } from "node:crypto";
import cookie from "@fastify/cookie";
import fastify, { type FastifyInstance } from "fastify";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ALARM_CODES } from "#schemas/alarms.ts";
import { GOLDEN_DIRECTORY, GOLDEN_SETTINGS } from "../api/golden-votes.fixture.ts";
import { openSessions, type Sessions } from "../api/sessions.ts";
import { openSqliteStore } from "../store/sqlite/sqlite-store.ts";
import type { Store } from "../store/store.ts";
import { registerFleetRoutes } from "./fleet-routes.ts";

const HOST = "comune.example";
const NOW_MS = Date.UTC(2026, 10, 27, 11);

describe("the pages of totems and alarms", () => {
  let store: Store;
  let server: FastifyInstance;
  let sessions: Sessions;
  beforeEach(async () => {
    store = openSqliteStore(":memory:", NOW_MS);
    sessions = openSessions({ store, randomBytes, isSecure: false });
    server = fastify();
    server.decorateRequest("asker", null);
    await server.register(cookie);
    const parts = { settings: GOLDEN_SETTINGS, store, directory: GOLDEN_DIRECTORY, sessions };
    registerFleetRoutes(server, { ...parts, nowMs: () => NOW_MS });
  });
  afterEach(async () => {
    await server.close();
    await store.close();
  });

  const signIn = async (...scopes: readonly string[]) => ({
    [sessions.cookie.name]: await sessions.begin(
      { accountId: null, name: "rossi", scopes, officeId: null },
      NOW_MS,
    ),
  });
  const get = (url: string, cookies: Record<string, string>) =>
    server.inject({ url, cookies, headers: { host: HOST } });
  const post = (cookies: Record<string, string>, fields: Record<string, string>, site = "same-origin") =>
    server.inject({
      ...{ method: "POST", url: "/alarms/acknowledge?lang=en", cookies },
      headers: {
        ...{ host: HOST, "sec-fetch-site": site, "content-type": "application/x-www-form-urlencoded" },
      },
      payload: new URLSearchParams(fields).toString(),
    });
  /** The fields of the first form on the page, as a browser would send them. */
  const formOn = (page: string) =>
    Object.fromEntries(
      [...page.matchAll(/name="(form|code|subject)" value="([^"]*)"/g)].map(([, name, value]) => [
        name,
        value,
      ]),
    ) as Record<string, string>;

  it("are for who may see the fleet", async () => {
    const [fleet, reports] = [await signIn("fleet"), await signIn("reports")];
    for (const path of ["/fleet", "/alarms", ...ALARM_CODES.map((code) => `/alarms/${code}`)]) {
      expect((await get(path, fleet)).statusCode, path).toBe(200);
      expect((await get(path, reports)).statusCode, path).toBe(403);
      expect((await get(path, {})).statusCode, path).not.toBe(200);
    }
  });

  it("let a reader say that he looks after an alarm, and write down that it was he", async () => {
    await store.raiseAlarm("forked", "totem-1", "x", NOW_MS);
    const reader = await signIn("fleet");
    const form = formOn((await get("/alarms", reader)).body);
    const answer = await post(reader, { ...form, note: "I drive there\ntoday" });
    expect(answer).toMatchObject({ statusCode: 303, headers: { location: "/alarms?lang=en" } });
    expect(await store.alarms()).toMatchObject([
      { acknowledged: { by: "rossi", note: "I drive there today", atMs: NOW_MS } },
    ]);
    const [deed] = await store.deeds({ beforeNo: null, limit: 1 });
    expect(deed).toMatchObject({ kind: "alarm-acknowledged", byName: "rossi", what: "forked totem-1" });
    expect((await get("/alarms?lang=en", reader)).body).toContain("I drive there today");
  });

  it("take no such word from another site, without the page's own token, or from who may not see the fleet", async () => {
    await store.raiseAlarm("forked", "totem-1", "x", NOW_MS);
    const reader = await signIn("fleet");
    const form = formOn((await get("/alarms", reader)).body);
    expect((await post(reader, form, "cross-site")).statusCode).toBe(403);
    expect((await post(reader, { ...form, form: "forged" })).statusCode).toBe(403);
    const other = await signIn("reports");
    expect((await post(other, form)).statusCode).toBe(403);
    expect((await store.alarms())[0]?.acknowledged).toBeNull();
  });

  it("change nothing for an alarm that is gone or never was, and cut a note that is too long", async () => {
    const reader = await signIn("fleet");
    await store.raiseAlarm("forked", "totem-1", "x", NOW_MS);
    const form = formOn((await get("/alarms", reader)).body);
    for (const fields of [
      { ...form, subject: "totem-2" },
      { ...form, code: "no-such" },
    ]) {
      expect((await post(reader, fields)).statusCode).toBe(303);
      expect((await store.alarms())[0]?.acknowledged).toBeNull();
    }
    await post(reader, { ...form, note: "x".repeat(5_000) });
    expect((await store.alarms())[0]?.acknowledged?.note).toHaveLength(200);
  });
});

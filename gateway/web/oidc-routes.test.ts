import { randomBytes } from "node:crypto";
import cookie from "@fastify/cookie";
import fastify, { type FastifyInstance } from "fastify";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openOidc } from "../access/oidc.ts";
import { startProvider, type TestProvider } from "../access/oidc-provider.fixture.ts";
import { GOLDEN_SETTINGS } from "../api/golden-votes.fixture.ts";
import { openSessions, type Sessions } from "../api/sessions.ts";
import { openSqliteStore } from "../store/sqlite/sqlite-store.ts";
import type { Store } from "../store/store.ts";
import { registerOidcRoutes } from "./oidc-routes.ts";
import { OIDC_WORDS } from "./oidc-words.ts";

const PEOPLE = {
  ada: { preferred_username: "ada", groups: ["faccine-it"] },
  bea: { preferred_username: "bea", groups: ["faccine-demografici"] },
  cyd: { preferred_username: "cyd", groups: ["<b>gardeners</b>"] },
};
const WORDS = OIDC_WORDS.en;
const ERRAND = "__Host-faccine-errand";

type Cookies = Readonly<Record<string, string>>;
type Answer = { readonly cookies: readonly { readonly name: string; readonly value: string }[] };

describe("the way in by another system", () => {
  let provider: TestProvider;
  let store: Store;
  let sessions: Sessions;
  let server: FastifyInstance;
  const logged: unknown[] = [];
  let nowMs: number;
  const log = { warn: (...what: unknown[]) => logged.push(what) };

  beforeEach(async () => {
    nowMs = Date.now();
    provider = await startProvider(PEOPLE);
    store = openSqliteStore(":memory:", nowMs);
    sessions = openSessions({ store, randomBytes, isSecure: true });
    const settings = { ...GOLDEN_SETTINGS, access: { oidc: provider.setting } };
    const parts = { settings, store, sessions, randomBytes, nowMs: () => nowMs, log };
    server = fastify();
    await server.register(cookie);
    registerOidcRoutes(server, { ...parts, oidc: openOidc(parts) });
  });
  afterEach(async () => {
    logged.length = 0;
    await server.close();
    await store.close();
    await provider.close();
  });

  const get = (url: string, cookies: Cookies = {}) =>
    server.inject({ url, cookies: { ...cookies }, headers: { "accept-language": "en" } });
  const cookieOf = (answer: Answer, name: string) =>
    answer.cookies.find((one) => one.name === name)?.value ?? "";
  const sessionOf = (answer: Answer) => sessions.find(cookieOf(answer, sessions.cookie.name), nowMs);
  const begin = async (next = "/files?month=2026-10") => {
    const answer = await get(`/sign-in/oidc?next=${encodeURIComponent(next)}`);
    return { answer, url: String(answer.headers.location), cookies: { [ERRAND]: cookieOf(answer, ERRAND) } };
  };
  const pathOf = (url: string) => new URL(url).pathname + new URL(url).search;
  const signIn = async (login: string, more: Cookies = {}) => {
    const { url, cookies } = await begin();
    return get(pathOf(await provider.signIn(url, login)), { ...cookies, ...more });
  };

  it("leads to the provider and back to the page that was asked for, with the role of the group", async () => {
    const back = await signIn("ada");
    expect([back.statusCode, back.headers.location]).toEqual([303, "/files?month=2026-10"]);
    expect(await sessionOf(back)).toMatchObject({
      ...{ name: "ada (Comune)", officeId: null, scopes: expect.arrayContaining(["admin", "reports:exact"]) },
    });
    expect(back.cookies.find(({ name }) => name === ERRAND)).toMatchObject({ value: "", secure: true });
  });

  it("gives a person of one office nothing but its hidden figures", async () => {
    expect(await sessionOf(await signIn("bea"))).toMatchObject({
      officeId: "demografici",
      scopes: ["reports"],
    });
  });

  it("keeps what the browser carries out of reach of scripts, other sites and plain lines, and for ten minutes", async () => {
    const { answer } = await begin();
    expect(answer.cookies.find(({ name }) => name === ERRAND)).toMatchObject({
      ...{ httpOnly: true, sameSite: "Lax", secure: true, path: "/", maxAge: 600 },
    });
    expect(answer.headers["cache-control"]).toBe("no-store");
  });

  it("opens a new session each time and ends the one the browser had", async () => {
    const planted = await sessions.begin(
      { accountId: null, name: "x", scopes: ["reports"], officeId: null },
      nowMs,
    );
    const back = await signIn("ada", { [sessions.cookie.name]: planted });
    expect(await sessions.find(planted, nowMs)).toBeNull();
    expect(cookieOf(back, sessions.cookie.name)).not.toBe(planted);
    expect(await sessionOf(back)).toMatchObject({ name: "ada (Comune)" });
  });

  it("writes into the log who came in, by an id that is nobody's of ours", async () => {
    await signIn("ada");
    expect(await store.deeds({ beforeNo: null, limit: 9 })).toMatchObject([
      { kind: "sign-in", byName: "ada (Comune)", what: expect.stringMatching(/^oidc-[0-9a-f]{24}$/) },
    ]);
  });

  it("tells who has no role what the provider says of them, and opens nothing", async () => {
    const back = await signIn("cyd");
    expect(back.statusCode).toBe(403);
    expect(back.body).toContain(WORDS.titles["no-role"]);
    expect(back.body).toContain("&#60;b&#62;gardeners");
    expect(cookieOf(back, sessions.cookie.name)).toBe("");
    expect(await store.deeds({ beforeNo: null, limit: 9 })).toMatchObject([
      { kind: "sign-in-failed", byName: "" },
    ]);
  });

  it("takes no answer that was not asked for in this browser, and none twice", async () => {
    const { url, cookies } = await begin();
    const path = pathOf(await provider.signIn(url, "ada"));
    const forged = path.replace(/state=[^&]+/, `state=${"x".repeat(43)}`);
    for (const [to, with_] of [
      [path, {}],
      [forged, cookies],
      ["/sign-in/oidc/callback", cookies],
    ] as const) {
      const refused = await get(to, with_);
      expect([refused.statusCode, cookieOf(refused, sessions.cookie.name)]).toEqual([400, ""]);
      expect(refused.body).toContain(WORDS.titles["begin-again"]);
    }
    expect((await get(path, cookies)).statusCode).toBe(303);
    expect((await get(path, cookies)).statusCode).toBe(400);
  });

  it("says it when the provider said no", async () => {
    const { url, cookies } = await begin();
    const refused = await get(pathOf(await provider.turnBack(url)), cookies);
    expect([refused.statusCode, refused.body.includes(WORDS.titles.refused)]).toEqual([403, true]);
  });

  it("says it when the provider is down, and leads back to the gateway's own sign-in", async () => {
    provider.setDown(true);
    const { answer } = await begin();
    expect(answer.statusCode).toBe(503);
    expect(answer.body).toContain('href="/sign-in?lang=en&#38;next=%2Ffiles%3Fmonth%3D2026-10"');
  });

  it("sends nobody to another site afterwards", async () => {
    for (const next of [
      "//evil.example",
      "https://evil.example",
      "/\\evil.example",
      "/sign-out",
      "\r\nx: y",
    ]) {
      const { url, cookies } = await begin(next);
      const back = await get(pathOf(await provider.signIn(url, "ada")), cookies);
      expect([back.statusCode, back.headers.location]).toEqual([303, "/"]);
    }
    // A browser whose cookie somebody else has written.
    const { url, cookies } = await begin();
    const errand = JSON.parse(Buffer.from(cookies[ERRAND] ?? "", "base64url").toString());
    const changed = Buffer.from(JSON.stringify({ ...errand, next: "//evil.example" })).toString("base64url");
    const back = await get(pathOf(await provider.signIn(url, "ada")), { [ERRAND]: changed });
    expect(back.headers.location).toBe("/");
  });

  it("does not begin or end anything for who only looks ahead", async () => {
    for (const url of ["/sign-in/oidc", "/sign-in/oidc/callback"])
      expect((await server.inject({ method: "HEAD", url })).statusCode).toBe(404);
    expect(provider.asked).toEqual([]);
  });

  it("is not there without a provider in the settings", async () => {
    const bare = fastify();
    registerOidcRoutes(bare, { settings: GOLDEN_SETTINGS, store, sessions, nowMs: () => nowMs, oidc: null });
    expect((await bare.inject("/sign-in/oidc")).statusCode).toBe(404);
    await bare.close();
  });
});

import { randomBytes } from "node:crypto";
import cookie from "@fastify/cookie";
import fastify, { type FastifyInstance } from "fastify";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Role } from "#schemas/access-settings.ts";
import { HOUR_MS } from "#schemas/time.ts";
import { openPasswords, type Passwords } from "../access/passwords.ts";
import { GOLDEN_SETTINGS } from "../api/golden-votes.fixture.ts";
import { FIRST_ACCOUNT, openSessions, type Sessions } from "../api/sessions.ts";
import type { Deed } from "../store/account-store.ts";
import { openSqliteStore } from "../store/sqlite/sqlite-store.ts";
import type { Store } from "../store/store.ts";
import { ACCOUNT_WORDS } from "./account-words.ts";
import { registerSignInRoutes } from "./sign-in-routes.ts";

const HOST = "comune.example";
const PASSWORD = "tre gatti sul tetto";
const OTHER = "quattro cani in cortile";
const WORDS = ACCOUNT_WORDS.en;
const DEED: Deed = { atMs: 0, kind: "account-made", byId: "", byName: "", what: "" };

describe("signing in", () => {
  let store: Store;
  let server: FastifyInstance;
  let sessions: Sessions;
  let passwords: Passwords;
  let hashed: number;
  let nowMs: number;
  beforeEach(async () => {
    nowMs = Date.UTC(2026, 10, 24, 12);
    hashed = 0;
    store = openSqliteStore(":memory:", nowMs);
    sessions = openSessions({ store, randomBytes, isSecure: false });
    passwords = openPasswords(randomBytes, { logN: 4, r: 1, p: 1 });
    const counting: Passwords = {
      hash: passwords.hash,
      isRight: (password, kept) => {
        hashed++;
        return passwords.isRight(password, kept);
      },
    };
    server = fastify();
    await server.register(cookie);
    const parts = {
      settings: GOLDEN_SETTINGS,
      store,
      sessions,
      randomBytes,
      passwords: counting,
      oidc: null,
    };
    registerSignInRoutes(server, { ...parts, nowMs: () => nowMs });
  });
  afterEach(async () => {
    await server.close();
    await store.close();
  });

  const addAccount = async (name: string, role: Role = "operator", password: string | null = PASSWORD) => {
    const account = { accountId: `id-${name}`, name, role, officeId: null, createdMs: 0, disabledMs: null };
    const kept = password === null ? null : await passwords.hash(password);
    await store.addAccount({ ...account, password: kept }, DEED);
    return account;
  };
  type Sent = {
    readonly cookies?: Record<string, string>;
    readonly headers?: Record<string, string>;
    readonly from?: string;
  };
  const post = (
    path: string,
    form: Record<string, string>,
    { cookies = {}, headers = {}, from = "192.0.2.1" }: Sent = {},
  ) =>
    server.inject({
      ...{ method: "POST", url: `${path}?lang=en`, cookies, remoteAddress: from },
      headers: {
        host: HOST,
        "sec-fetch-site": "same-origin",
        "content-type": "application/x-www-form-urlencoded",
        ...headers,
      },
      payload: new URLSearchParams(form).toString(),
    });
  const get = (url: string, cookies: Record<string, string> = {}) => server.inject({ url, cookies });
  const signIn = (name: string, password = PASSWORD, sent: Sent = {}) =>
    post("/sign-in", { name, password }, sent);
  const cookieOf = (
    answer: { cookies: readonly { name: string; value: string }[] },
    name = "faccine-session",
  ) => answer.cookies.find((one) => one.name === name)?.value ?? "";
  const askerOf = (answer: { cookies: readonly { name: string; value: string }[] }) =>
    sessions.find(cookieOf(answer), nowMs);
  const kinds = async () => (await store.deeds({ beforeNo: null, limit: 99 })).map(({ kind }) => kind);

  it("opens a session with the right name and password, however the name is written, and sends on", async () => {
    await addAccount("anna");
    const answer = await post("/sign-in", { name: " Anna ", password: PASSWORD, next: "/trends?by=day" });
    expect([answer.statusCode, answer.headers.location]).toEqual([303, "/trends?by=day"]);
    expect(await askerOf(answer)).toMatchObject({
      name: "anna",
      scopes: ["reports", "reports:exact", "fleet"],
    });
    expect(answer.cookies.find(({ name }) => name === "faccine-session")).toMatchObject({
      ...{ httpOnly: true, sameSite: "Lax", path: "/" },
    });
    expect(await kinds()).toEqual(["sign-in", "account-made"]);
  });

  it("sends nobody to another site afterwards, and shows no foreign address in its form", async () => {
    await addAccount("anna");
    for (const next of ["//evil.example", "https://evil.example/", "/\\evil.example", "/sign-out"]) {
      const answer = await post("/sign-in", { name: "anna", password: PASSWORD, next });
      expect(answer.headers.location).toBe("/");
      expect((await get(`/sign-in?next=${encodeURIComponent(next)}`)).body).not.toContain("evil");
    }
  });

  it("answers alike, after one hash, for a wrong password, an unknown name, a disabled and an invited account", async () => {
    await addAccount("anna");
    await addAccount("bruno", "viewer");
    await store.changeAccount("id-bruno", { disabledMs: 1 }, DEED);
    await addAccount("carla", "viewer", null);
    const names = ["anna", "nobody", "bruno", "carla", "<b>not a name</b>"];
    const answers = [];
    for (const [at, name] of names.entries()) {
      const answer = await signIn(name, at === 0 ? OTHER : PASSWORD);
      answers.push([answer.statusCode, answer.body.replace(/value="[^"]*"/g, ""), answer.cookies]);
    }
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(answers[0]?.[0]).toBe(401);
    expect(hashed).toBe(names.length);
    const log = JSON.stringify(await store.deeds({ beforeNo: null, limit: 99 }));
    expect(log).not.toContain("nobody");
    expect(log).not.toContain("not a name");
    expect(log).toContain("anna");
  });

  it("makes who guesses wait longer and longer, without looking at what they send, for names that exist and others", async () => {
    await addAccount("anna");
    for (const name of ["anna", "nobody"]) {
      const statuses = [];
      for (let tries = 0; tries < 7; tries++) statuses.push((await signIn(name, OTHER)).statusCode);
      expect(statuses).toEqual([401, 401, 401, 401, 401, 429, 429]);
      const right = await signIn(name);
      expect([right.statusCode, right.headers["retry-after"]]).toEqual([429, "1"]);
      expect(right.body).toContain(WORDS.wait(1));
    }
    expect(hashed).toBe(10);
    nowMs += 1_000;
    expect((await signIn("anna")).statusCode).toBe(303);
  });

  it("lets a browser in that was signed in before, however long strangers have been guessing", async () => {
    await addAccount("anna");
    const known = cookieOf(await signIn("anna"), "faccine-known");
    for (let tries = 0; tries < 200; tries++) {
      await signIn("anna", OTHER, { from: `192.0.2.${tries}` });
      nowMs += 100;
    }
    expect((await signIn("anna", PASSWORD, { from: "198.51.100.1" })).statusCode).toBe(429);
    const cookies = { "faccine-known": known };
    expect((await signIn("anna", PASSWORD, { cookies, from: "198.51.100.1" })).statusCode).toBe(303);
    // It opens nothing by itself, is good for this account only, and cannot be made up.
    expect((await signIn("anna", OTHER, { cookies })).statusCode).toBe(401);
    for (const forged of [`x.${known.split(".")[1]}`, "x.y", "", "x".repeat(9_000)])
      expect((await signIn("anna", PASSWORD, { cookies: { "faccine-known": forged } })).statusCode).toBe(429);
  });

  it("makes a new session each time and ends the one before: one that was planted is good for nothing", async () => {
    await addAccount("anna");
    const planted = "a".repeat(43);
    const first = cookieOf(await signIn("anna", PASSWORD, { cookies: { "faccine-session": planted } }));
    expect(first).not.toBe(planted);
    expect(await sessions.find(planted, nowMs)).toBeNull();
    const second = cookieOf(await signIn("anna", PASSWORD, { cookies: { "faccine-session": first } }));
    expect(second).not.toBe(first);
    expect([await sessions.find(first, nowMs), (await sessions.find(second, nowMs))?.name]).toEqual([
      null,
      "anna",
    ]);
  });

  it("takes no form from another site, nor from a program that says nothing", async () => {
    await addAccount("anna");
    for (const site of ["cross-site", "same-site", "none"])
      expect((await signIn("anna", PASSWORD, { headers: { "sec-fetch-site": site } })).statusCode).toBe(403);
    const silent = await server.inject({
      ...{ method: "POST", url: "/sign-in", payload: `name=anna&password=${PASSWORD}` },
      headers: { host: HOST, "content-type": "application/x-www-form-urlencoded" },
    });
    expect(silent.statusCode).toBe(403);
    expect(hashed).toBe(0);
  });

  it("takes no form larger than sixteen kilobytes", async () => {
    expect((await signIn("anna", "x".repeat(1_048_576))).statusCode).toBe(413);
    expect((await signIn("x".repeat(10_000), "x")).statusCode).toBe(401);
  });

  it("ends with signing out, in this browser only, and only by its own form", async () => {
    await addAccount("anna");
    const [one, other] = [cookieOf(await signIn("anna")), cookieOf(await signIn("anna"))];
    const cookies = { "faccine-session": one };
    expect((await post("/sign-out", {}, { cookies })).statusCode).toBe(403);
    const foreign = (await sessions.find(other, nowMs))?.session?.formToken ?? "";
    expect((await post("/sign-out", { form: foreign }, { cookies })).statusCode).toBe(403);
    const page = await get("/sign-out?lang=en", cookies);
    const form = /name="form" value="([\w-]+)"/.exec(page.body)?.[1] ?? "";
    expect((await post("/sign-out", { form }, { cookies })).headers.location).toBe("/sign-in?lang=en");
    expect([await sessions.find(one, nowMs), (await sessions.find(other, nowMs))?.name]).toEqual([
      null,
      "anna",
    ]);
    expect((await post("/sign-out", { form }, { cookies })).headers.location).toBe("/sign-in?lang=en");
    expect((await kinds())[0]).toBe("sign-out");
  });

  describe("for the first time", () => {
    const enter = async () => {
      const answer = await get(`/enter?key=${await sessions.makeLink(["fleet", FIRST_ACCOUNT], nowMs)}`);
      return {
        ...answer,
        location: answer.headers.location,
        cookies: { "faccine-session": cookieOf(answer) },
      };
    };
    const formOf = async (cookies: Record<string, string>) =>
      /name="form" value="([\w-]+)"/.exec((await get("/first-account?lang=en", cookies)).body)?.[1] ?? "";

    it("leads from the link to the first account, and with that to the page", async () => {
      const { location, cookies } = await enter();
      expect(location).toBe("/first-account");
      const form = { form: await formOf(cookies), name: "Anna", password: PASSWORD, again: PASSWORD };
      const made = await post("/first-account", form, { cookies });
      expect([made.statusCode, made.headers.location]).toEqual([303, "/"]);
      expect(await askerOf(made)).toMatchObject({ name: "anna", session: { role: "admin" } });
      // The link's session is over, and the account is there to sign in with.
      expect(await sessions.find(cookies["faccine-session"], nowMs)).toBeNull();
      expect((await signIn("anna")).statusCode).toBe(303);
    });

    it("says what is wrong with a name or password, and makes nothing", async () => {
      const { cookies } = await enter();
      const form = { form: await formOf(cookies), name: "anna", password: PASSWORD, again: PASSWORD };
      for (const [wrong, words] of [
        [{ name: "an na" }, WORDS.problems.name],
        [{ again: OTHER }, WORDS.problems.different],
        [{ password: "short", again: "short" }, WORDS.problems["too-short"]],
        [{ password: "Password1234", again: "Password1234" }, WORDS.problems.common],
      ] as const) {
        const answer = await post("/first-account", { ...form, ...wrong }, { cookies });
        expect([answer.statusCode, answer.body.includes(words)]).toEqual([422, true]);
      }
      expect(await store.accounts()).toEqual([]);
    });

    it("is for the link only: no other session, no second time, nobody once there is an administrator", async () => {
      const { cookies } = await enter();
      const token = await formOf(cookies);
      await addAccount("viewer", "viewer");
      const viewer = { "faccine-session": cookieOf(await signIn("viewer")) };
      expect((await get("/first-account", viewer)).statusCode).toBe(403);
      expect((await get("/first-account")).headers.location).toMatch(/^\/sign-in/);
      await addAccount("boss", "admin");
      const form = { form: token, name: "mallory", password: PASSWORD, again: PASSWORD };
      expect((await post("/first-account", form, { cookies })).statusCode).toBe(403);
      expect((await enter()).location).toBe("/");
      expect((await store.accounts()).map(({ name }) => name)).toEqual(["boss", "viewer"]);
    });
  });

  describe("by an invitation", () => {
    const choose = (key: string, password = PASSWORD, again = password) =>
      post("/invite", { key, password, again });

    it("is done with a password of one's own, once; all sessions of before are over", async () => {
      const account = await addAccount("anna", "viewer");
      const before = cookieOf(await signIn("anna"));
      const key = await sessions.invite(account, { tokenId: "", name: "" }, nowMs);
      for (let looks = 0; looks < 2; looks++)
        expect((await get(`/invite?key=${key}&lang=en`)).body).toContain("anna");
      const chosen = await choose(key, OTHER);
      expect([chosen.statusCode, (await askerOf(chosen))?.name]).toEqual([303, "anna"]);
      expect(await sessions.find(before, nowMs)).toBeNull();
      expect([(await signIn("anna")).statusCode, (await signIn("anna", OTHER)).statusCode]).toEqual([
        401, 303,
      ]);
      expect((await choose(key)).statusCode).toBe(401);
      expect((await get(`/invite?key=${key}`)).statusCode).toBe(401);
    });

    it("is left open by a password that is not taken", async () => {
      const anna = await addAccount("anna", "viewer", null);
      const key = await sessions.invite(anna, { tokenId: "", name: "" }, nowMs);
      expect((await choose(key, "Anna-is-the-one")).body).toContain("The password holds the account");
      expect((await choose(key, PASSWORD, OTHER)).body).toContain(WORDS.problems.different);
      expect((await choose(key)).statusCode).toBe(303);
    });

    it("is not possible with a made-up key, a late one, or for an account that was disabled since", async () => {
      const anna = await addAccount("anna", "viewer", null);
      const { accountId } = anna;
      for (const key of ["", "x", "x".repeat(43)]) expect((await choose(key)).statusCode).toBe(401);
      const key = await sessions.invite(anna, { tokenId: "", name: "" }, nowMs);
      nowMs += 72 * HOUR_MS;
      expect((await choose(key)).statusCode).toBe(401);
      const other = await sessions.invite(anna, { tokenId: "", name: "" }, nowMs);
      await store.changeAccount(accountId, { disabledMs: nowMs }, DEED);
      expect((await choose(other)).statusCode).toBe(401);
    });
  });
});

/**
 * The pages of people as browsers use them: a server in memory, accounts, signing in, and forms sent with what stood in them.
 */
import { randomBytes } from "node:crypto";
import cookie from "@fastify/cookie";
import fastify, { type FastifyInstance } from "fastify";
import type { Role } from "#schemas/access-settings.ts";
import { openPasswords } from "../access/passwords.ts";
import { scopesOf } from "../access/roles.ts";
import { GOLDEN_DIRECTORY, GOLDEN_SETTINGS } from "../api/golden-votes.fixture.ts";
import { openSessions, SESSION_COOKIE } from "../api/sessions.ts";
import { openSqliteStore } from "../store/sqlite/sqlite-store.ts";
import { registerAccountRoutes } from "./account-routes.ts";
import { registerPeopleRoutes } from "./people-routes.ts";
import { registerSignInRoutes } from "./sign-in-routes.ts";

export const PASSWORD = "tre gatti sul tetto";
const HOST = "comune.example";
/** Hashing is tried elsewhere. */
const CHEAP = { logN: 4, r: 1, p: 1 };

export type Browser = Awaited<ReturnType<typeof openPages>>;

export async function openPages(nowMs: () => number) {
  const store = openSqliteStore(":memory:", nowMs());
  const sessions = openSessions({ store, randomBytes, isSecure: false });
  const passwords = openPasswords(randomBytes, CHEAP);
  const server: FastifyInstance = fastify();
  server.decorateRequest("asker", null);
  await server.register(cookie);
  const parts = {
    settings: GOLDEN_SETTINGS,
    directory: GOLDEN_DIRECTORY,
    store,
    sessions,
    randomBytes,
    nowMs,
  };
  registerSignInRoutes(server, { ...parts, passwords, oidc: null });
  registerAccountRoutes(server, { ...parts, passwords });
  registerPeopleRoutes(server, parts);
  const get = (url: string, cookies: Record<string, string> = {}) => server.inject({ url, cookies });
  const send = (path: string, form: URLSearchParams, cookies: Record<string, string>) =>
    server.inject({
      ...{ method: "POST", url: `${path}?lang=en`, cookies, payload: form.toString() },
      headers: {
        host: HOST,
        "sec-fetch-site": "same-origin",
        "content-type": "application/x-www-form-urlencoded",
      },
    });
  return {
    ...{ store, sessions, server, get, send },
    addAccount: async (name: string, role: Role, officeId: string | null = null) => {
      const account = { accountId: `id-${name}`, name, role, officeId, createdMs: nowMs(), disabledMs: null };
      const deed = { atMs: nowMs(), kind: "account-made", byId: "", byName: "test", what: name } as const;
      await store.addAccount({ ...account, password: await passwords.hash(PASSWORD) }, deed);
    },
    /** A session of an account. @returns its cookies. */
    signIn: async (name: string) => {
      const account = await store.accountByName(name);
      if (account === null) throw new Error(`${name} has no account`);
      const { accountId, officeId, role } = account;
      const value = await sessions.begin({ accountId, name, officeId, scopes: scopesOf(role) }, nowMs());
      return { [SESSION_COOKIE]: value };
    },
    /** Sends a form of a page: its fields and the session's token. */
    submit: async (
      path: string,
      cookies: Record<string, string>,
      fields: readonly (readonly [string, string])[],
    ) => {
      const asker = await sessions.find(cookies[SESSION_COOKIE] ?? "", nowMs());
      const form = new URLSearchParams([
        ["form", asker?.session?.formToken ?? ""],
        ...fields.map(([k, v]) => [k, v]),
      ]);
      return send(path, form, cookies);
    },
    log: async () =>
      (await store.deeds({ beforeNo: null, limit: 99 })).map(
        ({ kind, byName, what }) => `${kind} by ${byName}: ${what}`,
      ),
    close: async () => {
      await server.close();
      await store.close();
    },
  };
}

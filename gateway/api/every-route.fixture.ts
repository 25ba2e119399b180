/**
 * A whole server with everybody who may ask it for something: nobody, a person of each role, a token of each scope. And the list of its
 * routes as it registered them.
 */
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { FastifyInstance } from "fastify";
import { ROLES } from "#schemas/access-settings.ts";
import { makeSigningKey } from "#schemas/signature.ts";
import { openPasswords } from "../access/passwords.ts";
import { makeToken, SCOPES } from "../access/tokens.ts";
import { directoryOf } from "../directory.ts";
import { openMetrics } from "../metrics.ts";
import { openSqliteStore } from "../store/sqlite/sqlite-store.ts";
import type { Store } from "../store/store.ts";
import { openIssuer } from "../tickets/issuer.ts";
import { GOLDEN_SETTINGS } from "./golden-votes.fixture.ts";
import type { Row, Who } from "./route-table.fixture.ts";
import { buildServer } from "./server.ts";
import { openSessions, type Sessions } from "./sessions.ts";

export const HOST = "gateway.example";
export const PASSWORD = "tre gatti sul tetto";
export const OFFICE_ID = GOLDEN_SETTINGS.sites[0]?.offices[0]?.officeId ?? "";

export type WholeServer = {
  readonly server: FastifyInstance;
  readonly store: Store;
  readonly sessions: Sessions;
  /** What identifies each of them: a cookie, a bearer token, nothing. */
  readonly headersOf: (who: Who) => Promise<Readonly<Record<string, string>>>;
  /** The field without which no form of theirs is taken. */
  readonly formTokenOf: (who: Who) => Promise<string>;
  /** Asks for a row of the table. */
  readonly send: (row: Row, sent: Sent) => Promise<Answered>;
  readonly close: () => Promise<void>;
};

export type Sent = {
  readonly headers: Readonly<Record<string, string>>;
  readonly formToken?: string;
  /** Instead of what the row sends. */
  readonly body?: string;
  /** Behind the row's address. */
  readonly query?: string;
};
export type Answered = {
  readonly status: number;
  /** Where to, when it sends somewhere. */
  readonly to: string;
  readonly headers: string;
  /** The first part of it: one of them never ends. */
  readonly text: string;
};

/** A provider that is not there. Its routes are. */
const ACCESS = {
  oidc: {
    ...{ name: "Comune", issuer: "http://127.0.0.1:1", address: `https://${HOST}/`, clientId: "faccine" },
    ...{
      clientSecretFile: "/dev/null",
      roleClaim: "groups",
      roles: [{ value: "it", role: "admin" as const }],
    },
  },
};

/** Starts one. */
export async function wholeServer(nowMs: () => number): Promise<WholeServer> {
  const dataDir = mkdtempSync(join(tmpdir(), "faccine-routes-"));
  const settings = { ...GOLDEN_SETTINGS, access: ACCESS, dataDir };
  const store = openSqliteStore(":memory:", nowMs());
  // Settled: files of other months are for who may read exact figures.
  await store.putMonthProof("2026-08", 1, "{}");
  const sessions = openSessions({ store, randomBytes, isSecure: false });
  const passwords = openPasswords(randomBytes, { logN: 4, r: 1, p: 1 });
  const quiet = () => undefined;
  const log = { info: quiet, warn: quiet, error: quiet };
  const parts = {
    settings,
    store,
    sessions,
    passwords,
    nowMs,
    randomBytes,
    log,
    directory: directoryOf(settings),
  };
  const server = await buildServer({
    ...parts,
    issuer: await openIssuer({ ...parts, dataDir, dayKeys: { ofOffice: () => null } }),
    ...{ metrics: openMetrics(), siteKeyOn: () => null, key: makeSigningKey() },
    ...{ isBrokerReady: () => true, isStoring: () => true },
  });
  const { cookieOf, tokenOf } = everybody({
    store,
    sessions,
    nowMs,
    password: await passwords.hash(PASSWORD),
  });
  return {
    ...{ server, store, sessions },
    headersOf: async (who) => {
      const [cookie, token] = [await cookieOf(who), await tokenOf(who)];
      if (cookie !== null) return { cookie: `${sessions.cookie.name}=${cookie}` };
      return token === null ? {} : { authorization: `Bearer ${token}` };
    },
    formTokenOf: async (who) => {
      const cookie = await cookieOf(who);
      const asker = cookie === null ? null : await sessions.find(cookie, nowMs());
      return asker?.session?.formToken ?? "";
    },
    send: (row, sent) => send(server, row, sent),
    close: async () => {
      await server.close();
      await store.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** Accounts and tokens, each made when it is first asked for. */
function everybody(
  parts: Pick<WholeServer, "store" | "sessions"> & {
    readonly nowMs: () => number;
    readonly password: string | null;
  },
) {
  const { store, sessions, nowMs, password } = parts;
  const cookies = new Map<Who, string>();
  const cookieOf = async (who: Who) => {
    const known = cookies.get(who);
    // Signing out and the like end a session: then there is a new one.
    if (known !== undefined && (await sessions.find(known, nowMs())) !== null) return known;
    const role = ROLES.find((one) => one === who);
    if (role === undefined) return null;
    const officeId = role === "office" ? OFFICE_ID : null;
    const account = { accountId: `id-${role}`, name: `the-${role}`, role, officeId, password };
    const deed = { atMs: nowMs(), kind: "account-made", byId: "", byName: "", what: "" } as const;
    await store.addAccount({ ...account, createdMs: nowMs(), disabledMs: null }, deed);
    const cookie = await sessions.begin({ ...account, scopes: [] }, nowMs());
    cookies.set(who, cookie);
    return cookie;
  };
  const tokens = new Map<Who, string>();
  const tokenOf = async (who: Who) => {
    const scope = SCOPES.find((one) => one === who);
    if (scope === undefined) return null;
    const known = tokens.get(who);
    if (known !== undefined) return known;
    const { text, record } = makeToken({ name: who, scopes: [scope], days: 1, nowMs: nowMs(), randomBytes });
    await store.addToken(record);
    tokens.set(who, text);
    return text;
  };
  return { cookieOf, tokenOf };
}

let requests = 0;

async function send(server: FastifyInstance, row: Row, sent: Sent): Promise<Answered> {
  const [method = "", path = ""] = row.route.split(" ");
  requests++;
  const form = new URLSearchParams({ ...row.form, form: sent.formToken ?? "" }).toString();
  const payload = sent.body ?? (row.form === undefined ? row.json : form.replaceAll("%24NEW", `${requests}`));
  const type = row.form === undefined ? "application/json" : "application/x-www-form-urlencoded";
  const url = row.ask ?? path;
  const answer = await server.inject({
    method: method as "GET",
    url: sent.query === undefined ? url : `${url}${url.includes("?") ? "&" : "?"}${sent.query}`,
    // Who asks too often waits: nobody here shall wait for another.
    remoteAddress: `2001:db8:${requests.toString(16)}::1`,
    headers: {
      host: HOST,
      ...(payload === undefined ? {} : { "content-type": type }),
      ...(row.form === undefined ? {} : { "sec-fetch-site": "same-origin" }),
      ...sent.headers,
    },
    ...(payload === undefined ? {} : { payload }),
    payloadAsStream: true,
  });
  const stream = answer.stream();
  const [first = ""] = await Promise.race([once(stream, "data"), once(stream, "end")]);
  stream.destroy();
  return {
    ...{ status: answer.statusCode, to: String(answer.headers.location ?? ""), text: String(first) },
    headers: JSON.stringify(answer.headers),
  };
}

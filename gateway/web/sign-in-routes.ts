/**
 * How people come in and go: `/sign-in` with name and password, `/enter` by a one-time link, `/invite` and `/first-account` to choose a password,
 * `/sign-out`. Answers alike, after the same work, whether a name exists or not.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { accountName, passwordProblem } from "../access/account-rules.ts";
import { openAttempts } from "../access/attempts.ts";
import type { Oidc } from "../access/oidc.ts";
import type { Passwords } from "../access/passwords.ts";
import { scopesOf } from "../access/roles.ts";
import type { ServerParts } from "../api/server-parts.ts";
import { FIRST_ACCOUNT } from "../api/sessions.ts";
import type { AccountRecord } from "../store/account-store.ts";
import { ACCOUNT_WORDS, type AccountProblem } from "./account-words.ts";
import { fieldOf, formToken, takeForms, takeSessionForms } from "./forms.ts";
import { openKnownBrowsers } from "./known-browsers.ts";
import { languageOf } from "./language.ts";
import { nextPath } from "./next-path.ts";
import { sendPage } from "./page-door.ts";
import {
  renderFirstAccount,
  renderInvitation,
  renderSaid,
  renderSignIn,
  renderSignOut,
  type SignInAnswer,
} from "./sign-in-page.ts";

export type SignInParts = Pick<ServerParts, "settings" | "store" | "sessions" | "nowMs" | "randomBytes"> & {
  readonly passwords: Passwords;
  /** The other way in, if there is one. */
  readonly oidc: Oidc | null;
};

const HIDDEN = { schema: { hide: true } };
const ID_BYTES = 8;

export function registerSignInRoutes(server: FastifyInstance, parts: SignInParts): void {
  const style = readFileSync(join(import.meta.dirname, "account.css"), "utf8");
  server.get("/account.css", HIDDEN, (_, reply) =>
    reply.type("text/css; charset=utf-8").header("cache-control", "max-age=3600").send(style),
  );
  server.register((scope, _, done) => {
    takeForms(scope);
    registerSignIn(scope, parts);
    registerLinks(scope, parts);
    done();
  });
  server.register((scope, _, done) => {
    takeSessionForms(scope, parts);
    registerSignOut(scope, parts);
    registerFirstAccount(scope, parts);
    done();
  });
}

function registerSignIn(scope: FastifyInstance, parts: SignInParts): void {
  const { sample } = parts.settings;
  const attempts = openAttempts();
  const browsers = openKnownBrowsers(parts);
  const answerWith = async (request: FastifyRequest, reply: FastifyReply, answer: SignInAnswer) => {
    const form = { next: nextPath(fieldOf(request, "next")), name: fieldOf(request, "name") };
    const provider = await providerNow(parts.oidc);
    return sendPage(reply, renderSignIn({ sample, ...form, provider, answer }, languageOf(request)));
  };
  scope.get<{ Querystring: { next?: unknown } }>("/sign-in", HIDDEN, async (request, reply) => {
    const form = { next: nextPath(request.query.next), name: "" };
    const about = {
      sample,
      ...form,
      provider: await providerNow(parts.oidc),
      answer: { kind: "none" },
    } as const;
    return sendPage(reply, renderSignIn(about, languageOf(request)));
  });
  scope.post("/sign-in", HIDDEN, async (request, reply) => {
    const nowMs = parts.nowMs();
    const name = accountName(fieldOf(request, "name"));
    const account = name === null ? null : await parts.store.accountByName(name);
    const browser = account === null ? null : browsers.known(request, account.accountId);
    const one = { account: name ?? "", address: request.ip, browser };
    const waitMs = attempts.begin(one, nowMs);
    if (waitMs > 0) {
      const seconds = Math.ceil(waitMs / 1_000);
      return answerWith(request, reply.code(429).header("retry-after", seconds), { kind: "wait", seconds });
    }
    const kept = account === null || account.disabledMs !== null ? null : account.password;
    const isRight = await parts.passwords.isRight(fieldOf(request, "password"), kept);
    if (isRight === null) return answerWith(request, reply.code(503), { kind: "busy" });
    if (!isRight || account === null) {
      if (attempts.mayNoteFailure(nowMs)) await noteFailure(parts, account);
      return answerWith(request, reply.code(401), { kind: "wrong" });
    }
    attempts.succeeded(one);
    browsers.remember(reply, account.accountId, browser);
    await signIn(request, reply, parts, account);
    return reply.redirect(nextPath(fieldOf(request, "next")), 303);
  });
}

async function providerNow(oidc: Oidc | null) {
  return oidc === null ? null : { name: oidc.name, isReachable: await oidc.isReachable() };
}

/** What a stranger typed is not written down: it may be a password in the wrong field. */
async function noteFailure({ store, nowMs }: SignInParts, account: AccountRecord | null): Promise<void> {
  const by = { byId: account?.accountId ?? "", byName: account?.name ?? "" };
  await store.noteDeed({ atMs: nowMs(), kind: "sign-in-failed", ...by, what: "" });
}

/** Opens a new session in this browser and ends the one it had. */
export async function signIn(
  request: FastifyRequest,
  reply: FastifyReply,
  { sessions, nowMs }: Pick<SignInParts, "sessions" | "nowMs">,
  { accountId, name, role, officeId }: Pick<AccountRecord, "accountId" | "name" | "role" | "officeId">,
): Promise<void> {
  await sessions.end(request.cookies[sessions.cookie.name] ?? "", nowMs());
  const cookie = await sessions.begin({ accountId, name, scopes: scopesOf(role), officeId }, nowMs());
  reply.setCookie(sessions.cookie.name, cookie, sessions.cookie.rules).header("cache-control", "no-store");
}

function registerLinks(scope: FastifyInstance, parts: SignInParts): void {
  const { sessions, nowMs, store, settings } = parts;
  const { sample } = settings;
  const over = (request: FastifyRequest, reply: FastifyReply) => {
    const words = ACCOUNT_WORDS[languageOf(request)];
    const about = { sample, title: words.inviteTitle, said: words.inviteOver };
    return sendPage(reply.code(401), renderSaid(about, languageOf(request)));
  };
  // A look ahead (HEAD) must not use the link up.
  const enter = { ...HIDDEN, exposeHeadRoute: false };
  scope.get<{ Querystring: { key?: unknown } }>("/enter", enter, async (request, reply) => {
    const cookie = await sessions.enter(String(request.query.key ?? ""), nowMs());
    if (cookie === null) return over(request, reply);
    await sessions.end(request.cookies[sessions.cookie.name] ?? "", nowMs());
    const asker = await sessions.find(cookie, nowMs());
    const isFirst = asker?.scopes.includes(FIRST_ACCOUNT) === true && !(await store.hasAdmin());
    return reply
      .setCookie(sessions.cookie.name, cookie, sessions.cookie.rules)
      .header("cache-control", "no-store")
      .header("referrer-policy", "no-referrer")
      .redirect(isFirst ? "/first-account" : "/", 303);
  });
  const formFor = async (
    request: FastifyRequest,
    reply: FastifyReply,
    key: string,
    problem: AccountProblem | null,
  ) => {
    const accountId = await sessions.invited(key, nowMs());
    const account = accountId === null ? null : await store.accountById(accountId);
    if (account === null || account.disabledMs !== null) return over(request, reply);
    const text = renderInvitation({ sample, key, name: account.name, problem }, languageOf(request));
    return sendPage(reply.code(problem === null ? 200 : 422), text);
  };
  scope.get<{ Querystring: { key?: unknown } }>("/invite", HIDDEN, (request, reply) =>
    formFor(request, reply, String(request.query.key ?? ""), null),
  );
  scope.post("/invite", HIDDEN, async (request, reply) => {
    const key = fieldOf(request, "key");
    const accountId = await sessions.invited(key, nowMs());
    const account = accountId === null ? null : await store.accountById(accountId);
    if (account === null || account.disabledMs !== null) return over(request, reply);
    const problem = problemOf(request, account.name);
    if (problem !== null) return formFor(request, reply, key, problem);
    const password = await parts.passwords.hash(fieldOf(request, "password"));
    if (password === null) return reply.code(503).send({ message: "too many people sign in: try again" });
    if ((await sessions.takeInvitation(key, nowMs())) === null) return over(request, reply);
    const by = { byId: account.accountId, byName: account.name, what: account.name };
    await store.changeAccount(
      account.accountId,
      { password },
      { atMs: nowMs(), kind: "password-set", ...by },
    );
    await signIn(request, reply, parts, account);
    return reply.redirect("/", 303);
  });
}

/** What is wrong with a new password that was typed twice. */
export function problemOf(request: FastifyRequest, name: string): AccountProblem | null {
  const password = fieldOf(request, "password");
  if (password !== fieldOf(request, "again")) return "different";
  return passwordProblem(password, name);
}

function registerFirstAccount(scope: FastifyInstance, parts: SignInParts): void {
  const { settings, store, nowMs, randomBytes } = parts;
  const { sample } = settings;
  const mayMake = async (request: FastifyRequest) =>
    request.asker?.scopes.includes(FIRST_ACCOUNT) === true && !(await store.hasAdmin());
  const form = (request: FastifyRequest, reply: FastifyReply, problem: AccountProblem | null) => {
    const token = request.asker === null ? { text: "" } : formToken(request.asker);
    const about = { sample, token, problem, name: fieldOf(request, "name") };
    return sendPage(reply.code(problem === null ? 200 : 422), renderFirstAccount(about, languageOf(request)));
  };
  const over = (request: FastifyRequest, reply: FastifyReply) => {
    const words = ACCOUNT_WORDS[languageOf(request)];
    const about = { sample, title: words.firstTitle, said: words.firstOver };
    return sendPage(reply.code(403), renderSaid(about, languageOf(request)));
  };
  scope.get("/first-account", HIDDEN, async (request, reply) =>
    (await mayMake(request)) ? form(request, reply, null) : over(request, reply),
  );
  scope.post("/first-account", HIDDEN, async (request, reply) => {
    if (!(await mayMake(request))) return over(request, reply);
    const name = accountName(fieldOf(request, "name"));
    if (name === null) return form(request, reply, "name");
    const problem = problemOf(request, name);
    if (problem !== null) return form(request, reply, problem);
    const password = await parts.passwords.hash(fieldOf(request, "password"));
    if (password === null) return reply.code(503).send({ message: "too many people sign in: try again" });
    const account = {
      ...({ accountId: randomBytes(ID_BYTES).toString("hex"), name, role: "admin", officeId: null } as const),
      ...{ password, createdMs: nowMs(), disabledMs: null },
    };
    const by = { byId: account.accountId, byName: name, what: `${name}: admin` };
    const made = await store.addFirstAccount(account, { atMs: nowMs(), kind: "account-made", ...by });
    if (made === "not-first") return over(request, reply);
    if (made !== "added") return form(request, reply, made);
    await signIn(request, reply, parts, account);
    return reply.redirect("/", 303);
  });
}

function registerSignOut(scope: FastifyInstance, { sessions, nowMs, settings }: SignInParts): void {
  scope.get("/sign-out", HIDDEN, (request, reply) => {
    if (request.asker === null) return reply.redirect("/sign-in", 303);
    const about = { sample: settings.sample, token: formToken(request.asker) };
    return sendPage(reply, renderSignOut(about, languageOf(request)));
  });
  scope.post("/sign-out", HIDDEN, async (request, reply) => {
    await sessions.end(request.cookies[sessions.cookie.name] ?? "", nowMs());
    return reply
      .clearCookie(sessions.cookie.name, sessions.cookie.rules)
      .redirect(`/sign-in?lang=${languageOf(request)}`, 303);
  });
}

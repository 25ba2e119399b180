/**
 * `/account`, one's own account: the password and where one is signed in; `/audit`, for administrators: who saw or changed what.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { openAttempts } from "../access/attempts.ts";
import type { ServerParts } from "../api/server-parts.ts";
import type { Asker } from "../api/sessions.ts";
import type { Deed, DeedKind } from "../store/account-store.ts";
import { renderAccount, renderAudit } from "./account-page.ts";
import type { AccountProblem } from "./account-words.ts";
import { ADMIN_WORDS } from "./admin-words.ts";
import { fieldOf, formToken, mustHave, takeSessionForms } from "./forms.ts";
import { languageOf } from "./language.ts";
import { sendPage } from "./page-door.ts";
import { problemOf, type SignInParts, signIn } from "./sign-in-routes.ts";

type AccountParts = Omit<SignInParts, "oidc"> & Pick<ServerParts, "directory">;

const HIDDEN = { schema: { hide: true } };
/** Lines of the log on one page. */
const PAGE_LINES = 100;

export function registerAccountRoutes(server: FastifyInstance, parts: AccountParts): void {
  server.register((scope, _, done) => {
    takeSessionForms(scope, parts);
    registerOwnAccount(scope, parts);
    registerAudit(scope, parts);
    done();
  });
}

/** What every page of an administrator's, or of one's own, is made with. */
export function aboutPage(
  request: FastifyRequest,
  { settings, directory }: Pick<AccountParts, "settings" | "directory">,
  path: string,
) {
  const asker = request.asker as Asker;
  const visit = { administration: settings.administration.name, scopes: asker.scopes, path };
  return {
    ...{ sample: settings.sample, visit, readAt: path, zone: directory.sites[0]?.zone ?? "UTC" },
    ...{ token: formToken(asker), asker, language: languageOf(request) },
  };
}

function registerOwnAccount(scope: FastifyInstance, parts: AccountParts): void {
  const { store, passwords, nowMs } = parts;
  const attempts = openAttempts();
  const deed = ({ tokenId, name }: Asker, kind: DeedKind): Deed => ({
    ...{ atMs: nowMs(), kind, byId: tokenId, byName: name, what: name },
  });
  const answer = async (
    request: FastifyRequest,
    reply: FastifyReply,
    { problem = null, isDone = false }: { problem?: AccountProblem | null; isDone?: boolean },
  ) => {
    const about = aboutPage(request, parts, "/account");
    const words = ADMIN_WORDS[about.language];
    const { name, session } = about.asker;
    const own =
      session?.accountId == null || session.role === null
        ? null
        : {
            who: words.youAre(name, words.roles[session.role]),
            sessions: await store.sessionsOf(session.accountId),
            thisOne: session.sha256,
          };
    const without = name === "page" ? words.byLink : words.vouched(name);
    const text = renderAccount({ ...about, own, without, problem, isDone }, about.language);
    return sendPage(reply.code(problem === null ? 200 : 422), text);
  };
  scope.get<{ Querystring: { done?: unknown } }>("/account", HIDDEN, (request, reply) =>
    answer(request, reply, { isDone: request.query.done === "1" }),
  );
  scope.post("/account/password", HIDDEN, async (request, reply) => {
    const { asker, language } = aboutPage(request, parts, "/account");
    const account = asker.session?.accountId ? await store.accountById(asker.session.accountId) : null;
    if (account === null) return answer(request, reply, {});
    // Whoever found a browser open guesses a few times here, and then stands outside.
    const tries = { account: account.name, address: "", browser: asker.session?.sha256 ?? "" };
    if (attempts.begin(tries, nowMs()) > 0) {
      await store.endSession(tries.browser, deed(asker, "sign-out"));
      return reply.redirect(`/sign-in?lang=${language}`, 303);
    }
    const isRight = await passwords.isRight(fieldOf(request, "old"), account.password);
    if (isRight === null) return reply.code(503).send({ message: "too many people sign in: try again" });
    if (!isRight) {
      await store.noteDeed(deed(asker, "sign-in-failed"));
      return answer(request, reply, { problem: "old-wrong" });
    }
    const problem = problemOf(request, account.name);
    if (problem !== null) return answer(request, reply, { problem });
    const password = await passwords.hash(fieldOf(request, "password"));
    if (password === null) return reply.code(503).send({ message: "too many people sign in: try again" });
    await store.changeAccount(account.accountId, { password }, deed(asker, "password-set"));
    await signIn(request, reply, parts, account);
    return reply.redirect(`/account?done=1&lang=${language}`, 303);
  });
  scope.post("/account/sessions", HIDDEN, async (request, reply) => {
    const { asker, language } = aboutPage(request, parts, "/account");
    const { session } = asker;
    if (session?.accountId != null)
      await store.endOtherSessions(session.accountId, session.sha256, deed(asker, "sessions-ended"));
    return reply.redirect(`/account?lang=${language}`, 303);
  });
}

function registerAudit(scope: FastifyInstance, parts: AccountParts): void {
  const options = { ...HIDDEN, preHandler: mustHave("admin", parts) };
  scope.get<{ Querystring: { before?: unknown } }>("/audit", options, async (request, reply) => {
    const about = aboutPage(request, parts, "/audit");
    const text = String(request.query.before ?? "");
    const beforeNo = /^\d{1,15}$/.test(text) ? Number(text) : null;
    const found = await parts.store.deeds({ beforeNo, limit: PAGE_LINES + 1 });
    const deeds = found.slice(0, PAGE_LINES);
    const olderThan = found.length > PAGE_LINES ? (deeds.at(-1)?.no ?? null) : null;
    const page = { ...about, deeds, olderThan, isFirst: beforeNo === null };
    return sendPage(reply, renderAudit(page, about.language));
  });
}

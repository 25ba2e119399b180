/**
 * `/accounts` and `/tokens`, where an administrator looks after people and programs. A link or a token is shown on the page that answers the form,
 * once, and kept nowhere.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Role } from "#schemas/access-settings.ts";
import { openPeople, type PeopleProblem } from "../access/people.ts";
import { roleNamed } from "../access/roles.ts";
import { makeToken, SCOPES } from "../access/tokens.ts";
import type { ServerParts } from "../api/server-parts.ts";
import { aboutPage } from "./account-routes.ts";
import { fieldOf, fieldsOf, mustHave, takeSessionForms } from "./forms.ts";
import { sendPage } from "./page-door.ts";
import { type AdminAnswer, renderAccounts, renderTokens } from "./people-page.ts";

type PeopleParts = Pick<
  ServerParts,
  "settings" | "store" | "sessions" | "directory" | "nowMs" | "randomBytes"
>;

const HIDDEN = { schema: { hide: true } };
/** Longest name shown in lists and logs, as of `faccine token`. */
const TOKEN_NAME_MAX = 60;
/** Ten years: as long as a totem is meant to last. */
const TOKEN_DAYS_MAX = 3_650;

export function registerPeopleRoutes(server: FastifyInstance, parts: PeopleParts): void {
  server.register((scope, _, done) => {
    takeSessionForms(scope, parts);
    scope.addHook("preHandler", mustHave("admin", parts));
    registerAccounts(scope, parts);
    registerTokens(scope, parts);
    done();
  });
}

function officesOf({ directory }: PeopleParts) {
  return directory.sites.flatMap((site) => site.offices.map(({ officeId, name }) => ({ officeId, name })));
}

function registerAccounts(scope: FastifyInstance, parts: PeopleParts): void {
  const { store, sessions } = parts;
  const people = openPeople({ ...parts, invite: sessions.invite });
  const answer = async (request: FastifyRequest, reply: FastifyReply, said: AdminAnswer) => {
    const about = aboutPage(request, parts, "/accounts");
    const page = { ...about, offices: officesOf(parts), accounts: await store.accounts(), answer: said };
    return sendPage(reply.code(said.kind === "problem" ? 422 : 200), renderAccounts(page, about.language));
  };
  const outcome = (problem: PeopleProblem | null): AdminAnswer =>
    problem === null ? { kind: "done" } : { kind: "problem", problem };
  const invitation = (
    request: FastifyRequest,
    invited: Awaited<ReturnType<typeof people.invite>>,
  ): AdminAnswer => {
    if (!invited.ok) return { kind: "problem", problem: invited.problem };
    const secret = `${request.protocol}://${request.host}/invite?key=${invited.key}`;
    return { kind: "secret", name: invited.account.name, secret };
  };
  const byOf = (request: FastifyRequest) => request.asker ?? { tokenId: "", name: "" };
  scope.get("/accounts", HIDDEN, (request, reply) => answer(request, reply, { kind: "none" }));
  scope.post("/accounts/add", HIDDEN, async (request, reply) => {
    const role = roleOf(request);
    if (role === null) return answer(request, reply, { kind: "problem", problem: "role" });
    const invited = await people.add(byOf(request), { ...role, name: fieldOf(request, "name") });
    return answer(request, reply, invitation(request, invited));
  });
  scope.post("/accounts/role", HIDDEN, async (request, reply) => {
    const role = roleOf(request);
    if (role === null) return answer(request, reply, { kind: "problem", problem: "role" });
    return answer(
      request,
      reply,
      outcome(await people.setRole(byOf(request), fieldOf(request, "account"), role)),
    );
  });
  scope.post("/accounts/link", HIDDEN, async (request, reply) => {
    const invited = await people.invite(byOf(request), fieldOf(request, "account"));
    return answer(request, reply, invitation(request, invited));
  });
  for (const verb of ["disable", "enable"] as const) {
    scope.post(`/accounts/${verb}`, HIDDEN, async (request, reply) => {
      const accountId = fieldOf(request, "account");
      const problem = await people.setDisabled(byOf(request), accountId, verb === "disable");
      return answer(request, reply, outcome(problem));
    });
  }
}

function roleOf(request: FastifyRequest): { readonly role: Role; readonly officeId: string | null } | null {
  const role = roleNamed(fieldOf(request, "role"));
  return role === null ? null : { role, officeId: fieldOf(request, "office") || null };
}

function registerTokens(scope: FastifyInstance, parts: PeopleParts): void {
  const { store, nowMs } = parts;
  const answer = async (request: FastifyRequest, reply: FastifyReply, said: AdminAnswer) => {
    const about = aboutPage(request, parts, "/tokens");
    const tokens = await store.tokens();
    const page = { ...about, offices: officesOf(parts), tokens, nowMs: nowMs(), answer: said };
    return sendPage(reply.code(said.kind === "problem" ? 422 : 200), renderTokens(page, about.language));
  };
  scope.get("/tokens", HIDDEN, (request, reply) => answer(request, reply, { kind: "none" }));
  scope.post("/tokens/make", HIDDEN, async (request, reply) =>
    answer(request, reply, await make(request, parts)),
  );
  scope.post("/tokens/revoke", HIDDEN, async (request, reply) => {
    const tokenId = fieldOf(request, "token");
    const deed = { ...logged(request, nowMs()), kind: "token-revoked", what: tokenId } as const;
    const isRevoked = await store.revokeToken(tokenId, nowMs(), deed);
    return answer(request, reply, isRevoked ? { kind: "done" } : { kind: "problem", problem: "token-gone" });
  });
}

async function make(request: FastifyRequest, parts: PeopleParts): Promise<AdminAnswer> {
  const { store, nowMs, randomBytes, directory } = parts;
  const name = fieldOf(request, "name").trim();
  const scopes = SCOPES.filter((scope) => fieldsOf(request, "scope").includes(scope));
  const officeId = fieldOf(request, "office") || null;
  const daysText = fieldOf(request, "days");
  const days = /^\d{1,4}$/.test(daysText) ? Number(daysText) : 0;
  if (name.length < 1 || name.length > TOKEN_NAME_MAX) return { kind: "problem", problem: "token-name" };
  if (scopes.length === 0) return { kind: "problem", problem: "token-scope" };
  if (officeId !== null && scopes.some((scope) => scope !== "issue"))
    return { kind: "problem", problem: "token-office" };
  if (officeId !== null && directory.office(officeId) === undefined)
    return { kind: "problem", problem: "office-unknown" };
  if (days < 1 || days > TOKEN_DAYS_MAX) return { kind: "problem", problem: "token-days" };
  const { text, record } = makeToken({ name, scopes, officeId, days, nowMs: nowMs(), randomBytes });
  const what = `${record.tokenId} ${name}: ${scopes.join(" ")}`;
  await store.addToken(record, { ...logged(request, nowMs()), kind: "token-made", what });
  return { kind: "secret", name, secret: text };
}

function logged({ asker }: FastifyRequest, atMs: number) {
  return { atMs, byId: asker?.tokenId ?? "", byName: asker?.name ?? "" };
}

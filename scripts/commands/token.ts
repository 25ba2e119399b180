/**
 * `faccine token`: makes, lists and revokes access tokens, on the gateway's own machine.
 */
import { randomBytes } from "node:crypto";
import { makeToken, SCOPES, type Scope, TOKEN_DAYS } from "#gateway/access/tokens.ts";
import { type Command, readArgs } from "./command.ts";
import { SETTINGS_HELP, withStore } from "./gateway-store.ts";

/** Longest name shown in lists and logs. */
const NAME_MAX = 60;
/** Ten years: as long as a totem is meant to last. */
const DAYS_MAX = 3_650;
/** Who the log says it was: whoever may read the gateway's database. */
const BY = { byId: "", byName: "faccine token" };

export const TOKEN: Command = {
  name: "token",
  summary: "make, list or revoke access tokens",
  help: `
faccine token make NAME --scope SCOPE [--scope SCOPE …] [--days N] [options]
faccine token list [options]
faccine token revoke ID [options]

A new token is printed once and kept only as a hash. Scopes: ${SCOPES.join(", ")}.

  --scope SCOPE      what the token may do; can be given several times
  --office OFFICE    the only office whose tickets it may issue: what its desk signs in with at /desk
  --days N           when it ends (${TOKEN_DAYS})
${SETTINGS_HELP}`,
  run: async (args) => {
    const { values, positionals } = readArgs(args, {
      settings: { type: "string" },
      scope: { type: "string", multiple: true },
      office: { type: "string" },
      days: { type: "string" },
    });
    const [verb, subject] = positionals;
    if (verb === "list") return list(values.settings);
    if (verb === "revoke" && subject !== undefined) return revoke(values.settings, subject);
    if (verb === "make" && subject !== undefined) {
      return make(values.settings, subject, { ...values, wanted: values.scope ?? [] });
    }
    throw new Error("say: make NAME --scope SCOPE, list, or revoke ID");
  },
};

async function make(
  settings: string | undefined,
  name: string,
  {
    wanted,
    days: daysText,
    office,
  }: {
    readonly wanted: readonly string[];
    readonly days?: string | undefined;
    readonly office?: string | undefined;
  },
): Promise<number> {
  const unknown = wanted.find((scope) => !SCOPES.some((known) => known === scope));
  if (unknown !== undefined || wanted.length === 0) {
    throw new Error(`--scope ${unknown ?? "(not given)"}: must be one or more of ${SCOPES.join(", ")}`);
  }
  const days = daysText === undefined ? TOKEN_DAYS : Number(daysText);
  if (!Number.isInteger(days) || days < 1 || days > DAYS_MAX) {
    throw new Error(`--days ${daysText}: must be a whole number from 1 to ${DAYS_MAX}`);
  }
  if (name.length > NAME_MAX) throw new Error(`the name is longer than ${NAME_MAX} characters`);
  const scopes = wanted as readonly Scope[];
  if (office !== undefined && scopes.some((scope) => scope !== "issue"))
    throw new Error("--office: is for tokens of the scope issue alone");
  const officeId = office ?? null;
  const { text, record } = makeToken({ name, scopes, officeId, days, nowMs: Date.now(), randomBytes });
  await withStore(settings, (store, directory) => {
    if (office !== undefined && directory.office(office) === undefined)
      throw new Error(`--office ${office}: no office has this id`);
    const what = `${record.tokenId} ${name}: ${scopes.join(" ")}`;
    return store.addToken(record, { atMs: record.createdMs, kind: "token-made", ...BY, what });
  });
  process.stderr.write(`Token ${record.tokenId}, until ${day(record.expiresMs)}. It is shown this once:\n`);
  process.stdout.write(`${text}\n`);
  return 0;
}

async function list(settings: string | undefined): Promise<number> {
  const tokens = await withStore(settings, (store) => store.tokens());
  for (const { tokenId, name, scopes, officeId, expiresMs, revokedMs } of tokens) {
    const end = revokedMs === null ? `until ${day(expiresMs)}` : `revoked ${day(revokedMs)}`;
    process.stdout.write(
      `${tokenId}  ${end}  ${scopes.join(" ")}${officeId === null ? "" : ` of ${officeId}`}  ${name}\n`,
    );
  }
  return 0;
}

async function revoke(settings: string | undefined, tokenId: string): Promise<number> {
  const atMs = Date.now();
  const deed = { atMs, kind: "token-revoked", ...BY, what: tokenId } as const;
  const revoked = await withStore(settings, (store) => store.revokeToken(tokenId, atMs, deed));
  if (!revoked) throw new Error(`there is no live token ${tokenId}; \`faccine token list\` shows them`);
  process.stdout.write(`Token ${tokenId} is revoked.\n`);
  return 0;
}

function day(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}

/**
 * `faccine account`: people's accounts, on the gateway's own machine. Sets no password: a link lets each person choose one.
 */
import { randomBytes } from "node:crypto";
import { openPeople, type People, type PeopleProblem } from "#gateway/access/people.ts";
import { roleNamed } from "#gateway/access/roles.ts";
import { openSessions } from "#gateway/api/sessions.ts";
import type { AccountRecord } from "#gateway/store/account-store.ts";
import { ROLES, type Role } from "#schemas/access-settings.ts";
import type { GatewaySettings } from "#schemas/gateway-settings.ts";
import { type Command, readArgs } from "./command.ts";
import { SETTINGS_HELP, withGateway } from "./gateway-store.ts";

/** Who the log says it was: whoever may read the gateway's database. */
const BY = { tokenId: "", name: "faccine account" };

export const ACCOUNT: Command = {
  name: "account",
  summary: "people's accounts: add, list, role, disable, enable, link",
  help: `
faccine account add NAME --role ROLE [--office OFFICE] [options]
faccine account list [options]
faccine account role NAME --role ROLE [--office OFFICE] [options]
faccine account disable NAME [options]
faccine account enable NAME [options]
faccine account link NAME [options]

A new account and \`link\` print a link, good once within three days, by which the person chooses a password. Giving a role,
disabling, and choosing a password end all sessions of the account. Roles: ${ROLES.join(", ")}.

  --role ROLE        viewer: reports, small groups hidden; office: the same of one office; operator: exact figures and
                     the fleet; admin: all, accounts and tokens too
  --office OFFICE    the only office that a person of role office sees
  --url URL          how the person reaches the gateway, where that is not as its settings say
${SETTINGS_HELP}`,
  run: async (args) => {
    const { values, positionals } = readArgs(args, {
      settings: { type: "string" },
      role: { type: "string" },
      office: { type: "string" },
      url: { type: "string" },
    });
    const [verb, name, ...more] = positionals;
    if (more.length > 0) throw new Error(`${more[0]}: not known; see --help`);
    return withGateway(values.settings, async ({ store, directory, settings }) => {
      const sessions = openSessions({ store, randomBytes, isSecure: settings.http.tlsCert !== null });
      const people = openPeople({ store, directory, randomBytes, nowMs: Date.now, invite: sessions.invite });
      const work = { people, url: values.url ?? addressOf(settings) };
      if (verb === "list" && name === undefined) return list(await store.accounts());
      if (name === undefined) throw new Error("say: add, list, role, disable, enable or link; see --help");
      if (verb === "add") return add(work, name, roleOf(values.role, values.office));
      const account = await store.accountByName(name.toLowerCase());
      if (account === null)
        throw new Error(`there is no account ${name}; \`faccine account list\` shows them`);
      if (verb === "role") return setRole(work, account, roleOf(values.role, values.office));
      if (verb === "disable" || verb === "enable") return setDisabled(work, account, verb === "disable");
      if (verb === "link") return link(work, account);
      throw new Error(`${verb}: not known; see --help`);
    });
  },
};

type Work = { readonly people: People; readonly url: string };
type RoleAt = { readonly role: Role; readonly officeId: string | null };

async function add({ people, url }: Work, name: string, role: RoleAt): Promise<number> {
  const added = await people.add(BY, { ...role, name });
  if (!added.ok) throw new Error(WORDS[added.problem]);
  process.stderr.write(
    `Account ${added.account.name} is there. Its person chooses a password at this link, once, within three days:\n`,
  );
  process.stdout.write(`${url}/invite?key=${added.key}\n`);
  return 0;
}

async function link({ people, url }: Work, { accountId, name }: AccountRecord): Promise<number> {
  const invited = await people.invite(BY, accountId);
  if (!invited.ok) throw new Error(WORDS[invited.problem]);
  process.stderr.write(
    `Account ${name} gets a new password at this link, once, within three days; until then the old one is good:\n`,
  );
  process.stdout.write(`${url}/invite?key=${invited.key}\n`);
  return 0;
}

async function setRole({ people }: Work, { accountId, name }: AccountRecord, role: RoleAt): Promise<number> {
  const problem = await people.setRole(BY, accountId, role);
  if (problem !== null) throw new Error(WORDS[problem]);
  process.stdout.write(`Account ${name} is ${role.role} now; its sessions are over.\n`);
  return 0;
}

async function setDisabled(
  { people }: Work,
  { accountId, name }: AccountRecord,
  isDisabled: boolean,
): Promise<number> {
  const problem = await people.setDisabled(BY, accountId, isDisabled);
  if (problem !== null) throw new Error(WORDS[problem]);
  process.stdout.write(
    `Account ${name} is ${isDisabled ? "disabled, and its sessions are over" : "enabled"}.\n`,
  );
  return 0;
}

function list(accounts: readonly AccountRecord[]): number {
  for (const { name, role, officeId, password, disabledMs } of accounts) {
    const state = disabledMs !== null ? "disabled" : password === null ? "invited" : "active";
    process.stdout.write(`${state.padEnd(8)}  ${role}${officeId === null ? "" : ` ${officeId}`}  ${name}\n`);
  }
  return 0;
}

function roleOf(text: string | undefined, office: string | undefined): RoleAt {
  const role = roleNamed(text ?? "");
  if (role === null) throw new Error(`--role ${text ?? "(not given)"}: must be one of ${ROLES.join(", ")}`);
  return { role, officeId: office ?? null };
}

function addressOf({ http }: GatewaySettings): string {
  const host = http.host.includes(":") ? `[${http.host}]` : http.host;
  return `${http.tlsCert === null ? "http" : "https"}://${host}:${http.port}`;
}

const WORDS: Readonly<Record<PeopleProblem, string>> = {
  name: "the name must be 2 to 60 small letters, digits and . _ - @ +, such as anna.rossi",
  "name-taken": "this name belongs to another account already; `faccine account list` shows them",
  "too-many": "there are a thousand accounts already: those that were disabled go thirteen months later",
  unknown: "there is no such account; `faccine account list` shows them",
  "last-admin": "this is the last administrator who can sign in: make another one first",
  disabled: "this account is disabled: enable it first",
  "office-needed": "--office: a person of role office has one",
  "office-unknown": "--office: no office has this id",
  "office-not-for-role": "--office: is for the role office alone",
};

/**
 * What administrators do with accounts, at the gateway's page and at its own machine: invite, give a role, disable, hand out a new link. Never
 * sets a password: only the person does.
 */
import type { Role } from "#schemas/access-settings.ts";
import type { Directory } from "../directory.ts";
import type { AccountRecord, AccountStore, Deed, DeedKind } from "../store/account-store.ts";
import { accountName } from "./account-rules.ts";
import { roleProblem } from "./roles.ts";

/** Who does it, by the id and name that stand in the log. */
export type Doer = { readonly tokenId: string; readonly name: string };

export type RoleAt = { readonly role: Role; readonly officeId: string | null };

/** What kept something from being done. */
export type PeopleProblem =
  | "name"
  | "name-taken"
  | "too-many"
  | "unknown"
  | "last-admin"
  | "disabled"
  | NonNullable<ReturnType<typeof roleProblem>>;

/** A link's key for the person, or what kept it from being made. */
type Invited =
  | { readonly ok: true; readonly key: string; readonly account: AccountRecord }
  | { readonly ok: false; readonly problem: PeopleProblem };

export type People = {
  readonly add: (by: Doer, person: RoleAt & { readonly name: string }) => Promise<Invited>;
  readonly invite: (by: Doer, accountId: string) => Promise<Invited>;
  /** The account's sessions end with it. @returns what kept it from being done, or null. */
  readonly setRole: (by: Doer, accountId: string, role: RoleAt) => Promise<PeopleProblem | null>;
  readonly setDisabled: (by: Doer, accountId: string, isDisabled: boolean) => Promise<PeopleProblem | null>;
};

const ID_BYTES = 8;

export function openPeople(parts: {
  readonly store: Pick<AccountStore, "accountById" | "addAccount" | "changeAccount">;
  readonly directory: Pick<Directory, "office">;
  /** Makes a link's key by which somebody chooses a password. */
  readonly invite: (account: AccountRecord, by: Doer, nowMs: number) => Promise<string>;
  readonly randomBytes: (size: number) => Buffer;
  readonly nowMs: () => number;
}): People {
  const { store, directory, nowMs, randomBytes } = parts;
  const deed = (kind: DeedKind, by: Doer, what: string): Deed => ({
    ...{ atMs: nowMs(), kind, byId: by.tokenId, byName: by.name, what },
  });
  const problemOf = (role: RoleAt) =>
    roleProblem(role, (officeId) => directory.office(officeId) !== undefined);
  const change = async (
    accountId: string,
    changed: Parameters<typeof store.changeAccount>[1],
    done: Deed,
  ) => {
    const outcome = await store.changeAccount(accountId, changed, done);
    return outcome === "changed" ? null : outcome;
  };
  const nameOf = async (accountId: string) => (await store.accountById(accountId))?.name ?? "";
  return {
    add: async (by, person) => {
      const { role, officeId } = person;
      const name = accountName(person.name);
      const problem = name === null ? "name" : problemOf(person);
      if (name === null || problem !== null) return { ok: false, problem: problem ?? "name" };
      const account = {
        ...{ accountId: randomBytes(ID_BYTES).toString("hex"), name, role, officeId },
        ...{ password: null, createdMs: nowMs(), disabledMs: null },
      };
      const added = await store.addAccount(account, deed("account-made", by, `${name}: ${told(person)}`));
      if (added !== "added") return { ok: false, problem: added };
      return { ok: true, account, key: await parts.invite(account, by, nowMs()) };
    },
    invite: async (by, accountId) => {
      const account = await store.accountById(accountId);
      if (account === null) return { ok: false, problem: "unknown" };
      if (account.disabledMs !== null) return { ok: false, problem: "disabled" };
      return { ok: true, account, key: await parts.invite(account, by, nowMs()) };
    },
    setRole: async (by, accountId, role) => {
      const problem = problemOf(role);
      if (problem !== null) return problem;
      const done = deed("account-changed", by, `${await nameOf(accountId)}: ${told(role)}`);
      return change(accountId, { role: role.role, officeId: role.officeId }, done);
    },
    setDisabled: async (by, accountId, isDisabled) => {
      const kind = isDisabled ? "account-disabled" : "account-enabled";
      const done = deed(kind, by, await nameOf(accountId));
      return change(accountId, { disabledMs: isDisabled ? nowMs() : null }, done);
    },
  };
}

function told({ role, officeId }: RoleAt): string {
  return officeId === null ? role : `${role} ${officeId}`;
}

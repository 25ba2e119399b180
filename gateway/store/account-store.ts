/**
 * The part of the store about people: accounts, sessions, one-time links, and the log of all that people and tokens did. A change and its
 * entry in the log are one transaction.
 */
import type { Role } from "#schemas/access-settings.ts";

export type AccountRecord = {
  readonly accountId: string;
  /** In the form of `accountName`. */
  readonly name: string;
  readonly role: Role;
  /** The only office it sees; null but for role `office`. */
  readonly officeId: string | null;
  /** As `passwords.ts` keeps it; null until the person has chosen one. */
  readonly password: string | null;
  readonly createdMs: number;
  readonly disabledMs: number | null;
};

/** A session by the hash of its cookie. What it may do: with an account as that stands now, without one as it says itself. */
export type SessionRecord = {
  readonly sha256: string;
  readonly accountId: string | null;
  readonly name: string;
  readonly scopes: readonly string[];
  readonly officeId: string | null;
  readonly createdMs: number;
  readonly seenMs: number;
};

/** A one-time link by the hash of its key: with an account to choose its password, without one to open a session. */
export type LinkRecord = {
  readonly sha256: string;
  readonly accountId: string | null;
  readonly scopes: readonly string[];
  readonly untilMs: number;
};

export const DEED_KINDS = [
  "exact-read",
  "sign-in",
  "sign-in-failed",
  "sign-out",
  "link-made",
  "link-used",
  "account-made",
  "account-changed",
  "account-disabled",
  "account-enabled",
  "password-set",
  "sessions-ended",
  "token-made",
  "token-revoked",
  "alarm-acknowledged",
  "alarm-cleared",
] as const;
export type DeedKind = (typeof DEED_KINDS)[number];

/** An entry of the log: who did what. */
export type Deed = {
  readonly atMs: number;
  readonly kind: DeedKind;
  /** A token's or an account's id, or a session's; empty for a stranger, and for who works at the gateway's own machine. */
  readonly byId: string;
  /** How that one was called then. */
  readonly byName: string;
  /** To what it was done: never a secret, nor what a stranger typed. */
  readonly what: string;
};

export type LoggedDeed = Deed & { readonly no: number };

export type AccountChange = {
  readonly role?: Role;
  readonly officeId?: string | null;
  readonly password?: string;
  readonly disabledMs?: number | null;
};

export type AccountStore = {
  /** Says what kept it from being made: the name is taken, or there are too many. */
  readonly addAccount: (account: AccountRecord, deed: Deed) => Promise<"added" | "name-taken" | "too-many">;
  /** The same, only while no administrator can sign in. */
  readonly addFirstAccount: (
    account: AccountRecord,
    deed: Deed,
  ) => Promise<"added" | "name-taken" | "too-many" | "not-first">;
  /** True when an account of role `admin` has a password and is not disabled. */
  readonly hasAdmin: () => Promise<boolean>;
  readonly accounts: () => Promise<readonly AccountRecord[]>;
  readonly accountById: (accountId: string) => Promise<AccountRecord | null>;
  readonly accountByName: (name: string) => Promise<AccountRecord | null>;
  /** Changes an account and ends its sessions and links. The last administrator who can sign in stays one. */
  readonly changeAccount: (
    accountId: string,
    change: AccountChange,
    deed: Deed,
  ) => Promise<"changed" | "unknown" | "last-admin">;

  /** Keeps a link; of an account the last one only. Beyond the maximum the one that ends first goes. */
  readonly addLink: (link: LinkRecord, deed: Deed | null) => Promise<void>;
  readonly linkBy: (sha256: string) => Promise<LinkRecord | null>;
  /** Gives a link and forgets it: it is good once. */
  readonly takeLink: (sha256: string) => Promise<LinkRecord | null>;

  /** Keeps a session; beyond the maximum, of one account and of all, the one that was seen longest ago goes. */
  readonly addSession: (session: SessionRecord, deed: Deed) => Promise<void>;
  readonly sessionBy: (sha256: string) => Promise<SessionRecord | null>;
  readonly noteSeen: (sha256: string, atMs: number) => Promise<void>;
  /** The sessions of an account, the last seen first. */
  readonly sessionsOf: (accountId: string) => Promise<readonly SessionRecord[]>;
  readonly endSession: (sha256: string, deed: Deed | null) => Promise<void>;
  /** Ends all sessions of an account but one. */
  readonly endOtherSessions: (accountId: string, sha256: string, deed: Deed) => Promise<void>;

  readonly noteDeed: (deed: Deed) => Promise<void>;
  /** The log, the latest first: entries before a number, or from the end. */
  readonly deeds: (page: {
    readonly beforeNo: number | null;
    readonly limit: number;
  }) => Promise<readonly LoggedDeed[]>;
};

/**
 * Sessions of people at the gateway's pages, and the one-time links that open some. Both lie in the store as hashes, so that a restart ends
 * none and whoever reads the database opens none. Every sign-in makes a new one: an id that was planted before is good for nothing.
 */
import { createHmac } from "node:crypto";
import type { Role } from "#schemas/access-settings.ts";
import { HOUR_MS, MINUTE_MS } from "#schemas/time.ts";
import { scopesOf } from "../access/roles.ts";
import { secretHash } from "../access/tokens.ts";
import type { AccountStore, LinkRecord, SessionRecord } from "../store/account-store.ts";

/** Long enough to find the browser, short enough that a link in a terminal's history is dead. */
const LINK_MS = HOUR_MS;
/** A weekend and a day: who is invited on Friday comes on Monday. */
const INVITATION_MS = 72 * HOUR_MS;
/** A working day (OWASP, Session Management Cheat Sheet: four to eight hours where it is an office's program, and an end for all). */
const SESSION_MS = 12 * HOUR_MS;
/** Left alone for so long, nobody is there (the same sheet: 15 minutes to half an hour where it matters more; here figures are read). */
const IDLE_MS = 2 * HOUR_MS;
/** A page that loads its pictures need not write each time. */
const SEEN_STEP_MS = MINUTE_MS;
/** 256 bits, so that nobody guesses one. */
const SECRET_BYTES = 32;
/** A secret as we write it: what is longer is not even hashed. */
const SECRET = /^[\w-]{43}$/;

/** Of a link: whoever comes by it may make the first administrator's account, while there is none. No token has it. */
export const FIRST_ACCOUNT = "first-account";

/** What a browser's session is beside what it may do. */
export type PageSession = {
  /** By which the store knows it. */
  readonly sha256: string;
  /** Null for who came by a link, or is vouched for by another system. */
  readonly accountId: string | null;
  readonly role: Role | null;
  /** What every form of this session must bring back. */
  readonly formToken: string;
};

/** Who asks: a token or a session, by an id that may stand in the access log. */
export type Asker = {
  readonly tokenId: string;
  readonly name: string;
  readonly scopes: readonly string[];
  /** The only office whose tickets a token may issue, and whose figures a session sees; null for all. */
  readonly officeId: string | null;
  /** Left out for tokens. */
  readonly session?: PageSession;
};

/** Whom a session is opened for: an account as it stands, or a person whom someone else vouches for. */
export type Person = Pick<SessionRecord, "accountId" | "name" | "scopes" | "officeId">;

export type Sessions = {
  /** How the cookie is called and kept. */
  readonly cookie: { readonly name: string; readonly rules: CookieRules };
  /** A new link's key, that opens the page once. */
  readonly makeLink: (scopes: readonly string[], nowMs: number) => Promise<string>;
  /** A new link's key, by which a person chooses the account's password; the one before is over. */
  readonly invite: (
    account: { readonly accountId: string; readonly name: string },
    by: Pick<Asker, "tokenId" | "name">,
    nowMs: number,
  ) => Promise<string>;
  /** The account a key invites to, without using it up; null for a key that is unknown, used or too old. */
  readonly invited: (key: string, nowMs: number) => Promise<string | null>;
  /** The same, and the key is used up. */
  readonly takeInvitation: (key: string, nowMs: number) => Promise<string | null>;
  /** Opens a session with a link's key: its cookie, or null for a key that is unknown, used or too old. */
  readonly enter: (key: string, nowMs: number) => Promise<string | null>;
  /** Opens a session. @param what who it is elsewhere, for the log. @returns its cookie. */
  readonly begin: (person: Person, nowMs: number, what?: string) => Promise<string>;
  /** Who a cookie belongs to, or null. */
  readonly find: (cookie: string, nowMs: number) => Promise<Asker | null>;
  readonly end: (cookie: string, nowMs: number) => Promise<void>;
};

type CookieRules = {
  readonly path: "/";
  readonly httpOnly: true;
  /** A link in a mail leads to where it says, and who comes back from a sign-in elsewhere is known. Forms have guards of their own. */
  readonly sameSite: "lax";
  readonly secure: boolean;
};

type SessionParts = {
  readonly store: Pick<
    AccountStore,
    | "accountById"
    | "addLink"
    | "addSession"
    | "endSession"
    | "linkBy"
    | "noteDeed"
    | "noteSeen"
    | "sessionBy"
    | "takeLink"
  >;
  readonly randomBytes: (size: number) => Buffer;
  /** The pages are reached by TLS only. */
  readonly isSecure: boolean;
};

/** True once a session is over, by its whole length or because nobody was there. */
export function isSessionOver({ createdMs, seenMs }: SessionRecord, nowMs: number): boolean {
  return nowMs >= createdMs + SESSION_MS || nowMs >= seenMs + IDLE_MS;
}

export function openSessions(parts: SessionParts): Sessions {
  const { store, randomBytes, isSecure } = parts;
  const linkWith = (link: Omit<LinkRecord, "sha256">) => {
    const key = randomBytes(SECRET_BYTES).toString("base64url");
    return { key, record: { ...link, sha256: secretHash(key) } };
  };
  return {
    cookie: {
      // The prefix makes browsers refuse one that was planted by a neighbour or over plain HTTP.
      name: isSecure ? `__Host-${SESSION_COOKIE}` : SESSION_COOKIE,
      rules: { path: "/", httpOnly: true, sameSite: "lax", secure: isSecure },
    },
    makeLink: async (scopes, nowMs) => {
      const { key, record } = linkWith({ accountId: null, scopes, untilMs: nowMs + LINK_MS });
      await store.addLink(record, null);
      return key;
    },
    invite: async ({ accountId, name }, by, nowMs) => {
      const { key, record } = linkWith({ accountId, scopes: [], untilMs: nowMs + INVITATION_MS });
      await store.addLink(record, deedOf("link-made", { ...by, what: name }, nowMs));
      return key;
    },
    invited: (key, nowMs) => accountBehind(key, nowMs, store.linkBy),
    takeInvitation: (key, nowMs) => accountBehind(key, nowMs, store.takeLink),
    enter: (key, nowMs) => enter(parts, key, nowMs),
    begin: (person, nowMs, what = "") => begin(parts, person, { kind: "sign-in", nowMs, what }),
    find: (cookie, nowMs) => find(store, cookie, nowMs),
    end: async (cookie, nowMs) => {
      const asker = await find(store, cookie, nowMs);
      if (asker?.session !== undefined)
        await store.endSession(asker.session.sha256, deedOf("sign-out", asker, nowMs));
    },
  };
}

/** The name of the cookie of a session, before its prefix. */
export const SESSION_COOKIE = "faccine-session";

async function accountBehind(
  key: string,
  nowMs: number,
  look: AccountStore["linkBy"],
): Promise<string | null> {
  if (!SECRET.test(key)) return null;
  const link = await look(secretHash(key));
  return link === null || nowMs >= link.untilMs ? null : link.accountId;
}

async function enter({ store, ...parts }: SessionParts, key: string, nowMs: number): Promise<string | null> {
  if (!SECRET.test(key)) return null;
  const sha256 = secretHash(key);
  // An invitation that is opened at the wrong door stays good.
  if ((await store.linkBy(sha256))?.accountId !== null) return null;
  const link = await store.takeLink(sha256);
  if (link === null || nowMs >= link.untilMs) return null;
  const person = { accountId: null, name: "page", scopes: link.scopes, officeId: null };
  return begin({ store, ...parts }, person, { kind: "link-used", nowMs, what: "" });
}

async function begin(
  { store, randomBytes }: SessionParts,
  person: Person,
  {
    kind,
    nowMs,
    what,
  }: { readonly kind: "sign-in" | "link-used"; readonly nowMs: number; readonly what: string },
): Promise<string> {
  const cookie = randomBytes(SECRET_BYTES).toString("base64url");
  const sha256 = secretHash(cookie);
  const session = { ...person, sha256, createdMs: nowMs, seenMs: nowMs };
  const tokenId = person.accountId ?? idOf(sha256);
  await store.addSession(session, deedOf(kind, { tokenId, name: person.name, what }, nowMs));
  return cookie;
}

async function find(store: SessionParts["store"], cookie: string, nowMs: number): Promise<Asker | null> {
  if (!SECRET.test(cookie)) return null;
  const session = await store.sessionBy(secretHash(cookie));
  if (session === null) return null;
  const { sha256, accountId } = session;
  if (isSessionOver(session, nowMs)) {
    await store.endSession(sha256, null);
    return null;
  }
  if (nowMs >= session.seenMs + SEEN_STEP_MS) await store.noteSeen(sha256, nowMs);
  const formToken = formTokenOf(cookie);
  if (accountId === null) {
    const { name, scopes, officeId } = session;
    return {
      tokenId: idOf(sha256),
      name,
      scopes,
      officeId,
      session: { sha256, accountId, role: null, formToken },
    };
  }
  const account = await store.accountById(accountId);
  if (account === null || account.disabledMs !== null) return null;
  const { name, role, officeId } = account;
  return {
    ...{ tokenId: accountId, name, officeId, scopes: scopesOf(role) },
    session: { sha256, accountId, role, formToken },
  };
}

/** Known only to who has the cookie, and tells nothing of it. */
function formTokenOf(cookie: string): string {
  return createHmac("sha256", cookie).update("faccine form").digest("base64url");
}

/** By which a session without an account stands in the log. */
function idOf(sha256: string): string {
  return `page-${sha256.slice(0, 12)}`;
}

function deedOf(
  kind: "sign-in" | "sign-out" | "link-made" | "link-used",
  about: { readonly tokenId: string; readonly name: string; readonly what?: string },
  atMs: number,
) {
  return { atMs, kind, byId: about.tokenId, byName: about.name, what: about.what ?? "" };
}

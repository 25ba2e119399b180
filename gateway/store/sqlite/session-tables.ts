/**
 * Sessions and one-time links in SQLite, by the hashes of their secrets.
 */
import type Database from "better-sqlite3";
import type { Deed, LinkRecord, SessionRecord } from "../account-store.ts";
import type { DeedLog } from "./deed-log.ts";

/** Browsers of one person with an account at once. */
const SESSIONS_EACH_MAX = 20;
/** A few for each account there can be; those who come without one are bounded by this alone. */
const SESSIONS_MAX = 5_000;
/** One for each account there can be, and those that open the page. */
const LINKS_MAX = 1_100;

type SessionRow = {
  readonly sha256: string;
  readonly account_id: string | null;
  readonly name: string;
  readonly scopes: string;
  readonly office_id: string | null;
  readonly created_ms: number;
  readonly seen_ms: number;
};
type LinkRow = {
  readonly sha256: string;
  readonly account_id: string | null;
  readonly scopes: string;
  readonly until_ms: number;
};

export class SessionTables {
  readonly #database;
  readonly #log;
  readonly #sql;

  constructor(database: Database.Database, log: DeedLog) {
    this.#database = database;
    this.#log = log;
    this.#sql = {
      put: database.prepare(
        `INSERT INTO session (sha256, account_id, name, scopes, office_id, created_ms, seen_ms)
         VALUES (@sha256, @accountId, @name, @scopes, @officeId, @createdMs, @seenMs)`,
      ),
      makeRoom: database.prepare<[string, number]>(
        `DELETE FROM session WHERE sha256 IN
           (SELECT sha256 FROM session WHERE account_id = ? ORDER BY seen_ms DESC, created_ms DESC LIMIT -1 OFFSET ?)`,
      ),
      makeRoomOfAll: database.prepare<[number]>(
        `DELETE FROM session WHERE sha256 IN
           (SELECT sha256 FROM session ORDER BY seen_ms DESC, created_ms DESC LIMIT -1 OFFSET ?)`,
      ),
      by: database.prepare<[string], SessionRow>("SELECT * FROM session WHERE sha256 = ?"),
      of: database.prepare<[string], SessionRow>(
        "SELECT * FROM session WHERE account_id = ? ORDER BY seen_ms DESC, created_ms DESC",
      ),
      seen: database.prepare<[number, string]>("UPDATE session SET seen_ms = ? WHERE sha256 = ?"),
      end: database.prepare<[string]>("DELETE FROM session WHERE sha256 = ?"),
      endOthers: database.prepare<[string, string]>(
        "DELETE FROM session WHERE account_id = ? AND sha256 <> ?",
      ),
      putLink: database.prepare(
        "INSERT INTO link (sha256, account_id, scopes, until_ms) VALUES (@sha256, @accountId, @scopes, @untilMs)",
      ),
      link: database.prepare<[string], LinkRow>("SELECT * FROM link WHERE sha256 = ?"),
      takeLink: database.prepare<[string], LinkRow>("DELETE FROM link WHERE sha256 = ? RETURNING *"),
      endLinks: database.prepare<[string]>("DELETE FROM link WHERE account_id = ?"),
      makeLinkRoom: database.prepare<[number]>(
        `DELETE FROM link WHERE sha256 IN
           (SELECT sha256 FROM link ORDER BY until_ms DESC, rowid DESC LIMIT -1 OFFSET ?)`,
      ),
    };
  }

  add(session: SessionRecord, deed: Deed): void {
    this.#together(() => {
      if (session.accountId !== null) this.#sql.makeRoom.run(session.accountId, SESSIONS_EACH_MAX - 1);
      this.#sql.makeRoomOfAll.run(SESSIONS_MAX - 1);
      this.#sql.put.run({ ...session, scopes: session.scopes.join(" ") });
      this.#log.add(deed);
    });
  }

  by(sha256: string): SessionRecord | null {
    const row = this.#sql.by.get(sha256);
    return row === undefined ? null : sessionOf(row);
  }

  of(accountId: string): readonly SessionRecord[] {
    return this.#sql.of.all(accountId).map(sessionOf);
  }

  noteSeen(sha256: string, atMs: number): void {
    this.#sql.seen.run(atMs, sha256);
  }

  end(sha256: string, deed: Deed | null): void {
    this.#together(() => {
      this.#sql.end.run(sha256);
      if (deed !== null) this.#log.add(deed);
    });
  }

  endOthers(accountId: string, sha256: string, deed: Deed): void {
    this.#together(() => {
      this.#sql.endOthers.run(accountId, sha256);
      this.#log.add(deed);
    });
  }

  /** Inside the transaction of whoever changes the account. */
  endAllOf(accountId: string): void {
    this.#sql.endOthers.run(accountId, "");
    this.#sql.endLinks.run(accountId);
  }

  addLink(link: LinkRecord, deed: Deed | null): void {
    this.#together(() => {
      if (link.accountId !== null) this.#sql.endLinks.run(link.accountId);
      this.#sql.makeLinkRoom.run(LINKS_MAX - 1);
      this.#sql.putLink.run({ ...link, scopes: link.scopes.join(" ") });
      if (deed !== null) this.#log.add(deed);
    });
  }

  link(sha256: string): LinkRecord | null {
    const row = this.#sql.link.get(sha256);
    return row === undefined ? null : linkOf(row);
  }

  takeLink(sha256: string): LinkRecord | null {
    const row = this.#sql.takeLink.get(sha256);
    return row === undefined ? null : linkOf(row);
  }

  #together(work: () => void): void {
    this.#database.transaction(work).immediate();
  }
}

function words(text: string): readonly string[] {
  return text.split(" ").filter((word) => word !== "");
}

function sessionOf(row: SessionRow): SessionRecord {
  return {
    sha256: row.sha256,
    accountId: row.account_id,
    name: row.name,
    scopes: words(row.scopes),
    officeId: row.office_id,
    createdMs: row.created_ms,
    seenMs: row.seen_ms,
  };
}

function linkOf(row: LinkRow): LinkRecord {
  return {
    sha256: row.sha256,
    accountId: row.account_id,
    scopes: words(row.scopes),
    untilMs: row.until_ms,
  };
}

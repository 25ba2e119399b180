/**
 * Accounts in SQLite. Each change and its entry in the log are one transaction.
 */
import type Database from "better-sqlite3";
import type { Role } from "#schemas/access-settings.ts";
import type { AccountChange, AccountRecord, AccountStore, Deed } from "../account-store.ts";
import type { DeedLog } from "./deed-log.ts";
import type { SessionTables } from "./session-tables.ts";

/** More than the people of an administration who ever look at its figures. */
const ACCOUNTS_MAX = 1_000;

type AccountRow = {
  readonly account_id: string;
  readonly name: string;
  readonly role: Role;
  readonly office_id: string | null;
  readonly password: string | null;
  readonly created_ms: number;
  readonly disabled_ms: number | null;
};

const CAN_ADMINISTER = "role = 'admin' AND password IS NOT NULL AND disabled_ms IS NULL";

export class AccountTables {
  readonly #database;
  readonly #log;
  readonly #sessions;
  readonly #sql;

  constructor(database: Database.Database, log: DeedLog, sessions: SessionTables) {
    this.#database = database;
    this.#log = log;
    this.#sessions = sessions;
    this.#sql = {
      put: database.prepare(
        `INSERT INTO account (account_id, name, role, office_id, password, created_ms, disabled_ms)
         VALUES (@accountId, @name, @role, @officeId, @password, @createdMs, @disabledMs) ON CONFLICT (name) DO NOTHING`,
      ),
      set: database.prepare(
        `UPDATE account SET role = @role, office_id = @officeId, password = @password, disabled_ms = @disabledMs
         WHERE account_id = @accountId`,
      ),
      count: database.prepare<[], { count: number }>("SELECT count(*) AS count FROM account"),
      admins: database.prepare<[], { count: number }>(
        `SELECT count(*) AS count FROM account WHERE ${CAN_ADMINISTER}`,
      ),
      all: database.prepare<[], AccountRow>("SELECT * FROM account ORDER BY name"),
      byId: database.prepare<[string], AccountRow>("SELECT * FROM account WHERE account_id = ?"),
      byName: database.prepare<[string], AccountRow>("SELECT * FROM account WHERE name = ?"),
    };
  }

  add(account: AccountRecord, deed: Deed): "added" | "name-taken" | "too-many" {
    return this.#database.transaction(() => this.#put(account, deed)).immediate();
  }

  addFirst(account: AccountRecord, deed: Deed): Awaited<ReturnType<AccountStore["addFirstAccount"]>> {
    return this.#database
      .transaction(() => (this.hasAdmin() ? "not-first" : this.#put(account, deed)))
      .immediate();
  }

  hasAdmin(): boolean {
    return this.#admins() > 0;
  }

  all(): readonly AccountRecord[] {
    return this.#sql.all.all().map(accountOf);
  }

  byId(accountId: string): AccountRecord | null {
    return found(this.#sql.byId.get(accountId));
  }

  byName(name: string): AccountRecord | null {
    return found(this.#sql.byName.get(name));
  }

  change(accountId: string, change: AccountChange, deed: Deed): "changed" | "unknown" | "last-admin" {
    return this.#database
      .transaction(() => {
        const before = this.byId(accountId);
        if (before === null) return "unknown";
        const after = { ...before, ...change };
        if (canAdminister(before) && !canAdminister(after) && this.#admins() === 1) return "last-admin";
        this.#sql.set.run(after);
        this.#sessions.endAllOf(accountId);
        this.#log.add(deed);
        return "changed";
      })
      .immediate();
  }

  #admins(): number {
    return this.#sql.admins.get()?.count ?? 0;
  }

  #put(account: AccountRecord, deed: Deed): "added" | "name-taken" | "too-many" {
    if ((this.#sql.count.get()?.count ?? 0) >= ACCOUNTS_MAX) return "too-many";
    if (this.#sql.put.run(account).changes === 0) return "name-taken";
    this.#log.add(deed);
    return "added";
  }
}

function canAdminister({ role, password, disabledMs }: AccountRecord): boolean {
  return role === "admin" && password !== null && disabledMs === null;
}

function found(row: AccountRow | undefined): AccountRecord | null {
  return row === undefined ? null : accountOf(row);
}

function accountOf(row: AccountRow): AccountRecord {
  return {
    accountId: row.account_id,
    name: row.name,
    role: row.role,
    officeId: row.office_id,
    password: row.password,
    createdMs: row.created_ms,
    disabledMs: row.disabled_ms,
  };
}

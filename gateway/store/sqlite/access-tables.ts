/**
 * Tokens and issuer keys in SQLite.
 */
import type Database from "better-sqlite3";
import type { IssuerKeyRecord, TokenRecord } from "../access-store.ts";
import type { Deed } from "../account-store.ts";
import type { DeedLog } from "./deed-log.ts";

type TokenRow = {
  readonly token_id: string;
  readonly name: string;
  readonly sha256: string;
  readonly scopes: string;
  readonly office_id: string | null;
  readonly created_ms: number;
  readonly expires_ms: number;
  readonly revoked_ms: number | null;
};
type KeyRow = {
  readonly number: number;
  readonly issuer_key_id: string;
  readonly office_id: string;
  readonly public_key: string;
  readonly purpose: "live" | "test";
  readonly created_ms: number;
  readonly ends_ms: number | null;
};

export class AccessTables {
  readonly #database;
  readonly #log;
  readonly #sql;

  constructor(database: Database.Database, log: DeedLog) {
    this.#database = database;
    this.#log = log;
    this.#sql = {
      putToken: database.prepare(
        `INSERT INTO token (token_id, name, sha256, scopes, office_id, created_ms, expires_ms, revoked_ms)
         VALUES (@tokenId, @name, @sha256, @scopes, @officeId, @createdMs, @expiresMs, @revokedMs)`,
      ),
      token: database.prepare<[string], TokenRow>("SELECT * FROM token WHERE token_id = ?"),
      tokens: database.prepare<[], TokenRow>("SELECT * FROM token ORDER BY created_ms, token_id"),
      revoke: database.prepare<[number, string]>(
        "UPDATE token SET revoked_ms = ? WHERE token_id = ? AND revoked_ms IS NULL",
      ),
      accountName: database.prepare<[string], { name: string }>(
        "SELECT name FROM account WHERE account_id = ?",
      ),
      putKey: database.prepare(
        `INSERT INTO issuer_key (number, issuer_key_id, office_id, public_key, purpose, created_ms, ends_ms)
         VALUES ((SELECT coalesce(max(number), 0) + 1 FROM issuer_key), @issuerKeyId, @officeId, @publicKey, @purpose, @createdMs, @endsMs)
         RETURNING number`,
      ),
      endKey: database.prepare<[number, string, number]>(
        "UPDATE issuer_key SET ends_ms = ? WHERE issuer_key_id = ? AND coalesce(ends_ms > ?, 1)",
      ),
      keys: database.prepare<[], KeyRow>("SELECT * FROM issuer_key ORDER BY number"),
    };
  }

  addToken(token: TokenRecord, deed: Deed | undefined): void {
    this.#database
      .transaction(() => {
        this.#sql.putToken.run({ ...token, scopes: token.scopes.join(" ") });
        if (deed !== undefined) this.#log.add(deed);
      })
      .immediate();
  }

  token(tokenId: string): TokenRecord | null {
    const row = this.#sql.token.get(tokenId);
    return row === undefined ? null : tokenOf(row);
  }

  tokens(): readonly TokenRecord[] {
    return this.#sql.tokens.all().map(tokenOf);
  }

  revoke(tokenId: string, atMs: number, deed: Deed | undefined): boolean {
    return this.#database
      .transaction(() => {
        const isRevoked = this.#sql.revoke.run(atMs, tokenId).changes === 1;
        if (isRevoked && deed !== undefined) this.#log.add(deed);
        return isRevoked;
      })
      .immediate();
  }

  noteAccess(tokenId: string, what: string, atMs: number): void {
    const byName = this.token(tokenId)?.name ?? this.#sql.accountName.get(tokenId)?.name ?? "";
    this.#log.add({ atMs, kind: "exact-read", byId: tokenId, byName, what });
  }

  addIssuerKey(key: Omit<IssuerKeyRecord, "number">): IssuerKeyRecord {
    const { number } = this.#sql.putKey.get(key) as { number: number };
    return { ...key, number };
  }

  issuerKeys(): readonly IssuerKeyRecord[] {
    return this.#sql.keys.all().map((row) => ({
      number: row.number,
      issuerKeyId: row.issuer_key_id,
      officeId: row.office_id,
      publicKey: row.public_key,
      purpose: row.purpose,
      createdMs: row.created_ms,
      endsMs: row.ends_ms,
    }));
  }

  endIssuerKey(issuerKeyId: string, endsMs: number): boolean {
    return this.#sql.endKey.run(endsMs, issuerKeyId, endsMs).changes === 1;
  }
}

function tokenOf(row: TokenRow): TokenRecord {
  return {
    tokenId: row.token_id,
    name: row.name,
    sha256: row.sha256,
    scopes: row.scopes.split(" ").filter((scope) => scope !== ""),
    officeId: row.office_id,
    createdMs: row.created_ms,
    expiresMs: row.expires_ms,
    revokedMs: row.revoked_ms,
  };
}

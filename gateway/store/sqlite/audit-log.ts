/**
 * The log of what was stored in SQLite: a leaf for each batch, chained to the one before. Part of the ingest transaction.
 */
import { createHash } from "node:crypto";
import type Database from "better-sqlite3";
import { canonicalText } from "#schemas/canonical.ts";
import { EMPTY_AUDIT_HEAD, nextAuditHead } from "#schemas/chain.ts";
import { DAY_MS } from "#schemas/time.ts";
import type { VerifiedBatch } from "../../ingest/verify.ts";
import type { Checkpoint } from "../store.ts";

type Leaf = { readonly no: number; readonly head: Buffer };

export class AuditLog {
  readonly #sql;

  constructor(database: Database.Database) {
    this.#sql = {
      last: database.prepare<[], Leaf>("SELECT no, head FROM audit ORDER BY no DESC LIMIT 1"),
      put: database.prepare<[number, number, string, Buffer]>("INSERT INTO audit VALUES (?, ?, ?, ?)"),
    };
  }

  checkpoint(): Checkpoint {
    const last = this.#sql.last.get();
    return { size: last?.no ?? 0, hash: (last?.head ?? EMPTY_AUDIT_HEAD).toString("hex") };
  }

  append(batch: VerifiedBatch): void {
    const last = this.#sql.last.get();
    const leaf = {
      totem: batch.totemId,
      epoch: batch.epoch,
      first: batch.first,
      last: batch.last,
      head: batch.heads.at(-1) as string,
      sha256: createHash("sha256").update(batch.payload).digest("hex"),
    };
    const head = nextAuditHead(last?.head ?? EMPTY_AUDIT_HEAD, leaf);
    const day = Math.floor(batch.receivedMs / DAY_MS);
    this.#sql.put.run((last?.no ?? 0) + 1, day, canonicalText(leaf), head);
  }
}

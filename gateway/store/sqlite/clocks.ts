/**
 * What is known of totems' clocks in SQLite: each boot's offset, and the trusted moments each epoch told. Part of the
 * ingest transaction.
 */
import type Database from "better-sqlite3";
import type { EntryTime } from "#schemas/time.ts";
import { type Bounds, bootOffsetMs } from "../../settle/placement.ts";
import type { EpochRow } from "./epochs.ts";

export type Boot = { readonly no: number; readonly offsetMs: number | null };

/** Boots remembered between transactions: each totem has one at a time, so this is every totem several times. */
const BOOTS_MAX = 10_000;

export class Clocks {
  readonly #boots = new Map<string, Boot>();
  readonly #sql;

  constructor(database: Database.Database) {
    this.#sql = {
      boot: database.prepare<[number, string], { no: number; offset_ms: number | null }>(
        "SELECT no, offset_ms FROM boot WHERE totem_no = ? AND boot_id = ?",
      ),
      putBoot: database.prepare<[number, string]>("INSERT INTO boot (totem_no, boot_id) VALUES (?, ?)"),
      setOffset: database.prepare<[number, number]>("UPDATE boot SET offset_ms = ? WHERE no = ?"),
      firstTrusted: database.prepare<[number], { ms: number | null }>(
        "SELECT first_trusted_ms AS ms FROM epoch WHERE no = ?",
      ),
      trusted: database.prepare<[{ firstMs: number; lastMs: number; epochNo: number }]>(
        `UPDATE epoch SET first_trusted_ms = min(coalesce(first_trusted_ms, @firstMs), @firstMs),
           last_trusted_ms = max(coalesce(last_trusted_ms, @lastMs), @lastMs) WHERE no = @epochNo`,
      ),
      // Ordinals begin anew when a damaged journal was set aside: only where order of arrival agrees do they tell.
      after: database.prepare<[number, number, number], { ms: number | null }>(
        "SELECT max(last_trusted_ms) AS ms FROM epoch WHERE totem_no = ? AND ordinal < ? AND no < ?",
      ),
      before: database.prepare<[number, number, number], { ms: number | null }>(
        "SELECT min(first_trusted_ms) AS ms FROM epoch WHERE totem_no = ? AND ordinal > ? AND no > ?",
      ),
    };
  }

  /** A boot with its offset when known; numbered at its first mention. */
  boot(totemNo: number, bootId: string): Boot {
    const name = `${totemNo}/${bootId}`;
    const known = this.#boots.get(name);
    if (known !== undefined) return known;
    const found = this.#sql.boot.get(totemNo, bootId);
    const no = found?.no ?? Number(this.#sql.putBoot.run(totemNo, bootId).lastInsertRowid);
    return this.#remember(name, { no, offsetMs: found?.offset_ms ?? null });
  }

  /** Learns a boot's offset from a trusted moment; gives the boot when that is news. */
  learn(totemNo: number, time: EntryTime): Boot | null {
    const offsetMs = bootOffsetMs(time);
    const boot = this.boot(totemNo, time.bootId);
    if (offsetMs === null || boot.offsetMs !== null) return null;
    this.#sql.setOffset.run(offsetMs, boot.no);
    return this.#remember(`${totemNo}/${time.bootId}`, { no: boot.no, offsetMs });
  }

  /** Keeps the first and last trusted moment some entries of an epoch told; true for an epoch that had told none. */
  noteTrusted(epochNo: number, firstMs: number, lastMs: number): boolean {
    const isNews = (this.#sql.firstTrusted.get(epochNo)?.ms ?? null) === null;
    this.#sql.trusted.run({ epochNo, firstMs, lastMs });
    return isNews;
  }

  /** Between which moments entries of an epoch were written, by what the totem's other epochs told. */
  bounds(totemNo: number, epoch: Pick<EpochRow, "no" | "ordinal">, receivedMs: number): Bounds {
    if (epoch.ordinal === null) return { afterMs: null, beforeMs: receivedMs };
    const returnedMs = this.#sql.before.get(totemNo, epoch.ordinal, epoch.no)?.ms ?? receivedMs;
    return {
      afterMs: this.#sql.after.get(totemNo, epoch.ordinal, epoch.no)?.ms ?? null,
      beforeMs: Math.min(returnedMs, receivedMs),
    };
  }

  /** A transaction was rolled back: what was remembered inside it never was. */
  forget(): void {
    this.#boots.clear();
  }

  #remember(name: string, boot: Boot): Boot {
    if (this.#boots.size >= BOOTS_MAX) this.#boots.clear();
    this.#boots.set(name, boot);
    return boot;
  }
}

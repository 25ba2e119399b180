/**
 * Refused scans in SQLite: counted at the moment they happened. Those of a totem without the time are counted where it
 * is thought to have been, kept beside, and moved once their boot's clock is known. Part of the ingest transaction.
 */
import type Database from "better-sqlite3";
import { REFUSALS, type Refusal } from "#schemas/code-list.ts";
import type { RefusalsEntry } from "#schemas/entry.ts";
import { refusalColumn } from "../../rollups/counts.ts";
import { placementOf } from "../../settle/placement.ts";
import type { Changes } from "./changes.ts";
import type { Boot, Clocks } from "./clocks.ts";
import type { Slots } from "./slots.ts";
import type { Origin } from "./votes.ts";

type Row = {
  readonly no: number;
  readonly monotonic_us: number;
  readonly place_no: number;
  readonly wording: number;
  readonly refusal: number;
  readonly times: number;
  readonly hour: number;
  readonly day: number;
};

export class Refusals {
  readonly #clocks: Clocks;
  readonly #slots: Slots;
  readonly #sql;

  constructor(database: Database.Database, clocks: Clocks, slots: Slots) {
    this.#clocks = clocks;
    this.#slots = slots;
    this.#sql = {
      keep: database.prepare(
        `INSERT INTO uncertain_refusal
           (boot_no, received_ms, monotonic_us, place_no, wording, refusal, times, hour, day)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      ),
      ofBoot: database.prepare<[number], Row>("SELECT * FROM uncertain_refusal WHERE boot_no = ?"),
      drop: database.prepare<[number]>("DELETE FROM uncertain_refusal WHERE boot_no = ?"),
    };
  }

  /** Counts the refusals of an entry. @param placeOf the place of a service. */
  count(
    { time, counts }: RefusalsEntry,
    placeOf: (service: string | null) => number,
    origin: Origin,
    changes: Changes,
  ): void {
    const { totemNo, epoch, receivedMs, site } = origin;
    const boot = this.#clocks.boot(totemNo, time.bootId);
    const bounds = this.#clocks.bounds(totemNo, epoch, receivedMs);
    const placement = placementOf(time, boot.offsetMs, bounds);
    const slot = this.#slots.of(placement.atMs, site.zone);
    for (const { reason, service, count } of counts) {
      const key = { place: placeOf(service), wording: site.wording, ...slot };
      changes.counts.add(key, { [refusalColumn(reason)]: count });
      if (!placement.uncertain) continue;
      const { place, wording, hour, day } = key;
      const refusal = REFUSALS.indexOf(reason);
      this.#sql.keep.run(boot.no, receivedMs, time.monotonicUs, place, wording, refusal, count, hour, day);
    }
  }

  /** A boot's offset has become known: its refusals have an exact moment. */
  placeBoot(boot: Boot, zone: string, changes: Changes): void {
    for (const row of this.#sql.ofBoot.all(boot.no)) {
      const time = { wallMs: 0, monotonicUs: row.monotonic_us, clock: "untrusted" } as const;
      const { atMs } = placementOf(time, boot.offsetMs, { afterMs: null, beforeMs: 0 });
      const key = { place: row.place_no, wording: row.wording };
      const counts = { [refusalColumn(REFUSALS[row.refusal] as Refusal)]: row.times };
      changes.counts.add({ ...key, hour: row.hour, day: row.day }, counts, -1);
      changes.counts.add({ ...key, ...this.#slots.of(atMs, zone) }, counts);
    }
    this.#sql.drop.run(boot.no);
  }
}

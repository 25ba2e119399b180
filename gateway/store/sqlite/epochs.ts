/**
 * Epochs in SQLite: what is held of each, as pure `stitch` sees it. Part of the ingest transaction.
 */
import type Database from "better-sqlite3";
import type { OpenedEntry } from "#schemas/entry.ts";
import { BATCH_ENTRIES_MAX } from "#schemas/limits.ts";
import { type EpochHeld, rangesBeyond, type Segment } from "../../ingest/stitch.ts";
import type { KnownEpoch, Watermark } from "../store.ts";

export type EpochRow = {
  readonly no: number;
  readonly epoch: string;
  readonly ordinal: number | null;
  readonly previous_epoch: string | null;
  readonly previous_last: number;
  readonly previous_head: string | null;
  readonly up_to: number;
  readonly head: string | null;
};

export class Epochs {
  readonly #sql;

  constructor(database: Database.Database) {
    this.#sql = {
      find: database.prepare<[number, string], EpochRow>(
        "SELECT * FROM epoch WHERE totem_no = ? AND epoch = ?",
      ),
      all: database.prepare<[number], EpochRow>("SELECT * FROM epoch WHERE totem_no = ? ORDER BY no"),
      create: database.prepare<[number, string]>("INSERT INTO epoch (totem_no, epoch) VALUES (?, ?)"),
      save: database.prepare<[number, string | null, number, number]>(
        "UPDATE epoch SET up_to = ?, head = ?, highest = max(highest, ?) WHERE no = ?",
      ),
      opened: database.prepare<[number, string | null, number, string | null, number]>(
        "UPDATE epoch SET ordinal = ?, previous_epoch = ?, previous_last = ?, previous_head = ? WHERE no = ?",
      ),
      highest: database.prepare<[number], { highest: number | null }>(
        "SELECT sum(highest) AS highest FROM epoch WHERE totem_no = ?",
      ),
      segments: database.prepare<[number], SegmentRow>(
        "SELECT * FROM segment WHERE epoch_no = ? ORDER BY first",
      ),
      allSegments: database.prepare<[number], SegmentRow>(
        "SELECT segment.* FROM epoch JOIN segment ON epoch_no = no WHERE totem_no = ? ORDER BY epoch_no, first",
      ),
      rejected: database.prepare<[number], { epoch_no: number; seq: number; reason: string }>(
        `SELECT epoch_no, seq, reason FROM epoch JOIN rejected ON epoch_no = no WHERE totem_no = ?
         ORDER BY epoch_no, seq`,
      ),
      dropSegments: database.prepare<[number]>("DELETE FROM segment WHERE epoch_no = ?"),
      putSegment: database.prepare<[number, number, number, string, string]>(
        "INSERT INTO segment VALUES (?, ?, ?, ?, ?)",
      ),
    };
  }

  /** The epoch's row, made at its first mention. */
  ensure(totemNo: number, epoch: string): EpochRow {
    const found = this.#sql.find.get(totemNo, epoch);
    if (found !== undefined) return found;
    this.#sql.create.run(totemNo, epoch);
    return this.#sql.find.get(totemNo, epoch) as EpochRow;
  }

  held(row: EpochRow): EpochHeld {
    return { upTo: row.up_to, head: row.head, segments: this.#segments(row.no) };
  }

  save(row: EpochRow, before: EpochHeld, held: EpochHeld): void {
    const highest = Math.max(held.upTo, held.segments.at(-1)?.last ?? 0);
    this.#sql.save.run(held.upTo, held.head, highest, row.no);
    // Segments are rare: most batches just move the watermark.
    if (before.segments.length === 0 && held.segments.length === 0) return;
    this.#sql.dropSegments.run(row.no);
    for (const s of held.segments) this.#sql.putSegment.run(row.no, s.first, s.last, s.previousHead, s.head);
  }

  /** Keeps what an epoch's first entry says; gives the row as it now is. */
  noteOpened(row: EpochRow, entry: OpenedEntry): EpochRow {
    const { ordinal, previousEpoch, previousLast, previousHead } = entry;
    this.#sql.opened.run(ordinal, previousEpoch, previousLast, previousHead, row.no);
    return {
      ...row,
      ordinal,
      previous_epoch: previousEpoch,
      previous_last: previousLast,
      previous_head: previousHead,
    };
  }

  /** All epochs of a totem, with whether a later one names them as its predecessor. */
  known(totemNo: number): readonly KnownEpoch[] {
    const rows = this.#sql.all.all(totemNo);
    const predecessors = new Set(rows.map((row) => row.previous_epoch));
    const segments = Map.groupBy(this.#sql.allSegments.all(totemNo), (segment) => segment.epoch_no);
    const rejected = Map.groupBy(this.#sql.rejected.all(totemNo), (row) => row.epoch_no);
    return rows.map((row) => ({
      ...watermarkOf(row.epoch, {
        upTo: row.up_to,
        head: row.head,
        segments: (segments.get(row.no) ?? []).map(segmentOf),
      }),
      ordinal: row.ordinal,
      previousEpoch: row.previous_epoch,
      previousLast: row.previous_last,
      previousHead: row.previous_head,
      succeeded: predecessors.has(row.epoch),
      rejected: (rejected.get(row.no) ?? [])
        .slice(-BATCH_ENTRIES_MAX)
        .map(({ seq, reason }) => ({ seq, reason })),
    }));
  }

  /** Entries of all kinds a totem is known to have written. */
  captured(totemNo: number): number {
    return this.#sql.highest.get(totemNo)?.highest ?? 0;
  }

  #segments(epochNo: number): readonly Segment[] {
    return this.#sql.segments.all(epochNo).map(segmentOf);
  }
}

type SegmentRow = {
  readonly epoch_no: number;
  readonly first: number;
  readonly last: number;
  readonly previous_head: string;
  readonly head: string;
};

function segmentOf({ first, last, previous_head, head }: SegmentRow): Segment {
  return { first, last, previousHead: previous_head, head };
}

/** What a receipt says of what is held. */
export function watermarkOf(epoch: string, held: EpochHeld): Watermark {
  return { epoch, upTo: held.upTo, head: held.head, ranges: rangesBeyond(held) };
}

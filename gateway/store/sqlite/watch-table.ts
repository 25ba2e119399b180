/**
 * Figures for the statistics that look for gaming, in SQLite.
 */
import { setImmediate as turn } from "node:timers/promises";
import type Database from "better-sqlite3";
import { FACES, type Face, VERDICTS } from "#schemas/code-list.ts";
import { dayFromNumber, dayNumber } from "#schemas/local-day.ts";
import { type DayFigures, dayFigures, type WatchedVote } from "../../watch/day-figures.ts";
import type { DaySpan } from "../store.ts";
import type { KeptFigures } from "../watch-store.ts";
import { AFTER_HOURS_BIT } from "./vote-changes.ts";

type VoteRow = {
  readonly place_no: number;
  readonly wall_ms: number;
  readonly face: number;
  readonly minute: number | null;
  readonly after_hours: 0 | 1;
};

export class WatchTable {
  readonly #database: Database.Database;
  readonly #sql;

  constructor(database: Database.Database) {
    this.#database = database;
    this.#sql = {
      // A day that has begun to close has already lost some of its votes.
      days: database.prepare<[number], { day: number }>(
        "SELECT DISTINCT day FROM vote WHERE day <= ? AND day > coalesce((SELECT max(day) FROM closing), -1)",
      ),
      votes: database.prepare<[number], VoteRow>(
        `SELECT place_no, wall_ms, face, minute, (flags & ${AFTER_HOURS_BIT}) <> 0 AS after_hours FROM vote
         WHERE day = ? AND trusted = 1 AND verdict = ${VERDICTS.indexOf("accepted")} ORDER BY place_no, wall_ms, no`,
      ),
      put: database.prepare<[number, number, string]>("INSERT OR REPLACE INTO watch_day VALUES (?, ?, ?)"),
      figures: database.prepare<
        [number, number],
        { day: number; site_id: string; office_id: string; service_id: string; figures: string }
      >(
        `SELECT day, site_id, office_id, service_id, figures FROM watch_day JOIN place ON place.no = place_no
         WHERE day >= ? AND day < ? ORDER BY day, site_id, office_id, service_id`,
      ),
      upMinutes: database.prepare<[number, number], { day: number; site_id: string; minutes: number }>(
        `SELECT day, site_id, sum(body ->> '$.uptimeMinutes') AS minutes FROM statement JOIN totem ON totem.no = totem_no
         WHERE day >= ? AND day < ? GROUP BY day, site_id ORDER BY day, site_id`,
      ),
    };
  }

  async keep(throughDay: string): Promise<void> {
    for (const { day } of this.#sql.days.all(dayNumber(throughDay))) {
      const places = Map.groupBy(this.#sql.votes.all(day), ({ place_no }) => place_no);
      this.#database
        .transaction(() => {
          for (const [place, rows] of places)
            this.#sql.put.run(day, place, JSON.stringify(dayFigures(rows.map(watched))));
        })
        .immediate();
      await turn();
    }
  }

  figures({ fromDay, toDay }: DaySpan): readonly KeptFigures[] {
    return this.#sql.figures.all(dayNumber(fromDay), dayNumber(toDay)).map((row) => ({
      day: dayFromNumber(row.day),
      place: { siteId: row.site_id, officeId: row.office_id, serviceId: row.service_id },
      figures: JSON.parse(row.figures) as DayFigures,
    }));
  }

  upMinutes({ fromDay, toDay }: DaySpan): readonly { day: string; siteId: string; minutes: number }[] {
    return this.#sql.upMinutes
      .all(dayNumber(fromDay), dayNumber(toDay))
      .map(({ day, site_id, minutes }) => ({ day: dayFromNumber(day), siteId: site_id, minutes }));
  }
}

function watched({ wall_ms, face, minute, after_hours }: VoteRow): WatchedVote {
  return { atMs: wall_ms, face: FACES[face] as Face, minute, afterHours: after_hours === 1 };
}

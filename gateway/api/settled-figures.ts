/**
 * The store as who may not see exact figures reads it: proved months, as they were proved (`reports/settled.ts`).
 */
import { monthSpan } from "#schemas/local-day.ts";
import type { DaySpan } from "../reports/periods.ts";
import { isLeftOut, type LateRow, type ProvedMonths, withoutLate } from "../reports/settled.ts";
import type { Store } from "../store/store.ts";

type Figures = Pick<Store, "countRows" | "countSpans" | "servedSpans">;

/** Figures of proved months alone. Every span asked for must lie in one month, as all parts of months do. */
export function settledFigures(store: Figures & Pick<Store, "lateCounts">, proved: ProvedMonths): Figures {
  const revisionOf = ({ fromDay }: DaySpan) => proved.get(fromDay.slice(0, 7));
  const lateIn = async (
    by: "hour" | "day",
    span: DaySpan,
    latest: number | null,
  ): Promise<readonly LateRow[]> =>
    (await store.lateCounts(by, span)).filter((late) => isLeftOut(late, latest));
  return {
    countRows: async (by, span, page) => {
      if (revisionOf(span) === undefined) return { rows: [], next: null };
      const { rows, next } = await store.countRows(by, span, page);
      return { rows: withoutLate(rows, await lateIn(by, span, null)), next };
    },
    countSpans: async (spans) => {
      const rows = await store.countSpans(spans.filter((span) => revisionOf(span) !== undefined));
      const settled = spans.flatMap((span, slot) => (revisionOf(span) === undefined ? [] : [{ span, slot }]));
      const late: LateRow[] = [];
      for (const { span, slot } of settled) {
        const latest = isMonth(span) ? (revisionOf(span) ?? null) : null;
        for (const row of await lateIn("day", span, latest)) late.push({ ...row, slot });
      }
      // Slots are counted among the spans that were read; they are given back as they were asked for.
      return withoutLate(
        rows.map((row) => ({ ...row, slot: settled[row.slot]?.slot ?? row.slot })),
        late,
      );
    },
    servedSpans: async (spans) =>
      (await store.servedSpans(spans)).filter(({ slot }) => revisionOf(spans[slot] as DaySpan) !== undefined),
  };
}

function isMonth({ fromDay, toDay }: DaySpan): boolean {
  const { from, to } = monthSpan(fromDay.slice(0, 7));
  return fromDay === from && toDay === to;
}

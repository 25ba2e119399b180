/**
 * Marks of tickets that other totems of the site have taken, as they told it: kept in memory only, for as long as a ticket is good, without when
 * or where they were used. Each sender has a limit: a totem gone wild must not fill the memory of the others. Pure.
 */
import { HOUR_MS } from "#schemas/time.ts";

/** Marks taken of one sender in an hour: ten times what the busiest totem is voted at. */
export const MARKS_PER_HOUR_MAX = 600;

/** Marks held: those of twenty such totems for the longest validity that is sensible; beyond, the oldest go. */
export const MARKS_HELD_MAX = 20_000;

type Sender = { readonly sinceMs: number; readonly count: number };

export class SpentElsewhere {
  readonly #untilMs = new Map<string, number>();
  readonly #senders = new Map<string, Sender>();

  /**
   * Takes marks that a totem told.
   * @param at monotonic milliseconds, and how long a ticket is good. @returns how many were within the sender's limit.
   */
  take(
    sender: string,
    marks: readonly string[],
    at: { readonly nowMs: number; readonly keepMs: number },
  ): number {
    const { nowMs, keepMs } = at;
    const before = this.#senders.get(sender);
    const hour =
      before === undefined || nowMs - before.sinceMs >= HOUR_MS ? { sinceMs: nowMs, count: 0 } : before;
    const taken = marks.slice(0, Math.max(0, MARKS_PER_HOUR_MAX - hour.count));
    this.#senders.set(sender, { ...hour, count: hour.count + taken.length });
    for (const mark of taken) {
      // Told again, it is held as long as if it were new: at its end of the line.
      this.#untilMs.delete(mark);
      this.#untilMs.set(mark, nowMs + keepMs);
    }
    this.#forget(nowMs);
    return taken.length;
  }

  has(mark: string, nowMs: number): boolean {
    const untilMs = this.#untilMs.get(mark);
    return untilMs !== undefined && nowMs < untilMs;
  }

  /** In the order they were told: the first that is still good ends the look. */
  #forget(nowMs: number): void {
    for (const [mark, untilMs] of this.#untilMs) {
      if (nowMs < untilMs && this.#untilMs.size <= MARKS_HELD_MAX) return;
      this.#untilMs.delete(mark);
    }
  }
}

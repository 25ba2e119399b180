/**
 * The UTC hour and the local day a moment is counted in, remembered because a backlog asks for the same few again and
 * again.
 */
import { dayNumber, localDayOf } from "#schemas/local-day.ts";
import { hourOf } from "#schemas/time.ts";

export type Slot = { readonly hour: number; readonly day: number };

/** A backlog of weeks touches hundreds of hours in a handful of zones. */
const HOURS_MAX = 10_000;

export class Slots {
  readonly #slots = new Map<string, Slot>();
  #last: { readonly zone: string; readonly slot: Slot } | null = null;

  /** The slot of a moment in a zone. */
  of(atMs: number, zone: string): Slot {
    const hour = hourOf(atMs);
    if (this.#last?.slot.hour === hour && this.#last.zone === zone) return this.#last.slot;
    const slot = this.#found(hour, atMs, zone);
    this.#last = { zone, slot };
    return slot;
  }

  #found(hour: number, atMs: number, zone: string): Slot {
    const name = `${hour}/${zone}`;
    const known = this.#slots.get(name);
    if (known !== undefined) return known;
    const slot = { hour, day: dayNumber(localDayOf(atMs, zone)) };
    if (this.#slots.size >= HOURS_MAX) this.#slots.clear();
    this.#slots.set(name, slot);
    return slot;
  }
}

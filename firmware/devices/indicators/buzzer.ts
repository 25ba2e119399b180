/**
 * Plays patterns on an active buzzer. A new one cuts the one that runs; the first tone begins within the call, because a
 * click that comes late is taken for no click. Refuses to sound for longer than it was told.
 */
import type { Beep } from "./sounds.ts";

/** What switches the buzzer; johnny-five's Relay does. */
export type Switch = {
  readonly isClosed: boolean;
  readonly close: () => unknown;
  readonly open: () => unknown;
};

export class Buzzer {
  readonly #switch: Switch;
  #timer: NodeJS.Timeout | undefined;

  constructor(contact: Switch) {
    this.#switch = contact;
  }

  play(pattern: readonly Beep[]): void {
    clearTimeout(this.#timer);
    this.#beep(pattern, 0);
  }

  silence(): void {
    clearTimeout(this.#timer);
    this.#sound(false);
  }

  #beep(pattern: readonly Beep[], index: number): void {
    const beep = pattern[index];
    this.#sound(beep !== undefined);
    if (beep === undefined) return;
    this.#timer = setTimeout(() => {
      this.#sound(false);
      if (index + 1 < pattern.length) {
        this.#timer = setTimeout(() => this.#beep(pattern, index + 1), beep.offMs);
      }
    }, beep.onMs);
  }

  #sound(on: boolean): void {
    if (this.#switch.isClosed === on) return;
    if (on) this.#switch.close();
    else this.#switch.open();
  }
}

/**
 * Lamps and pictograms: they show the last view. One timer serves all that blinks, and it runs only while something does;
 * what changes at once is written at once, the rest is not written.
 */
import type { View } from "../../session/view.ts";
import { BLINK_MS, hasBlinking, LAMP_OUTPUTS, type LampOutput, litOf } from "./lit-of.ts";

/** What lights one output; johnny-five's Led does. */
export type Light = { readonly isOn: boolean; readonly on: () => unknown; readonly off: () => unknown };

export class Lamps {
  readonly #lights: Readonly<Record<LampOutput, Light>>;
  readonly #together: (work: () => void) => void;
  #view: View | null = null;
  #blinkOn = true;
  #blinking: NodeJS.Timeout | undefined;

  /** `together` makes one write of what is switched inside it. */
  constructor(lights: Readonly<Record<LampOutput, Light>>, together: (work: () => void) => void) {
    this.#lights = lights;
    this.#together = together;
  }

  show(view: View): void {
    this.#view = view;
    this.#blink(hasBlinking(view));
    this.#paint();
  }

  /** Leaves all of them off; nothing blinks any more. */
  close(): void {
    this.#blink(false);
    this.#view = null;
    this.#paint();
  }

  #blink(isBlinking: boolean): void {
    if (isBlinking === (this.#blinking !== undefined)) return;
    clearInterval(this.#blinking);
    this.#blinking = undefined;
    // What begins to blink is lit at once: it answers something.
    this.#blinkOn = true;
    if (!isBlinking) return;
    this.#blinking = setInterval(() => {
      this.#blinkOn = !this.#blinkOn;
      this.#paint();
    }, BLINK_MS);
  }

  #paint(): void {
    const lit = this.#view === null ? new Set<LampOutput>() : litOf(this.#view, this.#blinkOn);
    this.#together(() => {
      for (const output of LAMP_OUTPUTS) {
        const light = this.#lights[output];
        if (light.isOn === lit.has(output)) continue;
        if (lit.has(output)) light.on();
        else light.off();
      }
    });
  }
}

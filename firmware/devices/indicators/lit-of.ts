/**
 * Which outputs are high for a view. Pure; whether blinking lamps are lit just now is passed in, so that all of them
 * blink in step.
 */
import {
  LAMP_KEYS,
  type Lamp,
  type LampKey,
  PICTOGRAMS,
  type Pictogram,
  type View,
} from "../../session/view.ts";

export type LampOutput = LampKey | Pictogram;

/** Everything that is lit: the keys' lamps, then the pictograms. */
export const LAMP_OUTPUTS = [...LAMP_KEYS, ...PICTOGRAMS] as const satisfies readonly LampOutput[];

/**
 * Half of a blink's period. One flash a second is seen as blinking by everybody, and stays far below the three flashes a
 * second that can set off a seizure (WCAG 2.2, 2.3.1).
 */
export const BLINK_MS = 500;

export function litOf(view: View, blinkOn: boolean): ReadonlySet<LampOutput> {
  return new Set(
    LAMP_OUTPUTS.filter((output) => {
      const lamp = lampOf(view, output);
      return lamp === "on" || (lamp === "blink" && blinkOn);
    }),
  );
}

/** True when anything blinks. */
export function hasBlinking(view: View): boolean {
  return LAMP_OUTPUTS.some((output) => lampOf(view, output) === "blink");
}

function lampOf(view: View, output: LampOutput): Lamp {
  return output in view.lamps ? view.lamps[output as LampKey] : view.pictograms[output as Pictogram];
}

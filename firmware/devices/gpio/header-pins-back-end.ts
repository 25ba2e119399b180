/**
 * The kernel's lines as the johnny-five plugin takes them: outputs together, each input by itself.
 */
import type { PinBackEnd } from "../johnny-five/pin-back-end.ts";
import type { ChipChoice } from "./find-chip.ts";
import type { GpioBackEnd } from "./lines.ts";
import { gpioBackEnd } from "./open-lines.ts";

/** Each input costs a thread: for a line or two, not for nine keys. Lost outputs are told by the next write, a lost level by
 * the next look. */
export function headerPins(choice: ChipChoice, backEnd: GpioBackEnd = gpioBackEnd(choice)): PinBackEnd {
  return {
    takeOutputs: async (levels) => backEnd.openOutputs(levels),
    takeInput: async ({ offset, bias, debounceMs }, on) => {
      const lines = backEnd.openInputs({
        offsets: [offset],
        activeLow: false,
        bias,
        debounceMs,
        onEdges: (edges) => {
          for (const { active, timestampNs } of edges) on.edge({ level: active ? 1 : 0, timestampNs });
        },
        onLost: on.lost,
      });
      try {
        return { level: lines.levels().get(offset) ? 1 : 0, close: lines.close };
      } catch (error) {
        await lines.close();
        throw error;
      }
    },
    takeLevel: async ({ offset, bias }) => {
      const lines = backEnd.openLevels({ offsets: [offset], activeLow: false, bias });
      return { level: () => (lines.levels().get(offset) ? 1 : 0), close: lines.close };
    },
  };
}

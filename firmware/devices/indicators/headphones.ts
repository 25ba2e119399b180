/**
 * The switch contact of the headphone socket, closed while a plug is in. When it cannot be read nothing is plugged in, since
 * a choice is spoken into headphones only.
 */
import { lineOffset } from "#hardware/pins.ts";
import { HEADPHONES_PIN, HEADPHONES_PLUGGED_LEVEL } from "#hardware/wiring.ts";
import type { Unsubscribe } from "../../ports.ts";
import { keepHeld } from "../johnny-five/keep-held.ts";
import type { InputLine, Level, PinBackEnd } from "../johnny-five/pin-back-end.ts";

/** A plug scrapes along its contact while it is pushed in; a voice that starts so much later is not missed. */
const SETTLED_MS = 50;

export type Headphones = {
  readonly onChange: (listener: (plugged: boolean) => void) => Unsubscribe;
  readonly close: () => Promise<void>;
};

export function watchHeadphones(
  backEnd: PinBackEnd,
  on: { readonly lost: () => void; readonly held: () => void },
): Headphones {
  const listeners = new Set<(plugged: boolean) => void>();
  let isPlugged = false;

  const found = (level: Level | null) => {
    const plugged = level === HEADPHONES_PLUGGED_LEVEL;
    if (plugged === isPlugged) return;
    isPlugged = plugged;
    for (const listener of listeners) listener(plugged);
  };
  const line = keepHeld<InputLine>({
    take: (lost) =>
      backEnd.takeInput(
        { offset: lineOffset(HEADPHONES_PIN), bias: "pull-up", debounceMs: SETTLED_MS },
        { edge: (edge) => found(edge.level), lost },
      ),
    onHeld: (held) => {
      on.held();
      found(held.level);
    },
    onLost: () => {
      on.lost();
      found(null);
    },
  });

  return {
    onChange: (listener) => {
      listeners.add(listener);
      if (isPlugged) listener(true);
      return () => listeners.delete(listener);
    },
    close: () => {
      listeners.clear();
      return line.close();
    },
  };
}

/**
 * The switch contact of the headphone socket, closed while a plug is in. When it cannot be read nothing is plugged in, since
 * a choice is spoken into headphones only.
 */
import { lineOffset } from "#hardware/pins.ts";
import { HEADPHONES_PIN, HEADPHONES_PLUGGED_LEVEL } from "#hardware/wiring.ts";
import type { Unsubscribe } from "../../ports.ts";
import { keepHeld } from "../johnny-five/keep-held.ts";
import type { LevelLine, PinBackEnd } from "../johnny-five/pin-back-end.ts";

/**
 * The contact is looked at, not waited for: edges need a thread that reads them, and one holds 11.7 MB of the 512 of the
 * smallest board for a switch that moves a few times a day. A look is one ioctl. A voice that starts half a second after
 * the plug went in is not missed, and one that is pulled out while it speaks is silenced within this.
 */
export const LOOK_EVERY_MS = 250;

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
  let wasClosed = false;

  const tell = (plugged: boolean) => {
    if (plugged === isPlugged) return;
    isPlugged = plugged;
    for (const listener of listeners) listener(plugged);
  };
  /** Two looks must find a plug in, as it scrapes along its contact on its way; out is believed at once. */
  const found = (closed: boolean) => {
    tell(closed && wasClosed);
    wasClosed = closed;
  };
  const line = keepHeld<LevelLine>({
    take: () => backEnd.takeLevel({ offset: lineOffset(HEADPHONES_PIN), bias: "pull-up" }),
    onHeld: on.held,
    onLost: () => {
      on.lost();
      found(false);
    },
  });
  const look = () => {
    try {
      const level = line.now()?.level();
      if (level !== undefined) found(level === HEADPHONES_PLUGGED_LEVEL);
    } catch (error) {
      line.lose(error instanceof Error ? error : new Error(String(error)));
    }
  };
  const looks = setInterval(look, LOOK_EVERY_MS);

  return {
    onChange: (listener) => {
      listeners.add(listener);
      if (isPlugged) listener(true);
      return () => listeners.delete(listener);
    },
    close: () => {
      clearInterval(looks);
      listeners.clear();
      return line.close();
    },
  };
}

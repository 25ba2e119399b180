/**
 * A wire that loses, repeats, delays and cuts what it carries, until it is healed.
 */
import type { Random } from "#schemas/seeded.fixture.ts";
import type { VirtualTime } from "./virtual-time.ts";

/** How bad a wire is: probabilities for each message, and the longest delay. */
export type WireFaults = {
  readonly loss: number;
  readonly repetition: number;
  /** Half a message arrives. */
  readonly cut: number;
  readonly delayMaxMs: number;
};

export const SOUND_WIRE: WireFaults = { loss: 0, repetition: 0, cut: 0, delayMaxMs: 5 };

/** Messages of one run come up to this many times: a broker that repeats does so a few times, not for ever. */
const COPIES_MAX = 3;

/** From nearly sound to nearly useless. Delays up to two minutes outlast every first wait for a receipt. */
export function drawFaults(random: Random): WireFaults {
  return {
    loss: random.pick([0, 0.05, 0.3, 0.6]),
    repetition: random.pick([0, 0.1, 0.5]),
    cut: random.pick([0, 0, 0.1]),
    delayMaxMs: random.pick([5, 1_000, 30_000, 120_000]),
  };
}

export type Wire = {
  /** Brings a message to its receiver: never, once, or several times, in any order. */
  readonly carry: (message: Buffer, receive: (message: Buffer) => Promise<void> | void) => void;
  /** From now on nothing is lost, repeated or cut. */
  readonly heal: () => void;
};

export function openWire(
  first: WireFaults,
  parts: { readonly random: Random; readonly time: VirtualTime },
): Wire {
  const { random, time } = parts;
  let faults = first;
  return {
    carry: (message, receive) => {
      if (random.chance(faults.loss)) return;
      const copies = random.chance(faults.repetition) ? 1 + random.below(COPIES_MAX) : 1;
      for (let copy = 0; copy < copies; copy++) {
        const arrived = random.chance(faults.cut)
          ? message.subarray(0, random.below(message.length))
          : message;
        time.after(random.next() * faults.delayMaxMs, () => receive(arrived));
      }
    },
    heal: () => {
      faults = SOUND_WIRE;
    },
  };
}

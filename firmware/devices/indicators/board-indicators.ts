/**
 * Lamps, pictograms and buzzer of a real totem, on johnny-five's Led and Relay; the voice is handed in. What is shown comes
 * from the view alone. It never fails a vote: lines that cannot be had are a fault, asked for again until they are back,
 * and then show what is wanted by then.
 */

import type { PinName } from "#hardware/pins.ts";
import { BUZZER_PIN, LAMP_PINS, PICTOGRAM_PINS } from "#hardware/wiring.ts";
import type { DeviceFault, Indicators, Unsubscribe, Voice } from "../../ports.ts";
import type { View } from "../../session/view.ts";
import { FaultTeller } from "../fault-teller.ts";
import { loadFive } from "../johnny-five/five.ts";
import { GpiochipIO } from "../johnny-five/gpiochip-io.ts";
import { openBoard } from "../johnny-five/open-board.ts";
import type { PinBackEnd } from "../johnny-five/pin-back-end.ts";
import { Buzzer } from "./buzzer.ts";
import { watchHeadphones } from "./headphones.ts";
import { Lamps } from "./lamps.ts";
import type { LampOutput, OutputName } from "./lit-of.ts";
import { SOUND_PATTERNS } from "./sounds.ts";

export type BoardIndicators = Indicators & {
  /**
   * Lights exactly these outputs whatever the session shows; null gives them back to the view, and so does `LIGHT_ONLY_MAX_MS`
   * without another call. "buzzer" sounds it as long.
   */
  readonly lightOnly: (outputs: readonly OutputName[] | null) => void;
  /** Sounds the buzzer once. Throws a RangeError outside 1 to 2000 ms. */
  readonly buzz: (onMs: number) => void;
  /** False while the lines of lamps and buzzer are not held: nothing that is lit can be seen. */
  readonly isReachable: () => boolean;
  /** Leaves all outputs low. The voice is closed by who opened it. */
  readonly close: () => Promise<void>;
};

/** Long enough to look at one lamp, short enough that a self-test which broke leaves no dark totem. */
export const LIGHT_ONLY_MAX_MS = 10_000;

/** No test needs to annoy a waiting room for longer. */
const BUZZ_MAX_MS = 2_000;

const PINS: Readonly<Record<LampOutput, PinName>> = { ...LAMP_PINS, ...PICTOGRAM_PINS };

/** The socket's switch, told apart from the lamps: a fault of it darkens nothing. */
const HEADPHONES = "headphones";

const NO_HEADPHONES = { onChange: () => () => undefined, close: async () => undefined };

/** Resolves without waiting for the lines: a totem without lamps takes votes. */
export async function openBoardIndicators(options: {
  readonly backEnd: PinBackEnd;
  readonly voice: Voice;
  /** False where no voice is fitted: then nobody listens, and a line nobody needs is not looked at four times a second. */
  readonly hasHeadphones: boolean;
}): Promise<BoardIndicators> {
  const { backEnd, voice, hasHeadphones } = options;
  const faults = new FaultTeller();
  const tell = (part: string | null, isBroken: boolean) =>
    faults.tell("lamps-unreachable", isBroken ? "failed" : "recovered", part);
  const io = new GpiochipIO({ backEnd });
  io.on("lost", () => tell(null, true));
  io.on("held", () => tell(null, !io.areOutputsHeld()));
  const headphones = hasHeadphones
    ? watchHeadphones(backEnd, {
        lost: () => tell(HEADPHONES, true),
        held: () => tell(HEADPHONES, false),
      })
    : NO_HEADPHONES;

  const five = loadFive();
  const board = await openBoard(five, io);
  const ledOn = (pin: PinName) => new five.Led({ board, pin });
  const leds = Object.fromEntries(Object.entries(PINS).map(([output, pin]) => [output, ledOn(pin)]));
  // A Relay does not say that its pin is an output; asked for with the lamps, it is in their request.
  io.pinMode(BUZZER_PIN, io.MODES.OUTPUT);
  const buzzer = new Buzzer(new five.Relay({ board, pin: BUZZER_PIN }));
  const lamps = new Lamps(leds as Record<LampOutput, ReturnType<typeof ledOn>>, (work) => io.together(work));
  let handBack: NodeJS.Timeout | undefined;

  const lightOnly = (outputs: readonly OutputName[] | null) => {
    clearTimeout(handBack);
    io.together(() => {
      lamps.only(outputs === null ? null : new Set(outputs.filter((output) => output !== "buzzer")));
      if (outputs?.includes("buzzer")) buzzer.play([{ onMs: LIGHT_ONLY_MAX_MS, offMs: 0 }]);
      else buzzer.silence();
    });
    if (outputs !== null) handBack = setTimeout(() => lightOnly(null), LIGHT_ONLY_MAX_MS);
  };

  return {
    show: (view: View) => lamps.show(view),
    play: (sound) => buzzer.play(SOUND_PATTERNS[sound]),
    say: (phrase, language) => voice.say(phrase, language),
    onHeadphones: (listener) => headphones.onChange(listener),
    onFault: (listener: (fault: DeviceFault) => void): Unsubscribe => {
      const stops = [faults.onFault(listener), voice.onFault(listener)];
      return () => {
        for (const stop of stops) stop();
      };
    },
    lightOnly,
    buzz: (onMs) => {
      if (!(onMs >= 1 && onMs <= BUZZ_MAX_MS)) {
        throw new RangeError(`the buzzer sounds for 1 to ${BUZZ_MAX_MS} ms, not for ${onMs}`);
      }
      buzzer.play([{ onMs, offMs: 0 }]);
    },
    isReachable: () => io.areOutputsHeld(),
    close: async () => {
      clearTimeout(handBack);
      lamps.close();
      buzzer.silence();
      await Promise.all([io.close(), headphones.close()]);
    },
  };
}

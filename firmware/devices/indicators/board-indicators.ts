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
import type { LampOutput } from "./lit-of.ts";
import { SOUND_PATTERNS } from "./sounds.ts";

export type BoardIndicators = Indicators & {
  /** Leaves all outputs low. The voice is closed by who opened it. */
  readonly close: () => Promise<void>;
};

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
    close: async () => {
      lamps.close();
      buzzer.silence();
      await Promise.all([io.close(), headphones.close()]);
    },
  };
}

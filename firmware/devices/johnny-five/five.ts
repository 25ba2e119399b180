/**
 * johnny-five, as far as this project uses it. The only file that loads it: the package is CommonJS, its types know
 * neither all of what it has nor only what is safe here. It refuses the rest of the package: loading its four parts
 * instead of all of it costs about half the time (49 to 52 ms against 87 to 93 ms on a two-core machine) and 3.7 MB less.
 */
import { createRequire } from "node:module";
import type {
  Board as AnyBoard,
  Button as AnyButton,
  ButtonOption,
  LedOption,
  RelayOption,
} from "johnny-five";
import type { GpiochipIO } from "./gpiochip-io.ts";

/** A board; what it has to say comes as events, none of it is printed. */
export type FiveBoard = Pick<AnyBoard, "id" | "isReady"> & {
  readonly on: (event: string, listener: (said: unknown) => void) => FiveBoard;
  readonly once: (event: string, listener: (said: unknown) => void) => FiveBoard;
};

export type FiveButton = Pick<AnyButton, "holdtime"> & {
  readonly on: (event: "down" | "press" | "up" | "release" | "hold", listener: () => void) => FiveButton;
  readonly isDown: boolean;
  readonly value: number;
};

/** A lamp on a digital line: `brightness`, `pulse` and `fade` throw there, so they are not offered. */
export type FiveLed = {
  readonly isOn: boolean;
  readonly isRunning: boolean;
  readonly on: () => FiveLed;
  readonly off: () => FiveLed;
  readonly toggle: () => FiveLed;
  readonly blink: (ms?: number) => FiveLed;
  readonly stop: () => FiveLed;
};

export type FiveRelay = {
  readonly isClosed: boolean;
  readonly type: "NO" | "NC";
  readonly value: number;
  readonly close: () => FiveRelay;
  readonly open: () => FiveRelay;
  readonly toggle: () => FiveRelay;
};

/** Every part names its board: without one, johnny-five takes the first board this process ever made. */
type OnBoard<Options> = Omit<Options, "board"> & { readonly board: FiveBoard };

export type Five = {
  readonly Board: new (options: {
    readonly io: GpiochipIO;
    readonly repl: false;
    readonly debug: false;
    readonly sigint: false;
    readonly timeout: number;
  }) => FiveBoard;
  readonly Button: new (options: OnBoard<ButtonOption>) => FiveButton;
  readonly Led: new (options: OnBoard<LedOption>) => FiveLed;
  readonly Relay: new (options: OnBoard<RelayOption>) => FiveRelay;
};

const require = createRequire(import.meta.url);

/** Loads johnny-five, once; a totem on simulated devices never calls this and pays nothing. */
export function loadFive(): Five {
  return {
    Board: require("johnny-five/lib/board") as Five["Board"],
    Button: require("johnny-five/lib/button") as Five["Button"],
    Led: require("johnny-five/lib/led/led") as Five["Led"],
    Relay: require("johnny-five/lib/relay") as Five["Relay"],
  };
}

/**
 * All devices of a real totem: keys and lamps on the header, the scanner, the voice. One that is missing or broken is told as a
 * fault and looked for again; the totem starts all the same and says openly what it lacks.
 */
import { BOARDS } from "#hardware/boards.ts";
import { MATRIX_KEYPAD } from "#hardware/matrix-keypad.ts";
import { KEY_PINS } from "#hardware/wiring.ts";
import type { Key } from "#schemas/code-list.ts";
import type { TotemSettings } from "#schemas/totem-settings.ts";
import type { Log, Scanner, WatchableKeys } from "../ports.ts";
import { openHidScanner } from "./evdev/hid-scanner.ts";
import { openMatrixKeypad } from "./evdev/matrix-keypad.ts";
import type { ChipChoice } from "./gpio/find-chip.ts";
import { openGpioKeys } from "./gpio/gpio-keys.ts";
import { headerPins } from "./gpio/header-pins-back-end.ts";
import { gpioBackEnd } from "./gpio/open-lines.ts";
import { type BoardIndicators, openBoardIndicators } from "./indicators/board-indicators.ts";
import { joinKeys } from "./joined-keys.ts";
import { openSerialScanner } from "./scanner/serial-scanner.ts";
import { openVoice } from "./voice/alsa-voice.ts";

/** A thread that reads a device: for a watchdog to ask. */
export type DeviceWorker = { readonly name: string; readonly isAlive: () => boolean };

export type BoardTotem = {
  readonly keys: WatchableKeys;
  readonly scanner: Scanner;
  readonly indicators: BoardIndicators;
  readonly workers: readonly DeviceWorker[];
  readonly close: () => Promise<void>;
};

type Parts = {
  readonly settings: Pick<TotemSettings, "board" | "scanner" | "voice">;
  /** Where the voice's recordings are looked for, the first folder first. */
  readonly recordings: readonly string[];
  readonly wording: () => number;
  /** Milliseconds of CLOCK_MONOTONIC, the clock the kernel stamps edges with. */
  readonly nowMs: () => number;
  readonly log: Log;
};

/** Opens them side by side. */
export async function openBoardTotem(parts: Parts): Promise<BoardTotem> {
  const { settings, log } = parts;
  const choice = chipChoice(settings.board.chipLabel);
  const voice = openVoice({ ...settings.voice, folders: parts.recordings, wording: parts.wording, log });
  const [keys, scanner, indicators] = await Promise.all([
    openKeys(parts, choice),
    openScanner(parts),
    openBoardIndicators({ backEnd: headerPins(choice), voice, hasHeadphones: settings.voice.on }),
  ]);
  return {
    keys: keys.port,
    scanner: scanner.port,
    indicators,
    workers: [...keys.workers, ...scanner.workers],
    close: async () => {
      await Promise.all([keys.close(), scanner.close(), indicators.close()]);
      await voice.close();
    },
  };
}

function chipChoice(chipLabel: string | null): ChipChoice {
  return chipLabel === null
    ? { labels: BOARDS.map((board) => board.chipLabel), isSettled: false }
    : { labels: [chipLabel], isSettled: true };
}

type Opened<T> = {
  readonly port: T;
  readonly workers: readonly DeviceWorker[];
  readonly close: () => Promise<void>;
};

/** The keys on lines of their own and, where the reasons are a matrix, the kernel's keypad beside them. */
function openKeys({ settings, nowMs, log }: Parts, choice: ChipChoice): Opened<WatchableKeys> {
  const { keypad, debounceMs } = settings.board;
  const isOnKeypad = (key: string) => keypad === "matrix" && key in MATRIX_KEYPAD.keys;
  const pins = Object.fromEntries(Object.entries(KEY_PINS).filter(([key]) => !isOnKeypad(key))) as Partial<
    typeof KEY_PINS
  > satisfies Partial<Record<Key, string>>;
  const lines = openGpioKeys({ backEnd: gpioBackEnd(choice), pins, debounceMs, nowMs, log });
  const onLines = { name: "key lines", isAlive: lines.isAlive };
  if (keypad === "lines") return { port: lines, workers: [onLines], close: lines.close };
  const matrix = openMatrixKeypad({ nowMs, log });
  return {
    port: joinKeys(lines, matrix),
    workers: [onLines, { name: "keypad", isAlive: matrix.isAlive }],
    close: async () => void (await Promise.all([lines.close(), matrix.close()])),
  };
}

async function openScanner({ settings, nowMs, log }: Parts): Promise<Opened<Scanner>> {
  const { kind, path } = settings.scanner;
  if (kind === "serial") {
    const port = await openSerialScanner({ settings: settings.scanner, nowMs, log });
    // serialport polls through libuv: the main thread's own lateness tells of it.
    return { port, workers: [], close: port.close };
  }
  const port = openHidScanner({ path, nowMs, log });
  return { port, workers: [{ name: "scanner", isAlive: port.isAlive }], close: port.close };
}

/**
 * The lines of a board's GPIO chip as an IO plugin of johnny-five (github.com/rwaldron/io-plugins), so that its Led,
 * Button and Relay run on the kernel's character device. It refuses what such lines cannot do (analogue, servo, I2C),
 * and to turn round a line in use: a key shorts its line to ground, and an output there would burn.
 */

import { EventEmitter } from "node:events";
import { LAMP_PINS } from "#hardware/wiring.ts";
import type { Bias, Level } from "../line-level.ts";
import { HEADER_LINES, headerLine, headerPlace } from "./header-pins.ts";
import { Input } from "./input.ts";
import { Outputs } from "./outputs.ts";
import type { PinBackEnd } from "./pin-back-end.ts";

const MODES = Object.freeze({ INPUT: 0, OUTPUT: 1, ANALOG: 2, PWM: 3, SERVO: 4 });

export type Pin = number | string;

export type PinRecord = {
  readonly id: string;
  readonly place: string;
  readonly supportedModes: readonly number[];
  mode: number | null;
  value: number;
};

/**
 * Events, beside johnny-five's own (`connect`, `ready`, `error`, `close`):
 * `edge` with `{ pin, level, timestampNs }` at once, for each edge as the kernel stamped it, since johnny-five's events
 * carry no time; `held` and `lost` with `{ pins, error }` when lines are had or not; `dropped` with `{ pin }` when a
 * press was dropped because too many waited.
 */
export class GpiochipIO extends EventEmitter {
  // Not "Firmata": under that name johnny-five would translate pins as an Arduino's.
  readonly name = "gpiochip";
  readonly MODES = MODES;
  readonly HIGH = 1;
  readonly LOW = 0;
  // Full brightness is the same number as high, so that a Led asks for nothing between.
  readonly RESOLUTION = { ADC: 0, DAC: null, PWM: 255 };
  readonly analogPins: readonly number[] = [];
  // The header has no lamp of its own: a Led without a pin is the first key's.
  readonly defaultLed = headerLine(LAMP_PINS.green);
  readonly pins: readonly PinRecord[] = Array.from({ length: HEADER_LINES }, (_, line) => ({
    id: `GPIO${line}`,
    place: `P1-${headerPlace(line)}`,
    supportedModes: [MODES.INPUT, MODES.OUTPUT],
    mode: null,
    value: 0,
  }));
  isReady = false;

  readonly analogRead = unsupported("analogRead");
  readonly analogWrite = unsupported("analogWrite");
  readonly pwmWrite = unsupported("pwmWrite");
  readonly servoConfig = unsupported("servoConfig");
  readonly servoWrite = unsupported("servoWrite");
  readonly i2cConfig = unsupported("i2cConfig");
  readonly i2cWrite = unsupported("i2cWrite");
  readonly i2cWriteReg = unsupported("i2cWriteReg");
  readonly i2cRead = unsupported("i2cRead");
  readonly i2cReadOnce = unsupported("i2cReadOnce");

  readonly #backEnd: PinBackEnd;
  readonly #debounceMs: number;
  readonly #isSpaced: boolean;
  readonly #outputs: Outputs;
  readonly #inputs = new Map<number, Input>();
  readonly #bias = new Map<number, Bias>();
  #together: Map<number, Level> | null = null;
  #isClosed = false;

  /** `isSpaced` is false only in the test that shows why edges are spaced. */
  constructor(options: {
    readonly backEnd: PinBackEnd;
    readonly debounceMs?: number;
    readonly isSpaced?: boolean;
  }) {
    super();
    this.#backEnd = options.backEnd;
    this.#debounceMs = options.debounceMs ?? 0;
    this.#isSpaced = options.isSpaced ?? true;
    this.#outputs = new Outputs(options.backEnd, {
      onHeld: (offsets) => this.#held(offsets),
      onLost: (offsets, error) => this.#lost(offsets, error),
    });
    // A board is ready without its lines: their lack is a fault that passes, and must not keep a totem from starting.
    process.nextTick(() => {
      if (this.#isClosed) return;
      this.emit("connect");
      this.isReady = true;
      this.emit("ready");
    });
  }

  /** The line's offset, from any of its names. Throws a RangeError for what is no line. */
  normalize(pin: Pin): number {
    return headerLine(pin);
  }

  /** Throws for analogue, PWM and servo, and for a line that is in use the other way round. */
  pinMode(pin: Pin, mode: number): void {
    const line = headerLine(pin);
    if (mode !== MODES.INPUT && mode !== MODES.OUTPUT) unsupported(`mode ${mode}`)();
    this.#setMode(line, mode);
    if (mode === MODES.OUTPUT) this.#outputs.ask(line);
  }

  /** Sets an output; on an input, as johnny-five has it, 1 asks for a pull-up and 0 for a pull-down. */
  digitalWrite(pin: Pin, value: number): void {
    const line = headerLine(pin);
    const level: Level = value === 0 ? 0 : 1;
    if (this.#record(line).mode === MODES.INPUT) {
      this.#pull(line, level);
      return;
    }
    // johnny-five's Relay never says that its pin is an output.
    this.#setMode(line, MODES.OUTPUT);
    this.#record(line).value = level;
    if (this.#together === null) this.#outputs.set(new Map([[line, level]]));
    else this.#together.set(line, level);
  }

  /** Calls back at every change of level, never with the level that was there at the start. */
  digitalRead(pin: Pin, callback: (level: number) => void): void {
    const line = headerLine(pin);
    this.#setMode(line, MODES.INPUT);
    if (this.#isClosed) return;
    const input = this.#inputs.get(line) ?? this.#takeInput(line);
    input.onChange((level) => {
      this.#record(line).value = level;
      callback(level);
    });
  }

  /** What `work` writes goes to the lines in as few writes as there are requests, when it has ended. */
  together(work: () => void): void {
    // Inside another one: that one writes.
    if (this.#together !== null) {
      work();
      return;
    }
    const levels = new Map<number, Level>();
    this.#together = levels;
    try {
      work();
    } finally {
      this.#together = null;
      this.#outputs.set(levels);
    }
  }

  /** True while every output asked for is held. */
  areOutputsHeld(): boolean {
    return this.#outputs.areHeld();
  }

  /** Leaves all outputs low and lets every line go. Writes after it are ignored: a Led may blink beyond the end. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    await Promise.all([this.#outputs.close(), ...[...this.#inputs.values()].map((input) => input.close())]);
    this.emit("close");
  }

  #record(line: number): PinRecord {
    const record = this.pins[line];
    if (record === undefined) throw new RangeError(`GPIO${line} is no line of the header`);
    return record;
  }

  #setMode(line: number, mode: number): void {
    const record = this.#record(line);
    const inUse = this.#outputs.has(line) || this.#inputs.has(line);
    if (inUse && record.mode !== mode) {
      throw new Error(
        `GPIO${line} is an ${record.mode === MODES.INPUT ? "input" : "output"} in use and is not turned round: use another line`,
      );
    }
    record.mode = mode;
  }

  #pull(line: number, level: Level): void {
    const bias: Bias = level === 1 ? "pull-up" : "pull-down";
    const input = this.#inputs.get(line);
    if (input !== undefined && input.ask.bias !== bias) {
      throw new Error(`GPIO${line} is read already with ${input.ask.bias}: set its pull before reading it`);
    }
    this.#bias.set(line, bias);
  }

  #takeInput(line: number): Input {
    const ask = { offset: line, bias: this.#bias.get(line) ?? "none", debounceMs: this.#debounceMs };
    const input = new Input(this.#backEnd, ask, this.#isSpaced, {
      onHeld: () => this.#held([line]),
      onLost: (error) => this.#lost([line], error),
      onEdge: (edge) => this.emit("edge", { pin: line, ...edge }),
      onDropped: () => this.emit("dropped", { pin: line }),
    });
    this.#inputs.set(line, input);
    return input;
  }

  #held(pins: readonly number[]): void {
    this.emit("held", { pins, error: null });
  }

  #lost(pins: readonly number[], error: Error): void {
    this.emit("lost", { pins, error });
    // Node ends a process whose `error` nobody hears; lost lines are not worth that.
    if (this.listenerCount("error") > 0) this.emit("error", error);
  }
}

function unsupported(what: string): () => never {
  return () => {
    throw new Error(
      `unsupported: ${what}. The header's lines are high or low and nothing else: use on, off, blink and digital reads here`,
    );
  };
}

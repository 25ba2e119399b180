/**
 * The header's lines over the kernel's GPIO character device: takes them, reads their edges in a thread, writes outputs.
 * Takes a line or says who has it; never gives one up and tries again by itself, that is for whoever needs it.
 */
import type { Bias, Level } from "../line-level.ts";
import { countEdge, missingEdges, NO_EDGES } from "./edge-count.ts";
import { type ChipChoice, openChip } from "./find-chip.ts";
import { GPIO_SYSTEM, type GpioSystem, readOrLetGo } from "./gpio-system.ts";
import { lost, named, noLine, refused } from "./line-errors.ts";
import {
  allLines,
  decodeEvents,
  decodeValues,
  EVENT_BUFFER_MAX,
  EVENT_BYTES,
  encodeLineConfig,
  encodeLineRequest,
  encodeValues,
  GPIO_REQUESTS,
  LINE_FLAGS,
  type LineRequest,
  requestedFd,
} from "./line-layouts.ts";
import {
  type GpioBackEnd,
  type InputLines,
  type InputRequest,
  type LevelLines,
  LineError,
  type OutputLines,
} from "./lines.ts";

/** What `gpioinfo` shows as the holder of the lines. */
export const CONSUMER = "faccine";

const BIAS_FLAGS: Readonly<Record<Bias, bigint>> = {
  "pull-up": LINE_FLAGS.pullUp,
  "pull-down": LINE_FLAGS.pullDown,
  none: LINE_FLAGS.biasDisabled,
};

const US_PER_MS = 1_000;

/** The header's chip is looked for anew at each request: a driver bound again comes back under another number. */
export function gpioBackEnd(choice: ChipChoice, system: GpioSystem = GPIO_SYSTEM): GpioBackEnd {
  return {
    openInputs: (request) => openInputs(system, choice, request),
    openLevels: (request) => openLevels(system, choice, request),
    openOutputs: (levels) => openOutputs(system, choice, levels),
  };
}

function openInputs(system: GpioSystem, choice: ChipChoice, request: InputRequest): InputLines {
  const { offsets } = request;
  const config = (debounceMs: number) => ({
    offsets,
    flags: inputFlags(request) | LINE_FLAGS.edgeRising | LINE_FLAGS.edgeFalling,
    debounceUs: Math.round(debounceMs * US_PER_MS),
    outputBits: null,
  });
  const fd = takeLines(system, choice, {
    ...config(request.debounceMs),
    consumer: CONSUMER,
    // As much as the kernel gives, 48 kB: nine keys bouncing at their debounce for a second of a thread that hangs.
    eventBufferSize: EVENT_BUFFER_MAX,
  });
  let isHeld = true;
  let count = NO_EDGES;
  const reader = readOrLetGo(system, {
    fd,
    recordBytes: EVENT_BYTES,
    onRecords: (bytes) => {
      const events = decodeEvents(bytes);
      for (const { seqno } of events) count = countEdge(count, seqno);
      request.onEdges(
        events.map(({ offset, rising, timestampNs }) => ({ offset, active: rising, timestampNs })),
        missingEdges(count),
      );
    },
    onEnd: (error) => {
      isHeld = false;
      request.onLost(lost(offsets, error));
    },
  });
  return {
    levels: () => {
      // The number may be somebody else's file by now.
      if (!isHeld) throw lost(offsets, null);
      return readLevels(system, fd, offsets);
    },
    setDebounce: (debounceMs) => {
      if (!isHeld) throw lost(offsets, null);
      try {
        system.ioctl(fd, GPIO_REQUESTS.setConfig, encodeLineConfig(config(debounceMs)));
      } catch (error) {
        throw lost(offsets, error);
      }
    },
    isAlive: reader.isAlive,
    close: () => {
      isHeld = false;
      return reader.close();
    },
  };
}

function openLevels(
  system: GpioSystem,
  choice: ChipChoice,
  request: Parameters<GpioBackEnd["openLevels"]>[0],
): LevelLines {
  const { offsets } = request;
  const fd = takeLines(system, choice, {
    offsets,
    consumer: CONSUMER,
    flags: inputFlags(request),
    debounceUs: 0,
    outputBits: null,
    eventBufferSize: 0,
  });
  let isHeld = true;
  return {
    levels: () => {
      if (!isHeld) throw lost(offsets, null);
      return readLevels(system, fd, offsets);
    },
    close: () => {
      if (isHeld) system.close(fd);
      isHeld = false;
    },
  };
}

function inputFlags({ bias, activeLow }: Pick<InputRequest, "bias" | "activeLow">): bigint {
  return LINE_FLAGS.input | BIAS_FLAGS[bias] | (activeLow ? LINE_FLAGS.activeLow : 0n);
}

function openOutputs(
  system: GpioSystem,
  choice: ChipChoice,
  levels: ReadonlyMap<number, Level>,
): OutputLines {
  const offsets = [...levels.keys()];
  const fd = takeLines(system, choice, {
    offsets,
    consumer: CONSUMER,
    flags: LINE_FLAGS.output,
    debounceUs: 0,
    outputBits: bitsOf(offsets, levels).bits,
    eventBufferSize: 0,
  });
  let isHeld = true;
  return {
    write: (changes) => {
      const { bits, mask } = bitsOf(offsets, changes);
      if (mask === 0n) return;
      if (!isHeld) throw lost(offsets, null);
      try {
        system.ioctl(fd, GPIO_REQUESTS.setValues, encodeValues(bits, mask));
      } catch (error) {
        throw lost(offsets, error);
      }
    },
    close: () => {
      if (isHeld) system.close(fd);
      isHeld = false;
    },
  };
}

/** The lines' own descriptor. The chip's is closed again: lines outlive it. */
function takeLines(system: GpioSystem, choice: ChipChoice, request: LineRequest): number {
  const bytes = encodeLineRequest(request);
  const chip = openChip(system, choice, request.offsets);
  try {
    const missing = request.offsets.find((offset) => offset >= chip.lines);
    if (missing !== undefined) throw noLine(chip, missing);
    system.ioctl(chip.fd, GPIO_REQUESTS.lines, bytes);
    return requestedFd(bytes);
  } catch (error) {
    throw error instanceof LineError ? error : refused(system, chip, request.offsets, error);
  } finally {
    system.close(chip.fd);
  }
}

function readLevels(
  system: GpioSystem,
  fd: number,
  offsets: readonly number[],
): ReadonlyMap<number, boolean> {
  const bytes = encodeValues(0n, allLines(offsets.length));
  try {
    system.ioctl(fd, GPIO_REQUESTS.getValues, bytes);
  } catch (error) {
    throw lost(offsets, error);
  }
  const { bits } = decodeValues(bytes);
  return new Map(offsets.map((offset, index) => [offset, ((bits >> BigInt(index)) & 1n) === 1n]));
}

/** Levels by their lines' places in the request; lines that are not of the request are refused, as a wrong lamp would light. */
function bitsOf(offsets: readonly number[], levels: ReadonlyMap<number, Level>) {
  let bits = 0n;
  let mask = 0n;
  for (const [offset, level] of levels) {
    const index = offsets.indexOf(offset);
    if (index < 0) throw new RangeError(`GPIO${offset} is not among the lines held: ${named(offsets)}`);
    mask |= 1n << BigInt(index);
    if (level === 1) bits |= 1n << BigInt(index);
  }
  return { bits, mask };
}

/**
 * Keeps hold of one input device through all its comings and goings: looks for it, takes it for this program alone, reads
 * it, and looks again when it is gone. Refuses to know what its keys mean, and to read a device that has not the keys it
 * should have.
 */
import { closeSync, constants, openSync } from "node:fs";
import type { Result } from "#schemas/result.ts";
import { failuresAfterLoss, PLUG_BACK_OFF, retryMs } from "../back-off.ts";
import { ioctl } from "../native/system-calls.ts";
import { type RecordReader, readRecords } from "../reading/record-reader.ts";
import { type DeviceProblem, openProblem } from "./find-device.ts";
import {
  CLOCK_MONOTONIC,
  CLOCK_REQUEST,
  EV_MSC,
  GRAB_REQUEST,
  hasKey,
  INPUT_EVENT_BYTES,
  type InputEvent,
  inputEvents,
  KEY_BITS_BYTES,
  keysKnownRequest,
  MASK_REQUEST,
  noneOfKind,
} from "./input-event.ts";

/** The calls that reach the kernel, as one thing that a test can stand in for. */
export type InputSystem = {
  readonly open: (path: string) => number;
  readonly ioctl: typeof ioctl;
  /** Takes over the descriptor and closes it when it ends. */
  readonly readRecords: typeof readRecords;
  /** Closes a descriptor that no reader has taken over. */
  readonly close: (fd: number) => void;
};

export const INPUT_SYSTEM: InputSystem = {
  // The reader waits in poll(), never in read().
  open: (path) => openSync(path, constants.O_RDONLY | constants.O_NONBLOCK),
  ioctl,
  readRecords,
  close: closeSync,
};

export type FollowedDevice = {
  readonly isOpen: () => boolean;
  /** Asks the device itself: its end is told only when the thread that read it is over, which takes a moment. */
  readonly isThere: () => boolean;
  /** False when the thread that reads it hangs: for a watchdog to ask. */
  readonly isAlive: () => boolean;
  /** Gives the device back and looks for it no more. Nothing is told afterwards. */
  readonly close: () => Promise<void>;
};

export type Following = {
  readonly find: () => Result<string, DeviceProblem>;
  /** Key codes the device must have, and what a device without them is not: "keyboard". */
  readonly needs: { readonly codes: readonly number[]; readonly what: string };
  /** Monotonic milliseconds. */
  readonly nowMs: () => number;
  readonly system?: InputSystem;
  /** The device is ours and nothing of it was read yet: the moment to ask it things. Throwing gives it up. */
  readonly ask?: (fd: number) => void;
  /** It is being read. */
  readonly onOpened: () => void;
  readonly onEvents: (events: readonly InputEvent[]) => void;
  /** It was ours and is gone. */
  readonly onGone: () => void;
  /** Why there is none: told when the reason changes, not at each look. */
  readonly onProblem: (problem: DeviceProblem) => void;
};

/** Looks at once, and from then on until closed. */
export function followDevice(following: Following): FollowedDevice {
  const system = following.system ?? INPUT_SYSTEM;
  let reader: RecordReader | null = null;
  let readFd = -1;
  let timer: NodeJS.Timeout | null = null;
  let isClosed = false;
  let failures = 0;
  let openedAtMs = 0;
  let toldProblem = "";

  const lookLater = () => {
    if (isClosed) return;
    timer = setTimeout(look, retryMs(PLUG_BACK_OFF, failures));
  };
  const gone = () => {
    reader = null;
    // One that stays for moments only is a bad plug: it must not come and go four times a second for days.
    failures = failuresAfterLoss(failures, following.nowMs() - openedAtMs);
    following.onGone();
    lookLater();
  };
  const look = () => {
    timer = null;
    const taken = take(following, system, gone);
    if ("reader" in taken) {
      reader = taken.reader;
      readFd = taken.fd;
      openedAtMs = following.nowMs();
      toldProblem = "";
      following.onOpened();
      return;
    }
    if (taken.problem.message !== toldProblem) following.onProblem(taken.problem);
    toldProblem = taken.problem.message;
    failures += 1;
    lookLater();
  };

  look();
  return {
    isOpen: () => reader !== null,
    isThere: () => reader !== null && answers(readFd, system),
    isAlive: () => reader?.isAlive() ?? true,
    close: async () => {
      isClosed = true;
      if (timer !== null) clearTimeout(timer);
      await reader?.close();
      reader = null;
    },
  };
}

function take(
  following: Following,
  system: InputSystem,
  gone: () => void,
): { readonly reader: RecordReader; readonly fd: number } | { readonly problem: DeviceProblem } {
  const found = following.find();
  if (!found.ok) return { problem: found.problem };
  const path = found.value;
  let fd: number | null = null;
  try {
    fd = system.open(path);
    const problem = prepare(fd, path, following.needs, system);
    if (problem !== null) {
      system.close(fd);
      return { problem };
    }
    following.ask?.(fd);
    const reader = system.readRecords({
      fd,
      recordBytes: INPUT_EVENT_BYTES,
      onRecords: (bytes) => following.onEvents(inputEvents(bytes)),
      onEnd: gone,
    });
    return { reader, fd };
  } catch (error) {
    if (fd !== null) system.close(fd);
    return { problem: openProblem(path, error as NodeJS.ErrnoException) };
  }
}

/** Sets the device's clock, makes sure it is the right one and takes it for this program alone. */
function prepare(
  fd: number,
  path: string,
  needs: Following["needs"],
  system: InputSystem,
): DeviceProblem | null {
  setClock(fd, system);
  const known = Buffer.alloc(KEY_BITS_BYTES);
  system.ioctl(fd, keysKnownRequest(known.length), known);
  if (!needs.codes.every((code) => hasKey(known, code))) {
    return { kind: "wrong-device", message: `${path}: this is no ${needs.what}; name another device` };
  }
  // evdev keeps 64 events for a reader who is late. A scanner's key takes three of them; without its scan code, two.
  system.ioctl(fd, MASK_REQUEST, noneOfKind(EV_MSC));
  // From here on nothing it says reaches a console or another program.
  system.ioctl(fd, GRAB_REQUEST, 1);
  return null;
}

function setClock(fd: number, system: InputSystem): void {
  const clock = Buffer.alloc(4);
  clock.writeInt32LE(CLOCK_MONOTONIC);
  system.ioctl(fd, CLOCK_REQUEST, clock);
}

/** Setting the clock that is set already changes nothing and throws nothing away; a device that is gone refuses it. */
function answers(fd: number, system: InputSystem): boolean {
  try {
    setClock(fd, system);
    return true;
  } catch {
    return false;
  }
}

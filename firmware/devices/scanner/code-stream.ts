/**
 * A scanner's code pipeline with its clock and timer: bytes go in as they come, codes come out. Each device that reads
 * codes has one, and tells its own coming and going itself.
 */
import { randomBytes } from "node:crypto";
import {
  type CodeEvent,
  type CodeStep,
  type Codes,
  codesCutOff,
  codesFrom,
  codesWaited,
  NO_CODES,
  nextCodeDeadlineMs,
} from "./code-pipeline.ts";

export type CodeStream = {
  readonly take: (bytes: Uint8Array) => void;
  /** The scanner went away: what it had begun to say is thrown away. */
  readonly cutOff: () => void;
  /** Ends the stream: nothing is told any more and nothing is remembered. */
  readonly close: () => void;
};

/** Long enough that nobody tries all keys of a digest. */
const SECRET_BYTES = 32;

export function openCodeStream(parts: {
  /** Monotonic milliseconds. */
  readonly nowMs: () => number;
  readonly onCode: (event: CodeEvent) => void;
  /** How long a pause ends a code, if not as long as on a serial line. */
  readonly pauseMs?: number;
}): CodeStream {
  const secret = randomBytes(SECRET_BYTES);
  let codes: Codes = { ...NO_CODES, pauseMs: parts.pauseMs ?? NO_CODES.pauseMs };
  let timer: NodeJS.Timeout | null = null;
  let open = true;

  const follow = (step: CodeStep) => {
    codes = step.codes;
    wait();
    for (const event of step.events) if (open) parts.onCode(event);
  };
  const wait = () => {
    if (timer !== null) clearTimeout(timer);
    const atMs = nextCodeDeadlineMs(codes);
    timer = atMs === null ? null : setTimeout(waited, Math.max(0, Math.ceil(atMs - parts.nowMs())));
    // A code's text is not what keeps a program running.
    timer?.unref();
  };
  const waited = () => follow(codesWaited(codes, parts.nowMs(), secret));

  return {
    take: (bytes) => {
      if (open) follow(codesFrom(codes, bytes, parts.nowMs(), secret));
    },
    cutOff: () => {
      codes = codesCutOff(codes);
      if (open) wait();
    },
    close: () => {
      open = false;
      if (timer !== null) clearTimeout(timer);
      codes = NO_CODES;
      secret.fill(0);
    },
  };
}

/**
 * How Node is started for the two programs in service. In one place, so that what a service manager runs, what the demo
 * shows and what the bench measures is the same.
 */
import { dirname, join } from "node:path";

const ROOT = dirname(import.meta.dirname);

/**
 * MB of each half of V8's young generation. With its own 16 V8 leaves an idle program 40 to 70 MB that nobody uses. A
 * totem makes little garbage and has little memory; the gateway reads batches of 64 KiB.
 */
const YOUNG_HALF_MB: Readonly<Record<string, number>> = {
  "firmware/main.ts": 1,
  "gateway/main.ts": 4,
};

/** Node's arguments for one of our programs: its flags and the program's file. */
export function serviceCommand(main: string): readonly string[] {
  const half = YOUNG_HALF_MB[main];
  return [...(half === undefined ? [] : [`--max-semi-space-size=${half}`]), join(ROOT, main)];
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The program's environment: what is given, and where Node keeps what it compiled, so that a start need not compile again
 * nor load the compiler's 20 MB. Where the folder cannot be written, Node does without.
 */
export function serviceEnvironment(env: Environment): Environment {
  return { NODE_COMPILE_CACHE: join(ROOT, ".cache", "compiled"), ...env };
}

/**
 * How Node is started for the two programs in service. In one place, so that what a service manager runs, what the demo
 * shows and what the bench measures is the same.
 */
import { dirname, join } from "node:path";

const ROOT = dirname(import.meta.dirname);

/**
 * V8's flags for each program. By itself V8 trades memory for speed that nobody here would feel: it leaves an idle
 * program 40 to 70 MB that nobody uses, and lets garbage grow to several times of what lives before it collects.
 * The first flag is the size in MB of each half of the young generation (V8's own is 16): a totem makes little garbage
 * (with 2 or 4 it holds 4 or 8 MB more and starts no sooner), the gateway reads batches of 64 KiB. The second is by how many percent the rest may grow before it is collected.
 */
const V8_FLAGS: Readonly<Record<string, readonly string[]>> = {
  "firmware/main.ts": ["--max-semi-space-size=1"],
  "gateway/main.ts": ["--max-semi-space-size=8", "--heap-growing-percent=30"],
};

/** Node's arguments for one of our programs: its flags and the program's file. */
export function serviceCommand(main: string): readonly string[] {
  return [...(V8_FLAGS[main] ?? []), join(ROOT, main)];
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The program's environment: what is given, and where Node keeps what it compiled, so that a start need not compile again
 * nor load the compiler's 20 MB. Where the folder cannot be written, Node does without.
 */
export function serviceEnvironment(env: Environment): Environment {
  return { NODE_COMPILE_CACHE: join(ROOT, ".cache", "compiled"), ...env };
}

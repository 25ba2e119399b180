/**
 * Runs the steps of a check one after the other, all of them, and says of each how it went and how long it took. What a
 * step printed is shown only when it failed.
 */
import { spawnSync } from "node:child_process";

/** A program of ours or of node_modules, run by this Node; or a function that lists what is wrong. */
export type Step = { readonly name: string } & (
  | { readonly run: readonly string[] }
  | { readonly find: () => readonly string[] }
);

/** Bytes of one step's output: more is a loop gone wild, not something to read. */
const OUTPUT_BYTES_MAX = 16 * 1024 * 1024;

/** Answers with the names of the steps that failed. */
export function runSteps(
  steps: readonly Step[],
  {
    cwd,
    print,
    nowMs,
  }: { readonly cwd: string; readonly print: (line: string) => void; readonly nowMs: () => number },
): readonly string[] {
  const failed: string[] = [];
  for (const step of steps) {
    const startedAtMs = nowMs();
    const problems = "run" in step ? ofProgram(step.run, cwd) : ofFinding(step.find());
    const seconds = ((nowMs() - startedAtMs) / 1_000).toFixed(1);
    print(`${problems === null ? "ok    " : "FAILED"} ${step.name} (${seconds} s)`);
    if (problems === null) continue;
    print(problems);
    failed.push(step.name);
  }
  return failed;
}

function ofProgram(args: readonly string[], cwd: string): string | null {
  const { status, stdout, stderr, error } = spawnSync(process.execPath, args, {
    cwd,
    encoding: "utf8",
    maxBuffer: OUTPUT_BYTES_MAX,
  });
  if (status === 0) return null;
  return [error?.message, stdout, stderr].filter((text) => text).join("\n");
}

function ofFinding(found: readonly string[]): string | null {
  return found.length === 0 ? null : found.join("\n");
}

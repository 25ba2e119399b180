/**
 * The command line of `npm run bench`. Pure.
 */
import { parseArgs } from "node:util";
import { fail, ok, type Result } from "#schemas/result.ts";
import type { Measurement, Size } from "./measurement.ts";

export type BenchPlan = {
  readonly size: Extract<Size, "full" | "short">;
  readonly isJson: boolean;
  readonly measurements: readonly Measurement[];
};

/** What is asked for, or what is wrong with it. */
export function planBench(args: readonly string[], all: readonly Measurement[]): Result<BenchPlan, string> {
  try {
    const { values } = parseArgs({
      args: [...args],
      strict: true,
      options: {
        json: { type: "boolean" },
        short: { type: "boolean" },
        only: { type: "string", multiple: true },
      },
    });
    const only = values.only ?? [];
    const unknown = only.find((name) => !all.some((measurement) => measurement.name === name));
    if (unknown !== undefined) {
      return fail(`--only ${unknown}: must be one of ${all.map(({ name }) => name).join(", ")}`);
    }
    return ok({
      size: values.short === true ? "short" : "full",
      isJson: values.json === true,
      measurements: only.length === 0 ? all : all.filter(({ name }) => only.includes(name)),
    });
  } catch (error) {
    return fail(`${(error as Error).message}; see --help`);
  }
}

/** The text of `--help`. */
export function benchHelp(all: readonly Measurement[]): string {
  const names = all.map(({ name, about }) => `    ${name.padEnd(9)} ${about}`);
  return `npm run bench [-- --short] [-- --json] [-- --only NAME]

Measures the project's goals: ours, peers' and the limit, in one run on this machine. Ends with 1 when a goal
is missed. The disk measured is the one this clone is on; figures mean something only while nothing else runs.

  --short      a small run for continuous integration, about three minutes; its rows say so. It ends with 1 only for lost
               votes and for what could not be measured. The full one takes about 30
  --json       prints [{name, value, unit, goal, ok}] alone on stdout; progress goes to stderr. A row without a goal is a
               peer, a limit or a circumstance. npm itself prints two lines first, unless it is told not to:
               npm run --silent bench -- --json
  --only NAME  one measurement; may be repeated
${names.join("\n")}
  --help       this text

Not here: 100 power cuts and key edges of a real kernel's GPIO need a machine of their own and belong to the lab.
`;
}

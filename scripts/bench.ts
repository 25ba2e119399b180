/**
 * `npm run bench`: the project's numbers: ours, peers' and the limit, in one run.
 */
import { dirname, join } from "node:path";
import { MEASUREMENTS } from "./bench/measurements.ts";
import { benchHelp, planBench } from "./bench/options.ts";
import { isDefect, jsonOf, tableOf } from "./bench/row.ts";
import { runMeasurements } from "./bench/run-measurements.ts";

const args = process.argv.slice(2);
if (args.includes("--help") || args.includes("-h")) {
  process.stdout.write(benchHelp(MEASUREMENTS));
} else {
  const plan = planBench(args, MEASUREMENTS);
  if (plan.ok) process.exitCode = await bench(plan.value);
  else {
    process.stderr.write(`npm run bench: ${plan.problem}\n`);
    process.exitCode = 2;
  }
}

async function bench(plan: Extract<ReturnType<typeof planBench>, { ok: true }>["value"]): Promise<number> {
  const rows = await runMeasurements(plan.measurements, {
    size: plan.size,
    // In the clone: where a demo keeps its votes too, and never in memory as /tmp may be.
    root: join(dirname(import.meta.dirname), ".data"),
    say: (line) => process.stderr.write(`${line}\n`),
  });
  process.stdout.write(`${plan.isJson ? jsonOf(rows) : tableOf(rows)}\n`);
  // Speed and memory on a shared machine are told, and judged by a person; a lost vote ends the short run too.
  const missed = plan.size === "short" ? rows.filter(isDefect) : rows.filter(({ ok }) => !ok);
  return missed.length === 0 ? 0 : 1;
}

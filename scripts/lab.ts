/**
 * `npm run lab`: the real firmware against a real Linux kernel with simulated lines, USB and disk.
 */
import { enableCompileCache } from "node:module";
import { tmpdir } from "node:os";
import { planBench } from "./bench/options.ts";
import { jsonOf, type Row, tableOf } from "./bench/row.ts";
import { runMeasurements } from "./bench/run-measurements.ts";
import { serviceEnvironment } from "./service-node.ts";

// Before the scenarios are loaded: what they share with the machine's programs is compiled here, once.
enableCompileCache(serviceEnvironment({})["NODE_COMPILE_CACHE"]);
const { SCENARIOS } = await import("./lab/scenarios.ts");

const args = process.argv.slice(2);
if (args.includes("--help") || args.includes("-h")) process.stdout.write(help());
else {
  const plan = planBench(args, SCENARIOS);
  if (plan.ok) process.exitCode = await lab(plan.value);
  else {
    process.stderr.write(`npm run lab: ${plan.problem}\n`);
    process.exitCode = 2;
  }
}

async function lab(plan: Extract<ReturnType<typeof planBench>, { ok: true }>["value"]): Promise<number> {
  const rows = await runMeasurements(plan.measurements, {
    size: plan.size,
    root: tmpdir(),
    say: (line) => process.stderr.write(`${line}\n`),
  });
  process.stdout.write(`${plan.isJson ? jsonOf(rows) : tableOf(rows)}\n`);
  return rows.some(endsBadly) ? 1 : 0;
}

/** Anything that was lost, doubled, wrong or could not be looked at. Speed and memory are told, and judged by a person. */
function endsBadly({ ok, value, unit }: Row): boolean {
  return !ok && (value === null || !["ms", "MB", "% of a core", "x"].includes(unit));
}

function help(): string {
  const names = SCENARIOS.map(({ name, about }) => `    ${name.padEnd(9)} ${about}`);
  return `npm run lab [-- --short] [-- --json] [-- --only NAME]

Starts the firmware as on a totem, in a machine of its own: User-Mode Linux with a simulated GPIO chip, a USB scanner on the
kernel's own drivers, and a disk whose power can be cut. The first run builds the kernel from Debian's source package, once,
and installs what that needs from Debian's packages (as root; otherwise it says what to install).

Ends with 1 for anything lost, doubled or wrong; speed and memory are told, and judged by a person: User-Mode Linux on a
shared machine is many times slower than a board.

  --short      what continuous integration has time for
  --json       prints [{name, value, unit, goal, ok}] alone on stdout; progress goes to stderr
  --only NAME  one scenario; may be repeated
${names.join("\n")}
  --help       this text
`;
}

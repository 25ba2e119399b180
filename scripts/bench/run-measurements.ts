/**
 * Runs measurements one after the other, each in an empty folder of its own that is deleted afterwards. One that breaks
 * is a row that is not ok, and the others still run.
 */
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Measurement, Size } from "./measurement.ts";
import type { Row } from "./row.ts";

/** @param root the folder on the disk that is measured. */
export async function runMeasurements(
  measurements: readonly Measurement[],
  options: { readonly size: Size; readonly root: string; readonly say: (line: string) => void },
): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (const measurement of measurements) {
    const startMs = performance.now();
    options.say(`${measurement.name}: ${measurement.about}`);
    rows.push(...(await runOne(measurement, options)));
    options.say(`${measurement.name}: ${((performance.now() - startMs) / 1_000).toFixed(0)} s`);
  }
  return options.size === "short" ? rows.map(asShort) : rows;
}

async function runOne(
  { name, run }: Measurement,
  { size, root, say }: { readonly size: Size; readonly root: string; readonly say: (line: string) => void },
): Promise<readonly Row[]> {
  mkdirSync(root, { recursive: true });
  const dir = mkdtempSync(join(root, `bench-${name}-`));
  try {
    return await run(size, { dir, say: (line) => say(`  ${line}`) });
  } catch (error) {
    say(`${name} broke: ${(error as Error).stack ?? error}`);
    return [{ name: `${name} broke`, value: null, unit: "", goal: null, ok: false, note: String(error) }];
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

/** Nobody must take a small run's figure for the promised one. */
function asShort(row: Row): Row {
  return { ...row, name: `${row.name} (short run)` };
}

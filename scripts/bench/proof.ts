/**
 * What the public proof costs: bytes and seconds for each totem and month. An invented month of two totems, whose every commitment is made
 * and checked.
 */
import { readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { checkProof } from "../verify/check-proof.ts";
import { filesOfFolder, readProof } from "../verify/read-proof.ts";
import { liveThroughMonth } from "../verify/town.fixture.ts";
import type { Measurement } from "./measurement.ts";
import { type Goal, judged, type Row, told } from "./row.ts";

const TOTEMS = 2;

const WRONG_GOAL: Goal = { kind: "at most", value: 0, reason: "an honest proof holds" };

export const PROOF: Measurement = {
  name: "proof",
  about: "size of the public proof, and how long checking it takes, for a totem and a month",
  run: () => measure(),
};

async function measure(): Promise<readonly Row[]> {
  const startMs = performance.now();
  const town = await liveThroughMonth();
  const livedMs = performance.now() - startMs;
  try {
    const checkedFromMs = performance.now();
    const proof = await readProof(filesOfFolder(town.folder));
    const wrong = checkProof(proof).findings;
    const checkedMs = performance.now() - checkedFromMs;
    const services = new Set(
      proof.log.lines.flatMap(({ entry }) =>
        entry.kind === "totem" ? [] : entry.cells.map(({ service }) => service),
      ),
    );
    const note = `${services.size} services, voted on on 5 days; each service and day with a vote is about 600 bytes`;
    return [
      judged("proof: findings in an honest month", wrong.length, "findings", { goal: WRONG_GOAL }),
      told("proof: published for a totem and a month", bytesIn(town.folder) / TOTEMS / 1_000, "kB", note),
      told("proof: checked for a totem and a month", checkedMs / TOTEMS / 1_000, "s"),
      told(
        "proof: stated, taken in, closed and published for a totem and a month",
        livedMs / TOTEMS / 1_000,
        "s",
      ),
    ];
  } finally {
    await town.store.close();
    rmSync(town.folder, { recursive: true });
  }
}

function bytesIn(folder: string): number {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((file) => file.isFile())
    .reduce((sum, file) => sum + statSync(join(file.parentPath, file.name)).size, 0);
}

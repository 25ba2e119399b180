import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { proofOfMonth, writeProof } from "#gateway/proof/write-proof.ts";
import type { MonthProof } from "#schemas/public-log.ts";
import { checkLog, keyChangesIn } from "./check-log.ts";
import { checkMonth, servicesNotShown } from "./check-month.ts";
import { checkProof } from "./check-proof.ts";
import { LIES, liarWith, withFigure } from "./lies.fixture.ts";
import { filesOfFolder, type ReadProof, readProof } from "./read-proof.ts";
import { lateVote, liveThroughMonth, MONTH, SILENT_DAY, type Town } from "./town.fixture.ts";

let town: Town;
let honest: ReadProof;
beforeAll(async () => {
  town = await liveThroughMonth();
  honest = await readProof(filesOfFolder(town.folder));
}, 120_000);
afterAll(async () => {
  await town.store.close();
  rmSync(town.folder, { recursive: true });
});

const said = (proof: ReadProof) => checkProof(proof).findings.map(({ where, what }) => `${where}: ${what}`);
const month = (): MonthProof => honest.months[0] as MonthProof;

describe("the proof of a month", () => {
  it("holds: every figure opens, with conflicts, late votes, a silent day and hidden figures", async () => {
    expect(said(honest)).toEqual([]);
    expect(honest.months.map((one) => one.month)).toEqual([MONTH]);
    expect(month().missing).toEqual([{ totemId: "totem-2", day: SILENT_DAY }]);
    expect(checkLog(honest.log).missing).toContainEqual({ totemId: "totem-2", day: SILENT_DAY });
    expect(month().corrections.find(({ cause }) => cause === "conflict")?.votes).toBe(1);
    // What was received of the silent day was never stated: the gateway's word alone stands for it, and its number is told.
    expect(month().corrections.find(({ cause }) => cause === "difference")?.votes).toBeLessThan(0);
    expect((await proofOfMonth(town, MONTH)).problems).toEqual([]);
    expect(await town.store.alarms()).toEqual([]);
    // Some figures are hidden: not every row has all nine.
    const rows = Map.groupBy(month().sums, ({ row }) => `${row.uo}/${row.service}`);
    const figures = [...rows.values()].map((sums) => sums.length);
    expect(Math.max(...figures)).toBe(9);
    expect(Math.min(...figures)).toBeLessThan(9);
  });

  it("opens one row's figure from the totems' own signatures, by hand", () => {
    const sum = month().sums.find(({ figure }) => figure === "green");
    if (sum === undefined) throw new Error("no green figure is shown");
    expect(checkMonth({ ...month(), sums: [sum] }, honest.log)).toEqual([
      expect.objectContaining({ what: "is not signed by the gateway" }),
    ]);
  });

  it("tells what no check can: services of which nothing is shown, totems with another key", () => {
    expect(keyChangesIn(honest.log)).toEqual([]);
    const [first] = honest.log.lines;
    expect(
      keyChangesIn({ lines: [first, first].flatMap((one) => (one === undefined ? [] : [one])) }),
    ).toHaveLength(1);
    const hidden = servicesNotShown(month(), honest.log);
    const service = month().sums.at(-1)?.row.service ?? "";
    expect(hidden).not.toContain(service);
    const without = { ...month(), sums: month().sums.filter(({ row }) => row.service !== service) };
    expect(servicesNotShown(without, honest.log)).toContain(service);
  });

  it("is the same, byte for byte, when it is made again", async () => {
    const again = mkdtempSync(join(tmpdir(), "faccine-proof-again-"));
    try {
      await writeProof(town, again);
      for (const name of ["log.ndjson", "checkpoints.ndjson", "gateway.json", `months/${MONTH}.json`]) {
        expect(readFileSync(join(again, name))).toEqual(readFileSync(join(town.folder, name)));
      }
    } finally {
      rmSync(again, { recursive: true });
    }
  });
});

describe("a closed month", () => {
  it("stands as it was published when a vote comes late, and still holds beside the log that tells of it", async () => {
    const again = mkdtempSync(join(tmpdir(), "faccine-proof-late-"));
    try {
      await lateVote(town, `${MONTH}-02`);
      const { lines } = await writeProof(town, again);
      expect(lines).toBeGreaterThan(honest.log.lines.length);
      expect(readFileSync(join(again, `months/${MONTH}.json`))).toEqual(
        readFileSync(join(town.folder, `months/${MONTH}.json`)),
      );
      const proof = await readProof(filesOfFolder(again));
      expect(said(proof)).toEqual([]);
      // That it came is told, as a total.
      const [late] = proof.late;
      expect(late).toMatchObject({ month: MONTH, votes: 1, fromSize: month().log.size });
      const where = `late votes of ${MONTH}`;
      expect(said({ ...proof, late: [] })).toEqual([`${where}: are not told`]);
      const fewer = { ...late, votes: 0 } as (typeof proof.late)[number];
      expect(said({ ...proof, late: [fewer] })).toEqual([
        `${where}: 0 is not what the log's last lines open to`,
      ]);
      // What would be published now is another figure; one vote is no reason to.
      const now = await proofOfMonth(town, MONTH);
      expect(now.problems).toEqual([]);
      expect(now.proof.sums).not.toEqual(month().sums);
    } finally {
      rmSync(again, { recursive: true });
    }
  });
});

describe("a gateway that lies", () => {
  const liar = () => liarWith(honest, town.key);

  it.each(LIES)("that %s is found out", (name) => {
    const findings = said(liar().lie(name));
    expect(findings.length).toBeGreaterThan(0);
    expect(findings.join("\n")).toMatch(/totem-[12]|month 2026-10|log|late votes of 2026-10/);
  });

  it("names the place: the row and the figure, the line, the totem and the day", () => {
    expect(said(liar().republished({ month: (one) => withFigure(one, { yellow: 1 }) })).join("\n")).toMatch(
      /month 2026-10, \S+, wording 1, yellow: \d+ is not what the totems' commitments open to/,
    );
    expect(said(liar().lie("does not say that a totem was silent"))).toEqual([
      `month ${MONTH}: totem-2 stated nothing on ${SILENT_DAY}, and the month does not say so`,
    ]);
  });
});

describe("a published file", () => {
  it("in which any byte is changed is refused or found out", async () => {
    const files = ["log.ndjson", "checkpoints.ndjson", `months/${MONTH}.json`, "gateway.json", "index.json"];
    const copy = mkdtempSync(join(tmpdir(), "faccine-proof-bent-"));
    try {
      cpSync(town.folder, copy, { recursive: true });
      await fc.assert(
        fc.asyncProperty(
          fc.constantFrom(...files),
          fc.double({ min: 0, max: 1, noNaN: true }),
          async (name, share) => {
            const file = join(copy, name);
            const whole = readFileSync(file);
            const at = Math.min(whole.length - 1, Math.floor(share * whole.length));
            // A character of the same kind: anything else is no JSON any more.
            const character = String.fromCharCode(whole[at] as number);
            if (!/[0-9a-f]/.test(character)) return;
            const bent = Buffer.from(whole);
            bent[at] = (character === "1" ? "2" : "1").charCodeAt(0);
            writeFileSync(file, bent);
            try {
              expect(said(await readProof(filesOfFolder(copy))).length).toBeGreaterThan(0);
            } catch (error) {
              expect((error as Error).message).toMatch(/^[\w./-]+(, line \d+)?: /);
            } finally {
              writeFileSync(file, whole);
            }
          },
        ),
        { numRuns: 40 },
      );
    } finally {
      rmSync(copy, { recursive: true });
    }
  });
});

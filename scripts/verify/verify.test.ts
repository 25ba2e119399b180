import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { proofOfMonth } from "#gateway/proof/write-proof.ts";
import {
  EMPTY_LOG_HEAD,
  type LogEntry,
  type LogStatement,
  type MonthProof,
  nextLogHead,
} from "#schemas/public-log.ts";
import { makeSigningKey, signBody, signMessage } from "#schemas/signature.ts";
import { commitToCells } from "#schemas/statement.ts";
import { checkLog, type Finding, type PublishedLog } from "./check-log.ts";
import { checkMonth } from "./check-month.ts";
import { filesOfFolder, type ReadProof, readProof } from "./read-proof.ts";
import { liveThroughMonth, MONTH, SILENT_DAY, type Town } from "./town.fixture.ts";

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

const checked = ({ log, months }: ReadProof): readonly Finding[] => [
  ...checkLog(log).findings,
  ...months.flatMap((month) => checkMonth(month, log)),
];
const said = (proof: ReadProof) => checked(proof).map(({ where, what }) => `${where}: ${what}`);
const month = (): MonthProof => honest.months[0] as MonthProof;

/** What a gateway that lies would publish: the chain and its own signatures made anew. */
function republished(change: {
  readonly entries?: (entries: readonly LogEntry[]) => readonly LogEntry[];
  readonly month?: (month: MonthProof) => MonthProof;
}): ReadProof {
  const entries = (change.entries ?? ((all) => all))(honest.log.lines.map(({ entry }) => entry));
  const lines: { no: number; entry: LogEntry; head: string }[] = [];
  for (const entry of entries) {
    lines.push({
      no: lines.length + 1,
      entry,
      head: nextLogHead(lines.at(-1)?.head ?? EMPTY_LOG_HEAD, entry),
    });
  }
  const state = { size: lines.length, hash: lines.at(-1)?.head ?? EMPTY_LOG_HEAD };
  const closedThrough = honest.log.checkpoints.at(-1)?.closedThrough ?? "";
  const { signature: _, ...body } = (change.month ?? ((one) => one))({ ...month(), log: state });
  return {
    log: {
      gatewayKey: honest.log.gatewayKey,
      lines,
      checkpoints: [signMessage("checkpoint", { closedThrough, ...state }, town.key)],
    },
    months: [signMessage("month", body as never, town.key) as unknown as MonthProof],
  };
}

const statementAt = (log: PublishedLog, withVotes = true) =>
  log.lines.findIndex(({ entry }) => entry.kind === "statement" && entry.cells.length > 0 === withVotes);
const withFigure = (one: MonthProof, by: Readonly<Record<string, number>>): MonthProof => {
  const row = JSON.stringify(one.sums.find(({ figure }) => figure === "yellow")?.row);
  const change = (sum: MonthProof["sums"][number]) =>
    JSON.stringify(sum.row) === row ? { ...sum, total: sum.total + (by[sum.figure] ?? 0) } : sum;
  return { ...one, sums: one.sums.map(change) };
};

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

  it("is the same, byte for byte, when it is made again", async () => {
    const again = mkdtempSync(join(tmpdir(), "faccine-proof-again-"));
    try {
      const { writeProof } = await import("#gateway/proof/write-proof.ts");
      await writeProof(town, again);
      for (const name of ["log.ndjson", "checkpoints.ndjson", "gateway.json", `months/${MONTH}.json`]) {
        expect(readFileSync(join(again, name))).toEqual(readFileSync(join(town.folder, name)));
      }
    } finally {
      rmSync(again, { recursive: true });
    }
  });
});

describe("a gateway that lies", () => {
  const LIES: Readonly<Record<string, () => ReadProof>> = {
    "drops a vote from a figure": () =>
      republished({ month: (one) => withFigure(one, { green: -1, valid: -1 }) }),
    "changes a face": () => republished({ month: (one) => withFigure(one, { green: 1, yellow: -1 }) }),
    "changes a reason": () => republished({ month: (one) => withFigure(one, { wait: -1, none: 1 }) }),
    "forgets a totem's day": () =>
      republished({ entries: (all) => all.filter((_, at) => at !== statementAt(honest.log)) }),
    "forgets a day without votes": () =>
      republished({ entries: (all) => all.filter((_, at) => at !== statementAt(honest.log, false)) }),
    "changes what a totem stated": () =>
      republished({
        entries: (all) =>
          all.map((entry, at) => {
            if (at !== statementAt(honest.log)) return entry;
            const { cells, ...rest } = entry as LogStatement;
            return {
              ...rest,
              cells: cells.map((one) => ({ ...one, commitments: [...one.commitments].reverse() })),
            };
          }),
      }),
    "states a day for a totem with a key of its own": () =>
      republished({
        entries: (all) => {
          const forger = makeSigningKey();
          const entry = all[statementAt(honest.log)] as LogStatement;
          const { kind, signature: _, ...statement } = entry;
          const forged = { kind, ...statement, signature: signBody("statement", statement, forger) };
          return all.map((one) => (one === entry ? forged : one));
        },
      }),
    "tells a statement twice": () => {
      const at = statementAt(honest.log);
      return republished({ entries: (all) => [...all, all[at] as LogEntry] });
    },
    "shows totems one log and the public another": () =>
      republished({ entries: (all) => all.filter(({ kind }) => kind !== "correction") }),
    "takes votes away without saying how many": () =>
      republished({
        entries: (all) => [
          ...all,
          {
            ...{
              kind: "correction" as const,
              totemId: "totem-1",
              day: `${MONTH}-02`,
              cause: "conflict" as const,
            },
            cells: commitToCells("5e".repeat(32), [
              {
                service: month().sums[0]?.of[0]?.service ?? "",
                wording: 1,
                counts: [1, 0, 0, 0, 0, 0, 0, 0],
              },
            ]).map((one) => ({ ...one, commitments: [...one.commitments] })),
          },
        ],
      }),
    "leaves out the end of the log": () => ({
      ...honest,
      log: { ...honest.log, lines: honest.log.lines.slice(0, -3) },
    }),
    "does not say that a totem was silent": () => republished({ month: (one) => ({ ...one, missing: [] }) }),
    "counts a service's votes in another row, too": () =>
      republished({
        month: (one) => {
          const [first, other] = one.sums.filter(({ figure }) => figure === "valid");
          if (first === undefined || other === undefined) throw new Error("two rows are shown");
          const doubled = { ...other, of: [...other.of, ...first.of], total: other.total + first.total };
          return { ...one, sums: one.sums.map((sum) => (sum === other ? doubled : sum)) };
        },
      }),
  };

  it.each(Object.entries(LIES))("that %s is found out", (_, lie) => {
    const findings = said(lie());
    expect(findings.length).toBeGreaterThan(0);
    expect(findings.join("\n")).toMatch(/totem-[12]|month 2026-10|log/);
  });

  it("names the place: the row and the figure, the line, the totem and the day", () => {
    expect(said(republished({ month: (one) => withFigure(one, { yellow: 1 }) })).join("\n")).toMatch(
      /month 2026-10, \S+, wording 1, yellow: \d+ is not what the totems' commitments open to/,
    );
    expect(said(republished({ month: (one) => ({ ...one, missing: [] }) }))).toEqual([
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
              expect(checked(await readProof(filesOfFolder(copy))).length).toBeGreaterThan(0);
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

/** The checker of the browser's page, written from PROOF.md too, against honest proofs and lies. */
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { checkLate } from "#gateway/web/verify/check-late.ts";
import { checkLog } from "#gateway/web/verify/check-log.ts";
import { checkMonth } from "#gateway/web/verify/check-month.ts";
import { verifyFiles } from "#gateway/web/verify-files.ts";
import { LIES, liarWith } from "./lies.fixture.ts";
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

function said({ log, months, late }: ReadProof): readonly string[] {
  const told: number[] = [];
  const lines = log.lines as never;
  const checked = checkLog(lines, log.checkpoints as never, log.gatewayKey, (line) => told.push(line));
  expect(told.at(-1)).toBe(log.lines.length);
  const about = { lines, checked, gatewayKey: log.gatewayKey };
  const ofMonth = (month: ReadProof["months"][number]) => [
    ...checkMonth(month, about, () => undefined),
    ...checkLate(late, month, lines),
  ];
  return [...checked.wrong, ...months.flatMap(ofMonth)];
}

describe("the page that checks a proof", () => {
  it("finds nothing wrong with an honest one, and names its silent day", () => {
    expect(said(honest)).toEqual([]);
    const { missing } = checkLog(
      honest.log.lines as never,
      honest.log.checkpoints as never,
      honest.log.gatewayKey,
      () => undefined,
    );
    expect(missing).toContain(`totem-2 ${SILENT_DAY}`);
  });

  it.each(LIES)("finds out a gateway that %s, and says where", (lie) => {
    const wrong = said(liarWith(honest, town.key).lie(lie));
    expect(wrong.join("\n")).toMatch(
      new RegExp(`^(log, line \\d+|log|checkpoint of [0-9-]+|late votes of ${MONTH}|month ${MONTH}): `, "m"),
    );
  });

  it("is made of files that import nothing but each other", () => {
    const files = verifyFiles();
    expect([...files.keys()]).toContain("lib/@noble/curves/ed25519.js");
    for (const [name, { type, text }] of files) {
      if (type !== "text/javascript") continue;
      for (const [, to = ""] of text.matchAll(/^(?:import|export)\b[^"';()]*["']([^"'\n]+\.[jt]s)["']/gm)) {
        expect(files.has(join(name, "..", to)), `${name} imports ${to}`).toBe(true);
      }
    }
  });

  it("has a text for everything its script says, in both languages", () => {
    const script = readFileSync(join(import.meta.dirname, "../../gateway/web/verify/page.ts"), "utf8");
    const names = [...script.matchAll(/(?:text|filled)\(\s*"(\w+)"/g)].map(([, name = ""]) => name);
    const more = [...script.matchAll(/\? "(\w+)" : "(\w+)",/g)].flatMap(([, one = "", other = ""]) => [
      one,
      other,
    ]);
    expect(names.length).toBeGreaterThan(5);
    for (const page of ["index.html", "en.html"]) {
      const html = verifyFiles().get(page)?.text ?? "";
      for (const name of [...names, ...more.filter((one) => one.startsWith("month"))])
        expect(html).toContain(` data-${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}="`);
    }
  });
});

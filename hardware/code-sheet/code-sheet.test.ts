import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Browser, chromium } from "playwright-core";
import { describe, expect, it } from "vitest";
import { TICKET_CODE_MAX } from "#schemas/limits.ts";
import { readSignedTicket } from "#schemas/ticket.ts";
import { describeWithTool } from "../../scripts/outside-tools.ts";
import { GUIDE_LANGUAGES } from "../bilingual.ts";
import { codeSheet, codeSheets, printedSize } from "./code-sheet.ts";
import { AIM_IDENTIFIER, TEST_CODES } from "./codes.ts";

/** A4 at 96 points an inch, as browsers count; enlarged to about 290 dots an inch, coarser than any office printer. */
const PAGE = { width: 794, height: 1123 };
const ENLARGED = 3;

describe("a test code", () => {
  it("is never a ticket, with or without its AIM identifier", () => {
    for (const { text, symbology } of TEST_CODES) {
      for (const read of [text, `${AIM_IDENTIFIER[symbology]}${text}`]) {
        expect(readSignedTicket(read)).toEqual({ ok: false, problem: "malformed" });
      }
    }
  });

  it("differs from every other, so that nobody wonders which one was read", () => {
    expect(new Set(TEST_CODES.map(({ text }) => text)).size).toBe(TEST_CODES.length);
    expect(new Set(TEST_CODES.map(({ name }) => name)).size).toBe(TEST_CODES.length);
  });

  it("is longer than the longest ticket exactly once, even without its AIM identifier", () => {
    const long = TEST_CODES.filter(({ text }) => text.length > TICKET_CODE_MAX);
    expect(long.map(({ name }) => name)).toEqual(["D1"]);
    expect(TEST_CODES.filter(({ text }) => text.startsWith("F1")).map(({ text }) => text.length)).toEqual([
      135, 135, 135,
    ]);
  });

  it("is printed in the size its narrowest bar asks for", () => {
    const sizes = Object.fromEntries(TEST_CODES.map((code) => [code.name, printedSize(code).widthMm]));
    // 21 squares, 41 squares and 134 bars: QR versions 1 and 6, and nine characters of Code 128.
    expect(sizes).toMatchObject({ A2: 10.5, B2: 20.5, C3: 67, D1: 20.5 });
  });
});

describe("the sheet", () => {
  it("exists in Italian and in English and has not been tried with a real scanner", () => {
    expect(codeSheets().map(({ name }) => name)).toEqual(["code-sheet.it.svg", "code-sheet.en.svg"]);
    expect(codeSheet("it")).toContain("Non provato con lettori veri");
    expect(codeSheet("en")).toContain("Not tried with real scanners");
  });
});

describeWithTool("zbarimg", "the printed sheet, read back", (zbarimg) => {
  describeWithTool("chromium", "rendered by a browser", (executablePath) => {
    it.each(GUIDE_LANGUAGES)("gives every code as it was meant (%s)", async (language) => {
      const folder = mkdtempSync(join(tmpdir(), "faccine-code-sheet-"));
      const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu"] });
      try {
        const file = join(folder, "sheet.png");
        await print(browser, codeSheet(language), file);
        const { stdout } = spawnSync(zbarimg, ["--quiet", file], { encoding: "utf8" });
        expect(stdout.trim().split("\n").toSorted()).toEqual(
          TEST_CODES.map(
            ({ symbology, text }) => `${symbology === "qrcode" ? "QR-Code" : "CODE-128"}:${text}`,
          ).toSorted(),
        );
      } finally {
        await browser.close();
        rmSync(folder, { recursive: true });
      }
    });
  });
});

async function print(browser: Browser, svg: string, path: string): Promise<void> {
  const page = await browser.newPage({ viewport: PAGE, deviceScaleFactor: ENLARGED });
  await page.setContent(`<style>body{margin:0}svg{display:block}</style>${svg}`);
  await page.screenshot({ path });
}

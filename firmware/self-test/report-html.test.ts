import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { KEYS } from "#schemas/code-list.ts";
import { fixturesOf } from "#schemas/fixtures.fixture.ts";
import {
  type ReadinessReport,
  SELF_TEST_ITEMS,
  SELF_TEST_PROBLEMS,
  SELF_TEST_STEPS,
} from "#schemas/self-test.ts";
import { VOICE_LANGUAGES } from "#schemas/voice-texts.ts";
import { describeWithTool } from "#scripts/outside-tools.ts";
import { ASKED_ITEMS } from "./items.ts";
import { reportHtml } from "./report-html.ts";
import { askSentence, itemName, REPORT_WORDS, resultNote } from "./report-words.ts";

const reports = Object.fromEntries(
  fixturesOf("readiness-report")
    .filter(({ isGood }) => isGood)
    .map(({ name, value }) => [name, value as ReadinessReport]),
);
const READY = reports["ready"] as ReadinessReport;
const SWAPPED = reports["swapped-cables"] as ReadinessReport;

describe("the words", () => {
  it.each(VOICE_LANGUAGES)("name every item apart, and every problem, in %s", (language) => {
    const names = SELF_TEST_ITEMS.map((item) => itemName(item, language));
    expect(new Set(names).size).toBe(SELF_TEST_ITEMS.length);
    for (const problem of SELF_TEST_PROBLEMS) expect(REPORT_WORDS[language].problems[problem]).not.toBe("");
    expect(new Set(Object.values(REPORT_WORDS[language].problems)).size).toBe(SELF_TEST_PROBLEMS.length);
  });

  it("ask for every item in both languages, and never tell which lamp should be lit", () => {
    for (const { step, item } of ASKED_ITEMS) {
      const [italian, english] = VOICE_LANGUAGES.map((language) => askSentence(step, item, language));
      expect(italian).not.toMatch(/\{|undefined/);
      expect(italian).not.toBe(english);
    }
    const lamps = ASKED_ITEMS.filter(({ step }) => step === "lamps");
    expect(new Set(lamps.map(({ step, item }) => askSentence(step, item, "it"))).size).toBe(1);
    expect(SELF_TEST_STEPS.filter((step) => !ASKED_ITEMS.some((asked) => asked.step === step))).toEqual([]);
  });

  it("say of a swapped cable which key was asked for and which one answered", () => {
    const swapped = SWAPPED.items.find(({ item }) => item === "key-green");
    if (swapped === undefined) throw new Error("the fixture has no green key");
    expect(resultNote(swapped, "en")).toBe("asked for Good, Sufficient answered");
    expect(resultNote(swapped, "it")).toBe("richiesto Positivo, ha risposto Sufficiente");
    const scanner = SWAPPED.items.find(({ item }) => item === "scanner");
    expect(scanner === undefined ? "" : resultNote(scanner, "en")).toBe("133 characters");
  });
});

describe("the page", () => {
  it("holds every item, the machine and a place to sign, in its language", () => {
    for (const language of VOICE_LANGUAGES) {
      const page = reportHtml(READY, language);
      for (const item of SELF_TEST_ITEMS)
        expect(page).toContain(itemName(item, language).replace("'", "&#39;"));
      expect(page).toContain("Raspberry Pi 4 Model B Rev 1.4");
      expect(page).toContain(REPORT_WORDS[language].ready);
      expect(page).toContain(REPORT_WORDS[language].signature.replace("'", "&#39;"));
      expect(page).toContain(`<html lang="${language}">`);
    }
    expect(reportHtml(SWAPPED, "it")).toContain("NON PRONTO");
    expect(reportHtml(SWAPPED, "it")).toContain("non disponibile");
    expect(reportHtml(READY, "it")).toMatch(/>\d+,\d s</);
    expect(reportHtml(READY, "en")).toMatch(/>\d+\.\d s</);
  });

  it("lets no name become markup", () => {
    const machine = { ...READY.machine, model: '<img src="x" onerror="alert(1)">' };
    expect(reportHtml({ ...READY, machine }, "en")).not.toContain("<img");
  });
});

describeWithTool("chromium", "the report in a browser", (executablePath) => {
  let browser: Browser;
  let page: Page;
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
    page = await browser.newPage();
  });
  afterAll(() => browser?.close());

  it("asks for nothing else, fits a desk and a phone, and has no barrier", async () => {
    const asked: string[] = [];
    page.on("request", (request) => asked.push(request.url()));
    const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
    for (const report of [READY, SWAPPED]) {
      for (const width of [360, 1_000]) {
        await page.setViewportSize({ width, height: 900 });
        await page.setContent(reportHtml(report, "it"));
        expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(width);
      }
      await page.evaluate(axe);
      const found = (await page.evaluate("axe.run()")) as { violations: { id: string }[] };
      expect(found.violations.map(({ id }) => id)).toEqual([]);
    }
    expect(asked).toEqual([]);
  });

  it("prints on two sheets at most", async () => {
    await page.setContent(reportHtml(READY, "it"));
    const pdf = (await page.pdf({ format: "A4" })).toString("latin1");
    expect(pdf.match(/\/Type\s*\/Page\b/g)?.length).toBeLessThanOrEqual(2);
    expect(KEYS.length).toBe(READY.bounce?.length);
  });
});

/** A desk without a queue system, in the system's Chromium: sign in, press, hand over the receipt; the citizen votes with it. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { describeWithTool, outsideTool } from "../outside-tools.ts";
import { findings, openBrowser } from "./browser.fixture.ts";
import { demoFolder, eventually, type StartedDemo, startDemo } from "./demo.fixture.ts";
import { exactVotes, press, scan } from "./requests.fixture.ts";

const zbarimg = outsideTool("zbarimg", "a desk's receipt read back");

describeWithTool("chromium", "a desk without a queue system", (chromium) => {
  const folder = demoFolder();
  let demo: StartedDemo;
  let browser: Browser;
  beforeAll(async () => {
    demo = await startDemo(folder.path);
    browser = await openBrowser(chromium);
  });
  afterAll(async () => {
    await browser.close();
    await demo.stop();
    folder.remove();
  });

  const signIn = async (page: Page, language = "en") => {
    await page.goto(`${demo.url}/desk?lang=${language}`);
    await page.locator("#code").fill(demo.credentials["desk"] ?? "");
    await page.keyboard.press("Enter");
    await page.locator("form.services").waitFor();
  };
  const print = (page: Page) => page.locator('button[value="anagrafe"]').click();

  it("prints by itself a receipt that the citizen votes with, and goes on to the next", async () => {
    const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
    await page.addInitScript("window.print = () => { window.printed = true; }");
    await signIn(page);
    await print(page);
    await page.waitForFunction("window.printed === true");
    expect(await findings(page)).toEqual([]);
    if (zbarimg !== null) {
      const file = join(folder.path, "receipt.png");
      await page.locator(".receipt").screenshot({ path: file });
      const code = spawnSync(zbarimg, ["--quiet", "--raw", file], { encoding: "utf8" }).stdout.trim();
      const panel = demo.panels[0] ?? "";
      await scan(panel, code);
      await press(panel, "green");
      await eventually(
        () => exactVotes(demo),
        ({ green }) => green === 1,
      );
    }
    // Leaving for the next citizen takes no print with it.
    const pdf = await page.pdf({ preferCSSPageSize: true });
    expect(pdf.toString("latin1").match(/\/Type \/Page\b/g)).toHaveLength(1);
    await page.locator("form.services").waitFor();
  });

  it("works without scripts, and says how to print", async () => {
    const context = await browser.newContext({ javaScriptEnabled: false });
    const page = await context.newPage();
    await signIn(page, "it");
    await print(page);
    expect(await page.locator(".onscreen").first().textContent()).toContain("Ctrl+P");
    await page.getByText("Prossimo cittadino").click();
    await page.getByText("Esci").click();
    await page.locator("#code").waitFor();
    await context.close();
  });

  it("has no finding of axe-core, in both languages, wide and narrow", async () => {
    const page = await browser.newPage();
    for (const language of ["it", "en"]) {
      for (const width of [1280, 320]) {
        await page.setViewportSize({ width, height: 900 });
        await page.context().clearCookies();
        await page.goto(`${demo.url}/desk?lang=${language}`);
        await page.locator("#code").fill("wrong");
        await page.keyboard.press("Enter");
        await page.getByRole("alert").waitFor();
        expect([language, width, await findings(page)]).toEqual([language, width, []]);
        await signIn(page, language);
        expect([language, width, await findings(page)]).toEqual([language, width, []]);
        const overflow = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
        expect(overflow).toBe(false);
      }
    }
  });
});

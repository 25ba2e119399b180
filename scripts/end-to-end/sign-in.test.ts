/** People who sign in to the demo as the README says, in the system's Chromium without JavaScript, and their pages. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { describeWithTool } from "../outside-tools.ts";
import { findings, openBrowser } from "./browser.fixture.ts";
import { demoFolder, ROOT, type StartedDemo, startDemo } from "./demo.fixture.ts";

const PASSWORD = "tre gatti sul tetto";
const OTHER = "quattro cani in cortile";

describeWithTool("chromium", "people who sign in", (chromium) => {
  const folder = demoFolder();
  let demo: StartedDemo;
  let browser: Browser;
  let admin: Page;

  beforeAll(async () => {
    demo = await startDemo(folder.path);
    browser = await openBrowser(chromium);
    admin = await (await somebody()).newPage();
  });
  afterAll(async () => {
    await browser.close();
    await demo.stop();
    folder.remove();
  });
  const somebody = (): Promise<BrowserContext> =>
    browser.newContext({ javaScriptEnabled: false, locale: "en-GB", viewport: { width: 1280, height: 900 } });
  const fill = async (page: Page, fields: Record<string, string>) => {
    for (const [id, value] of Object.entries(fields)) await page.locator(`#${id}`).fill(value);
    await page.locator("form.account button").last().click();
  };
  const pathOf = (page: Page) => new URL(page.url()).pathname;

  it("make the first account by the link that the start prints, and come to the page", async () => {
    await admin.goto(demo.link);
    expect(pathOf(admin)).toBe("/first-account");
    await fill(admin, { name: "anna", password: "short", again: "short" });
    expect(await admin.locator("#wrong").textContent()).toContain("shorter than 12");
    await fill(admin, { name: "anna", password: PASSWORD, again: PASSWORD });
    expect(pathOf(admin)).toBe("/");
    expect(await admin.locator('header a[href^="/accounts"]').count()).toBe(1);
  });

  it("sign out, are sent to sign in, and come back to where they wanted to go, by keyboard", async () => {
    await admin.goto(`${demo.url}/sign-out?lang=en`);
    await admin.locator("form button").click();
    expect(pathOf(admin)).toBe("/sign-in");
    await admin.goto(`${demo.url}/tokens?lang=en`);
    await admin.locator("#name").focus();
    await admin.keyboard.type("anna");
    await admin.keyboard.press("Tab");
    await admin.keyboard.type("not it, surely");
    await admin.keyboard.press("Enter");
    await admin.locator("#wrong").waitFor();
    expect(await admin.locator("#wrong").textContent()).toContain("not right");
    await admin.locator("#password").fill(PASSWORD);
    await admin.keyboard.press("Enter");
    await admin.waitForURL("**/tokens?lang=en");
  });

  it("invite a colleague of one office, who chooses a password and sees no more than that office", async () => {
    await admin.goto(`${demo.url}/accounts?lang=en`);
    await admin.locator("#role").selectOption("office");
    await admin.locator("#office").selectOption({ index: 1 });
    await admin.locator("#name").fill("bruno");
    await admin.locator('form[action^="/accounts/add"] button').click();
    const link = (await admin.locator("pre.secret").textContent()) ?? "";
    // The page that answered a form can be read in the other language.
    await admin.locator('header a[hreflang="it"]').click();
    expect([pathOf(admin), await admin.locator("h1").textContent()]).toEqual(["/accounts", "Account"]);
    await admin.goto(`${demo.url}/accounts?lang=en`);
    const page = await (await somebody()).newPage();
    await page.goto(link);
    await fill(page, { password: OTHER, again: OTHER });
    expect(pathOf(page)).toBe("/");
    for (const path of ["/accounts", "/tokens", "/audit"])
      expect((await page.goto(demo.url + path))?.status()).toBe(403);
    const exact = await page.request.get(`${demo.url}/api/v1/reports/aggregate.csv?month=2026-10&exact=1`);
    expect(exact.status()).toBe(403);
    await page.goto(link);
    expect(await page.locator("#wrong").textContent()).toContain("used already");
    // The administrator takes the account away again: the next click leads to the door.
    await admin.locator('form:has(button[aria-label="Disable: bruno"]) button').last().click();
    await page.goto(`${demo.url}/account`);
    expect(pathOf(page)).toBe("/sign-in");
  });

  it("get an account by the README's own command, too", async () => {
    const [, line] =
      /`node scripts\/faccine\.mjs (account add [^`]+)`/.exec(
        readFileSync(join(ROOT, "README.md"), "utf8"),
      ) ?? [];
    const args = [join(ROOT, "scripts/faccine.mjs"), ...(line ?? "").split(" ")];
    const env = { ...process.env, FACCINE_DATA_DIR: folder.path };
    const link = execFileSync(process.execPath, args, {
      env,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    });
    const page = await (await somebody()).newPage();
    await page.goto(demo.url + link.slice(link.indexOf("/invite")).trim());
    await fill(page, { password: OTHER, again: OTHER });
    expect(pathOf(page)).toBe("/");
    expect(await page.locator('header a[href^="/accounts"]').count()).toBe(0);
  });

  it("make a token that works, is shown once, and works no more once it is revoked", async () => {
    await admin.goto(`${demo.url}/tokens?lang=en`);
    await admin.locator("#name").fill("nightly");
    await admin.locator('input[value="fleet"]').check();
    await admin.locator('form[action^="/tokens/make"] button').click();
    const token = (await admin.locator("pre.secret").textContent()) ?? "";
    const status = async () =>
      (await fetch(`${demo.url}/api/v1/status`, { headers: { authorization: `Bearer ${token}` } })).status;
    expect(await status()).toBe(200);
    await admin.locator('button[aria-label="Revoke: nightly"]').click();
    expect(await status()).toBe(401);
    await admin.goto(`${demo.url}/audit?lang=en`);
    const log = (await admin.locator("tbody").textContent()) ?? "";
    for (const deed of ["revoked a token", "made a token", "disabled an account", "failed to sign in"])
      expect(log).toContain(deed);
  });

  it("meet pages without a finding of axe-core, in both languages, wide and narrow", async () => {
    const scripted = await browser.newContext({ locale: "en-GB" });
    await scripted.addCookies(await admin.context().cookies());
    const page = await scripted.newPage();
    for (const path of ["/sign-in", "/sign-out", "/account", "/accounts", "/tokens", "/audit"]) {
      for (const [language, width] of [
        ["it", 1280],
        ["en", 320],
      ] as const) {
        const url = `${demo.url}${path}?lang=${language}`;
        await page.setViewportSize({ width, height: 900 });
        await page.goto(url);
        expect(pathOf(page)).toBe(path);
        expect([url, await findings(page)]).toEqual([url, []]);
        const overflow = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
        expect([url, overflow]).toEqual([url, false]);
      }
    }
  });
});

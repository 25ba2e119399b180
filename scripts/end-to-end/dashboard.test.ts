/** The gateway's pages of figures in the system's Chromium: signed in and out, with and without scripts, from a phone to a wall screen. */
import type { Browser, BrowserContext } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { tryVote } from "../demo/try-vote.ts";
import { describeWithTool } from "../outside-tools.ts";
import { findings, openBrowser } from "./browser.fixture.ts";
import { demoFolder, type StartedDemo, startDemo } from "./demo.fixture.ts";

const PAGES = ["/", "/trends", "/trends?exact=1&by=day&office=tributi", "/files"];
const WIDTHS = [320, 1_280, 2_560];

describeWithTool("chromium", "the pages of figures", (chromium) => {
  const folder = demoFolder();
  let demo: StartedDemo;
  let browser: Browser;
  let state: Awaited<ReturnType<BrowserContext["storageState"]>>;

  beforeAll(async () => {
    demo = await startDemo(folder.path);
    browser = await openBrowser(chromium);
    // The first account, as whoever starts the demo makes it.
    const context = await browser.newContext();
    state = await signedIn(context, demo.link);
    await context.close();
  });
  afterAll(async () => {
    await browser.close();
    await demo.stop();
    folder.remove();
  });

  const open = async (options: Parameters<Browser["newContext"]>[0] = {}) => {
    const context = await browser.newContext({ locale: "en-GB", storageState: state, ...options });
    const page = await context.newPage();
    const wrong: string[] = [];
    page.on("console", (message) => {
      if (message.type() === "error") wrong.push(message.text());
    });
    page.on("pageerror", (error) => wrong.push(error.message));
    return { page, wrong, close: () => context.close() };
  };

  it.each(["light", "dark"] as const)(
    "have no finding of axe-core, no sideways scrolling and no error, %s, at any width",
    async (colorScheme) => {
      const { page, wrong, close } = await open({ colorScheme });
      for (const path of PAGES) {
        for (const width of WIDTHS) {
          await page.setViewportSize({ width, height: 900 });
          await page.goto(`${demo.url}${path}`);
          // What is folded away is looked at too.
          for (const summary of await page.locator("summary").all()) await summary.click();
          expect([path, width, await findings(page)]).toEqual([path, width, []]);
          const overflow = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
          expect([path, width, overflow]).toEqual([path, width, false]);
        }
      }
      expect(wrong).toEqual([]);
      await close();
    },
  );

  it("show a vote the moment it is counted, without being reloaded", async () => {
    const { page, wrong, close } = await open();
    await page.goto(`${demo.url}/`);
    await page.locator("#live-state.on").waitFor();
    const before = Number(await page.locator("#votes-today").textContent());
    const place = { url: demo.url, panel: demo.panels[0] ?? "", credentials: demo.credentials };
    expect(await tryVote(place, () => undefined)).toBe(true);
    await page.waitForFunction(
      (n) => Number(document.querySelector("#votes-today")?.textContent) === n,
      before + 1,
    );
    expect(wrong).toEqual([]);
    await close();
  });

  it("hold the same without scripts, and lead on by keyboard past the header", async () => {
    const { page, close } = await open({ javaScriptEnabled: false });
    await page.goto(`${demo.url}/?lang=en`);
    expect(Number(await page.locator("#votes-today").textContent())).toBeGreaterThan(0);
    expect(await page.locator("#live-state").textContent()).toBe("The figures do not move by themselves.");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    expect(page.url()).toContain("#content");
    await page.getByRole("link", { name: "Trends" }).click();
    await page.getByRole("button", { name: "Show" }).click();
    expect(await page.title()).toBe("Trends");
    await close();
  });

  it("are for who is signed in", async () => {
    const { page, close } = await open({ storageState: { cookies: [], origins: [] } });
    for (const path of PAGES) {
      await page.goto(`${demo.url}${path}`);
      expect(new URL(page.url()).pathname).toBe("/sign-in");
      expect(await page.locator(".menu").count()).toBe(0);
    }
    await close();
  });
});

async function signedIn(context: BrowserContext, link: string) {
  const page = await context.newPage();
  await page.goto(link);
  return context.storageState();
}

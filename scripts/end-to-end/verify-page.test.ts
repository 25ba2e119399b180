/** Anybody checks a proof in the system's Chromium, with the page as `faccine verify --page` writes it, put on a web site of one's own. */
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { VERIFY } from "../commands/verify.ts";
import { describeWithTool } from "../outside-tools.ts";
import { liarWith, writeReadProof } from "../verify/lies.fixture.ts";
import { filesOfFolder, readProof } from "../verify/read-proof.ts";
import { liveThroughMonth, MONTH, SILENT_DAY, type Town } from "../verify/town.fixture.ts";
import { findings, openBrowser } from "./browser.fixture.ts";
import { type Site, serveFolder } from "./site.fixture.ts";

describeWithTool("chromium", "a proof checked in a browser", (chromium) => {
  let town: Town;
  let site: string;
  let served: Site;
  let browser: Browser;
  beforeAll(async () => {
    town = await liveThroughMonth();
    site = mkdtempSync(join(tmpdir(), "faccine-site-"));
    await VERIFY.run(["--page", join(site, "verify")]);
    cpSync(town.folder, join(site, "proof"), { recursive: true });
    const honest = await readProof(filesOfFolder(town.folder));
    writeReadProof(join(site, "lie"), liarWith(honest, town.key).lie("changes a face"));
    served = await serveFolder(site);
    browser = await openBrowser(chromium);
  }, 120_000);
  afterAll(async () => {
    await browser.close();
    served.close();
    await town.store.close();
    for (const folder of [site, town.folder]) rmSync(folder, { recursive: true });
  });

  const url = (name: string) => `${served.url}/verify/${name}`;
  const check = async (page: Page, address: string, key = "") => {
    await page.goto(address);
    await page.locator("#key").fill(key);
    await page.locator("button").press("Enter");
    await page.locator('#verdict:is([data-kind="good"], [data-kind="bad"])').waitFor({ timeout: 60_000 });
    return {
      verdict: await page.locator("#verdict").textContent(),
      found: await page.locator("#found li").allTextContents(),
    };
  };

  it("holds, with its silent day named; by keyboard, in both languages", async () => {
    const page = await browser.newPage();
    const english = await check(page, url("en.html"));
    expect(english.verdict).toBe("Everything that can be checked holds.");
    expect(english.found).toContain(`Nothing was stated by totem-2 ${SILENT_DAY}.`);
    expect(english.found.join("\n")).toMatch(new RegExp(`${MONTH}: \\d+ figures proved`));
    expect((await check(page, url("index.html"))).verdict).toBe("Tutto ciò che si può verificare torna.");
  });

  it("is told to be another gateway's, a lie, or nothing at all", async () => {
    const page = await browser.newPage();
    expect((await check(page, url("en.html"), "00".repeat(32))).verdict).toContain("1 findings");
    const lie = await check(page, url("en.html?proof=../lie/"));
    expect(lie.verdict).toMatch(/does not hold: \d+ findings/);
    expect(lie.found.join("\n")).toContain("is not what the totems' commitments open to");
    const nothing = await check(page, url("en.html?proof=../nothing/"));
    expect(nothing.verdict).toContain("index.json: the server answered 404");
  });

  it("has no finding of axe-core, wide and narrow", async () => {
    const page = await browser.newPage();
    for (const width of [1280, 320]) {
      await page.setViewportSize({ width, height: 900 });
      await check(page, url("index.html"));
      expect([width, await findings(page)]).toEqual([width, []]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth > innerWidth)).toBe(false);
    }
  });
});

/** Citizens at a virtual totem, in the system's Chromium; what they voted is in the CSV, and nothing else. */
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { describeWithTool } from "../outside-tools.ts";
import { findings, openBrowser, openPanel, type Panel } from "./browser.fixture.ts";
import { demoFolder, eventually, type StartedDemo, startDemo } from "./demo.fixture.ts";
import { exactVotes, status } from "./requests.fixture.ts";

describeWithTool("chromium", "citizens at the panel", (chromium) => {
  const folder = demoFolder();
  const expected = { green: 0, yellow: 0, red: 0, reason_wait: 0, reason_staff: 0, reason_none: 0 };
  let demo: StartedDemo;
  let browser: Browser;
  let panel: Panel;

  beforeAll(async () => {
    demo = await startDemo(folder.path);
    browser = await openBrowser(chromium);
    panel = await openPanel(browser, demo.panels[0] ?? "");
  });
  afterAll(async () => {
    await browser.close();
    await demo.stop();
    folder.remove();
  });

  const votesAre = async () => {
    const votes = await eventually(
      () => exactVotes(demo),
      (counted) => Object.entries(expected).every(([column, count]) => counted[column] === count),
    );
    expect(votes["votes_valid"]).toBe(expected.green + expected.yellow + expected.red);
    expect(await status(demo)).toMatchObject({ addsUp: true, problems: [] });
  };

  it("are asked for the receipt when they press without one", async () => {
    await panel.press("green");
    await panel.waitFor("idle");
    await panel.page.locator('#pictogram-show-receipt[data-lamp="blink"]').waitFor();
  });

  it("press red, give a reason, and change their face; a second citizen scans at once", async () => {
    await panel.print();
    await panel.print();
    await panel.scanReceipt(1);
    await panel.waitFor("awaiting-face");
    await panel.press("red");
    await panel.waitFor("thanked");
    await panel.page.locator('#key-wait[data-lamp="on"]').waitFor();
    // The lock-out is per key: another key answers at once.
    await panel.press("wait");
    await panel.press("yellow");
    await panel.page.locator('#key-wait[data-lamp="off"]').waitFor();
    await panel.scanReceipt(0);
    await panel.waitFor("awaiting-face");
    await panel.press("green");
    await panel.waitFor("thanked");
    // The reason went with the red face.
    expected.yellow += 1;
    expected.green += 1;
    await panel.waitFor("idle");
    await panel.drained();
    await votesAre();
  });

  it("get thanks again when they show the code once more, and are refused later", async () => {
    await panel.print();
    await panel.scanReceipt(0);
    await panel.press("yellow");
    await panel.waitFor("thanked");
    await panel.scanReceipt(0);
    await panel.waitFor("thanked");
    expected.yellow += 1;
    await panel.waitFor("idle");
    // From ten seconds after the session the same code is an attempt to vote twice.
    await eventually(
      async () => {
        await panel.waitFor("idle");
        await panel.scanReceipt(0);
        await panel.page.locator('#totem:not([data-state="idle"])').waitFor();
        return panel.page.locator("#totem").getAttribute("data-refusal");
      },
      (refusal) => refusal === "used",
    );
    await panel.waitFor("idle");
    await votesAre();
  });

  it("are refused, two codes glued together or none at all", async () => {
    await panel.print();
    await panel.print();
    await panel.page.locator("#scan-both").click();
    await panel.waitFor("refused", "malformed");
    await panel.waitFor("idle");
  });

  it("vote while the network is cut; the votes arrive once it is back", async () => {
    await panel.network(false);
    await panel.print();
    await panel.scanReceipt(0);
    await panel.press("green");
    await panel.waitFor("thanked");
    await panel.waitFor("idle");
    await panel.page.waitForFunction(
      () => Number(document.querySelector("#journal-pending")?.textContent) > 0,
    );
    await votesAre();
    expected.green += 1;
    await panel.network(true);
    await panel.drained();
    await votesAre();
  });

  it("lose no thanked vote to a power cut in any state", async () => {
    await panel.cutPower();
    await panel.waitFor("idle");
    await panel.print();
    await panel.scanReceipt(0);
    await panel.waitFor("awaiting-face");
    await panel.cutPower();
    // The ticket was not spent.
    await panel.waitFor("idle");
    await panel.scanReceipt(0);
    await panel.waitFor("awaiting-face");
    await panel.press("red");
    await panel.waitFor("thanked");
    await panel.press("staff");
    await panel.cutPower();
    expected.red += 1;
    expected.reason_staff += 1;
    await panel.waitFor("idle");
    await panel.scanReceipt(0);
    await panel.waitFor("refused", "used");
    await panel.cutPower();
    await panel.waitFor("idle");
    await panel.drained();
    await votesAre();
  });

  it("vote on with a clock that is wrong and that nobody vouches for", async () => {
    await panel.page.locator("#clock-offset").fill("-5000");
    await panel.page.locator("#clock-synchronized").setChecked(false);
    await panel.page.locator("#clock-set").click();
    await panel.print();
    await panel.scanReceipt(0);
    await panel.waitFor("awaiting-face");
    await panel.press("green");
    await panel.waitFor("thanked");
    expected.green += 1;
    await panel.waitFor("idle");
    await panel.drained();
    await votesAre();
  });

  it("meet pages without a finding of axe-core, in both languages, wide and narrow", async () => {
    const gateway = await browser.newPage();
    await gateway.goto(demo.link);
    for (const language of ["it", "en"]) {
      for (const [page, url] of [
        [panel.page, `${demo.panels[0]}/?lang=${language}`],
        [gateway, `${demo.url}/?lang=${language}`],
      ] as const) {
        for (const width of [1280, 320]) {
          await page.setViewportSize({ width, height: 900 });
          await page.goto(url);
          expect([url, width, await findings(page)]).toEqual([url, width, []]);
          const overflow = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
          expect([url, width, overflow]).toEqual([url, width, false]);
        }
      }
    }
  });

  it("would be told of a finding: the check can fail", async () => {
    const page = await browser.newPage();
    await page.setContent('<html lang="it"><title>x</title><main><h1>x</h1><img src="data:,"></main></html>');
    expect((await findings(page)).join()).toContain("image-alt");
  });

  it("can do everything by keyboard", async () => {
    await panel.page.setViewportSize({ width: 1280, height: 1000 });
    await panel.page.goto(demo.panels[0] ?? "");
    const focusAndPress = async (selector: string) => {
      for (let tabs = 0; tabs < 60; tabs++) {
        if (await panel.page.evaluate((s) => document.activeElement?.matches(s) ?? false, selector)) break;
        await panel.page.keyboard.press("Tab");
      }
      expect(await panel.page.evaluate((s) => document.activeElement?.matches(s), selector)).toBe(true);
      await panel.page.keyboard.press("Enter");
    };
    // The receipts of before are in hand again: the page has joined its controls.
    await panel.page.locator("#receipts .receipt-scan").first().waitFor();
    await panel.print(() => focusAndPress("#print"));
    await focusAndPress(".receipt-scan");
    await panel.waitFor("awaiting-face");
    await focusAndPress("#key-yellow");
    await panel.waitFor("thanked");
    expected.yellow += 1;
    await panel.waitFor("idle");
    await panel.drained();
    await votesAre();
  });
});

/** Coming in by another system, in the system's Chromium: a real provider, and a gateway behind a proxy as most stand. */
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { request as ask, createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { KNOWN_MS } from "#gateway/access/oidc.ts";
import { startProvider, type TestProvider } from "#gateway/access/oidc-provider.fixture.ts";
import { type Gateway, startGateway } from "#gateway/gateway.ts";
import { openSqliteStore } from "#gateway/store/sqlite/sqlite-store.ts";
import { OIDC_WORDS } from "#gateway/web/oidc-words.ts";
import { fullTownSettings, TOWN_PLACES } from "../bench/town.ts";
import { describeWithTool } from "../outside-tools.ts";
import { findings, openBrowser } from "./browser.fixture.ts";
import { demoFolder } from "./demo.fixture.ts";

const PEOPLE = {
  ada: { preferred_username: "ada", groups: ["faccine-it"] },
  cyd: { preferred_username: "cyd", groups: ["giardinieri", "tutti"] },
};
const WORDS = OIDC_WORDS.en;

describeWithTool("chromium", "coming in by another system", (chromium) => {
  const folder = demoFolder();
  let door: Server;
  let provider: TestProvider;
  let gateway: Gateway;
  let browser: Browser;
  let url: string;
  let aheadMs = 0;
  beforeAll(async () => {
    door = createServer((request, response) => {
      const { method, headers } = request;
      const on = ask(new URL(request.url ?? "/", gateway.url), { method, headers }, (answer) => {
        response.writeHead(answer.statusCode ?? 500, answer.headers);
        answer.pipe(response);
      });
      request.pipe(on);
    }).listen(0, "127.0.0.1");
    await once(door, "listening");
    url = `http://127.0.0.1:${(door.address() as AddressInfo).port}`;
    provider = await startProvider(PEOPLE, { address: `${url}/` });
    const quiet = () => undefined;
    const roles = [
      { value: "faccine-it", role: "admin" },
      { value: "sportello", role: "office", officeId: TOWN_PLACES[0]?.officeId ?? "" },
    ] as const;
    const settings = {
      ...fullTownSettings(),
      ...{ dataDir: folder.path, access: { oidc: { ...provider.setting, roles: [...roles] } } },
    };
    gateway = await startGateway({
      ...{ settings, log: { info: quiet, warn: quiet, error: quiet } },
      ...{ nowMs: () => Date.now() + aheadMs, random: () => 0.5, randomBytes },
      store: openSqliteStore(join(folder.path, "gateway.db"), Date.now()),
    });
    browser = await openBrowser(chromium);
  });
  afterAll(async () => {
    await browser.close();
    await gateway.close();
    await provider.close();
    door.closeAllConnections();
    door.close();
    folder.remove();
  });

  const signInAtProvider = async (page: Page, login: string) => {
    await page.getByPlaceholder("Enter any login").fill(login);
    await page.getByPlaceholder("and password").fill("any");
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "Continue" }).click();
  };

  it.each([true, false])(
    "leads there and back to the page that was wanted, scripts %s",
    async (javaScriptEnabled) => {
      const context = await browser.newContext({ javaScriptEnabled, locale: "en-GB" });
      const page = await context.newPage();
      await page.goto(`${url}/files?lang=en`);
      await page.getByRole("link", { name: WORDS.signInWith("Comune") }).click();
      await signInAtProvider(page, "ada");
      await page.waitForURL(`${url}/files?lang=en`);
      expect(await page.locator("h1").textContent()).toBe("Files to download");
      await context.close();
    },
  );

  it("says to who has no role what they are, in both languages, wide and narrow, with nothing for axe-core to find", async () => {
    const context = await browser.newContext({ locale: "en-GB" });
    const page = await context.newPage();
    await page.goto(`${url}/sign-in?lang=en`);
    expect(await findings(page)).toEqual([]);
    await page.getByRole("link", { name: WORDS.signInWith("Comune") }).click();
    await signInAtProvider(page, "cyd");
    await page.getByText(WORDS.titles["no-role"]).first().waitFor();
    expect(await page.locator("li").allTextContents()).toEqual(["giardinieri", "tutti"]);
    for (const width of [1280, 320]) {
      await page.setViewportSize({ width, height: 800 });
      expect(await findings(page)).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth > innerWidth)).toBe(false);
    }
    await context.close();
  });

  it("stands aside while the provider is down: the sign-in page says so, and its own form is there", async () => {
    provider.setDown(true);
    const context = await browser.newContext({ locale: "it-IT", colorScheme: "dark" });
    const page = await context.newPage();
    aheadMs = KNOWN_MS;
    await page.goto(`${url}/sign-in/oidc/callback?state=x`);
    expect(await findings(page)).toEqual([]);
    await page.getByRole("link", { name: OIDC_WORDS.it.again }).click();
    await page.getByText(OIDC_WORDS.it.down("Comune")).waitFor();
    expect(await page.locator("#password").isVisible()).toBe(true);
    expect(await findings(page)).toEqual([]);
    await context.close();
    provider.setDown(false);
  });
});

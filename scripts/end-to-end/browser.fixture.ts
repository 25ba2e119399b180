/**
 * The system's Chromium, and a virtual totem's panel as a person uses it.
 */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { type Browser, chromium, type Page } from "playwright-core";

/** No sandbox: tests run as root in containers. No calls home: there is no network, and nothing to say. */
const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** What axe-core finds on a page: rule and element of each finding. */
export async function findings(page: Page): Promise<readonly string[]> {
  // By the debugger, because the page's policy rightly forbids foreign scripts.
  await page.evaluate(axe);
  return page.evaluate(async () => {
    const { axe } = globalThis as unknown as {
      axe: { run: () => Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
    };
    const { violations } = await axe.run();
    return violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html}`));
  });
}

export function openBrowser(executablePath: string): Promise<Browser> {
  return chromium.launch({ executablePath, args: FLAGS });
}

export type Panel = {
  readonly page: Page;
  /** Prints a receipt, by a click or in another way, and waits until it is in hand. */
  readonly print: (ask?: () => Promise<void>) => Promise<void>;
  /** Scans a receipt in hand: 0 is the newest. */
  readonly scanReceipt: (position: number) => Promise<void>;
  readonly press: (key: string) => Promise<void>;
  readonly waitFor: (state: string, refusal?: string) => Promise<void>;
  readonly cutPower: () => Promise<void>;
  readonly network: (plugged: boolean) => Promise<void>;
  /** Resolves when the journal holds nothing undelivered. */
  readonly drained: () => Promise<void>;
};

/** Opens a panel. */
export async function openPanel(browser: Browser, url: string): Promise<Panel> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 1000 }, locale: "it-IT" });
  await page.goto(url);
  const waitFor = async (state: string, refusal = "") => {
    const shown = `#totem[data-power="on"][data-state="${state}"][data-refusal="${refusal}"]`;
    await page
      .locator(shown)
      .waitFor()
      .catch(async (error: Error) => {
        throw new Error(`${error.message}\nThe panel shows ${await shownBy(page)}`);
      });
  };
  return {
    page,
    waitFor,
    print: (ask = () => page.locator("#print").click()) => printReceipt(page, ask),
    scanReceipt: (position) => page.locator("#receipts .receipt-scan").nth(position).click(),
    press: async (key) => {
      // The totem answers once everything that followed from the press is stored.
      const answered = page.waitForResponse((response) => response.url().endsWith("/panel/press"));
      await page.locator(`#key-${key}`).click();
      await answered;
    },
    cutPower: async () => {
      await page.locator("#cut-power").click();
      await page.locator('#totem[data-power="off"]').waitFor();
      await page.locator('#totem[data-power="on"]').waitFor();
    },
    network: async (plugged) => {
      await page.locator("#network-plugged").setChecked(plugged);
      await page.locator(`#connected[data-connected="${plugged}"]`).waitFor({ timeout: 150_000 });
    },
    drained: async () => {
      await page.waitForFunction(() => document.querySelector("#journal-pending")?.textContent === "0");
    },
  };
}

/** What the panel says of its totem, and to whoever pressed last: why it is not what was waited for. */
async function shownBy(page: Page): Promise<string> {
  return page.evaluate(() => {
    const dataset = document.querySelector<HTMLElement>("#totem")?.dataset;
    const notice = document.querySelector("#notice")?.textContent;
    return JSON.stringify({ ...dataset, notice, focus: document.activeElement?.outerHTML.slice(0, 200) });
  });
}

async function printReceipt(page: Page, ask: () => Promise<void>): Promise<void> {
  const answered = page.waitForResponse((response) => response.url().endsWith("/panel/ticket"));
  await ask();
  const { code } = (await (await answered).json()) as { readonly code: string };
  await page.waitForFunction(
    (printed) => document.querySelector<HTMLInputElement>("#receipts .receipt-code")?.value === printed,
    code,
  );
}

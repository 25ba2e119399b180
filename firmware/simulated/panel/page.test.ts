/** The page and the files it asks for: both languages, before and without its script. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { KEYS } from "#schemas/code-list.ts";
import { PANEL_PICTOGRAMS, type PanelState } from "#schemas/panel.ts";
import { wordsOf } from "#schemas/wording.ts";
import { panelPage } from "./page.ts";
import { type PageWords, pageWords } from "./page-words.ts";
import { openTestPanel, type TestPanel } from "./panel.fixture.ts";
import { PANEL_WORDS } from "./panel-words.ts";

let totem: TestPanel;
let state: PanelState;
beforeAll(async () => {
  totem = await openTestPanel();
  state = await totem.state();
});
afterAll(() => totem.close());

const page = (language: "it" | "en", over: Partial<PanelState> = {}, canPrint = true) =>
  panelPage({ language, state: { ...state, ...over }, canPrint });

describe("the page's language", () => {
  it("is Italian unless asked for English, and says so to a screen reader", async () => {
    const languages = {
      "/": "it",
      "/?lang=it": "it",
      "/?lang=en": "en",
      "/?lang=xx": "it",
      "/?lang=en&lang=it": "it",
    };
    for (const [address, language] of Object.entries(languages)) {
      expect((await totem.ask(address)).text).toContain(`<html lang="${language}"`);
    }
  });

  it("can be changed from the page, in words of the other language", () => {
    expect(page("it")).toContain('<a class="language" href="?lang=en" hreflang="en" lang="en"');
    expect(page("en")).toContain('<a class="language" href="?lang=it" hreflang="it" lang="it"');
  });

  it("gives the citizen's words of the wording in force, and known words for an unknown one", () => {
    for (const language of ["it", "en"] as const) {
      expect(pageWords(1, language).citizen).toEqual(wordsOf(1, language));
      expect(pageWords(9_999, language)).toMatchObject({ wording: 9_999, citizen: wordsOf(1, language) });
    }
  });

  it("leaves no word of the panel empty or untranslated", () => {
    const [italian, english] = [leavesOf(PANEL_WORDS.it), leavesOf(PANEL_WORDS.en)];
    // The one word that is the same in both.
    const same = new Set(["totem.title"]);
    expect([...english.keys()]).toEqual([...italian.keys()]);
    for (const [name, text] of italian) {
      expect(text.trim(), name).not.toBe("");
      if (!same.has(name)) expect(english.get(name), name).not.toBe(text);
    }
  });

  it("comes with its words for the script", async () => {
    const words = JSON.parse((await totem.ask("/panel/words?lang=en")).text) as PageWords;
    expect(words).toEqual(pageWords(1, "en"));
  });
});

describe("the page", () => {
  it("has every key as a button with a name, and the service key inside the closed case alone", () => {
    const text = page("it");
    for (const key of KEYS) {
      expect(text).toMatch(
        new RegExp(`<button type="button" class="[^"]*" id="key-${key}" data-key="${key}"`),
      );
    }
    const [citizens, inside] = text.split('<details class="case"');
    expect(citizens).not.toContain("key-service");
    expect(inside?.slice(0, inside.indexOf("</details>"))).toContain('id="key-service"');
    expect(inside).not.toMatch(/^[^>]* open/);
  });

  it("shows lamps and pictograms of the moment without any script", () => {
    const lit = page("it", {
      state: "thanked",
      lamps: { ...state.lamps, wait: "on" },
      pictograms: { ...state.pictograms, showReceipt: "off", thankYou: "on" },
    });
    expect(lit).toContain('id="key-wait" data-key="wait" data-lamp="on"');
    expect(lit).toContain('data-pictogram="thankYou" data-lamp="on"');
    expect(lit).toContain('role="status" aria-atomic="true">Grazie. Qual è il motivo?</p>');
    for (const name of PANEL_PICTOGRAMS) expect(lit).toContain(`data-pictogram="${name}"`);
  });

  it("tells lamps apart in words, not by colour alone", () => {
    const text = page("en", { lamps: { ...state.lamps, red: "blink" } });
    expect(text).toContain('<span class="unseen" id="lamp-red">lamp blinking</span>');
    expect(text).toContain('<span class="unseen" id="lamp-green">lamp off</span>');
  });

  it("is marked as sample data when the settings say so, and only then", () => {
    const marks = (text: string) =>
      [...text.matchAll(/<p [^>]*data-sample( hidden)?>/g)].map((m) => m[1] ?? "");
    expect(marks(page("it", { sample: true }))).toEqual(["", ""]);
    expect(marks(page("it", { sample: false }))).toEqual([" hidden", " hidden"]);
    expect(page("it")).toContain("Dati di esempio");
  });

  it("says what is missing without JavaScript", () => {
    expect(page("it")).toMatch(/<noscript>.*Senza JavaScript.*<\/noscript>/);
    expect(page("en")).toMatch(/<noscript>.*Without JavaScript.*<\/noscript>/);
  });

  it("offers a printer only where there is one, and says when services are not known yet", () => {
    expect(page("it", {}, true)).toContain('id="print"');
    expect(page("it", {}, false)).not.toContain('id="print"');
    expect(page("it", {}, false)).toContain("non ha una stampante");
    expect(page("it", { services: [] })).toContain('<p id="no-services">');
  });

  it("has nothing inline that its own policy would forbid", () => {
    const text = page("it") + page("en");
    expect(text).not.toMatch(/<script(?![^>]* src=)/);
    expect(text).not.toMatch(/<style|\sstyle=|\son[a-z]+=|javascript:/i);
  });

  it("loads nothing from elsewhere, and everything it loads is there", async () => {
    const addresses = [...page("it").matchAll(/(?:href|src)="([^"?#][^"]*)"/g)].map((m) => m[1] ?? "");
    expect(addresses.length).toBeGreaterThan(5);
    for (const address of addresses) {
      expect(address).toMatch(/^\/[a-z]/);
      expect((await totem.ask(address)).status, address).toBe(200);
    }
  });

  it("writes a name from outside as text only", () => {
    const text = page("it", { services: ['<img src=x onerror="alert(1)">'], totemId: "<b>totem" });
    expect(text).not.toContain("<img");
    expect(text).not.toContain("<b>");
  });
});

describe("the page's script", () => {
  it("is the reviewed source without its types, and every module it imports is served", async () => {
    const asked = new Set<string>();
    const waiting = ["/panel.js"];
    for (let address = waiting.pop(); address !== undefined; address = waiting.pop()) {
      if (asked.has(address)) continue;
      asked.add(address);
      const { status, headers, text } = await totem.ask(address);
      expect([address, status, headers["content-type"]]).toEqual([
        address,
        200,
        "text/javascript; charset=utf-8",
      ]);
      expect(text).not.toMatch(/import type|#schemas|: string/);
      for (const [, specifier] of text.matchAll(/^(?:import|export) .*from "([^"]+)"/gm)) {
        waiting.push(new URL(specifier ?? "", `http://panel${address}`).pathname);
      }
    }
    expect(asked.size).toBeGreaterThan(10);
  });

  it("hands out no other file of the firmware", async () => {
    const others = [
      "/panel.ts",
      "/browser/../panel.ts",
      "/browser/%2e%2e/guard.ts",
      "/browser/",
      "/client.ts",
      "/..%2f..%2f..%2fpackage.json",
    ];
    for (const address of others) expect((await totem.ask(address)).status, address).toBe(404);
  });
});

function leavesOf(tree: object, path = ""): Map<string, string> {
  return new Map(
    Object.entries(tree).flatMap(([name, value]): [string, string][] =>
      typeof value === "string" ? [[path + name, value]] : [...leavesOf(value as object, `${path}${name}.`)],
    ),
  );
}

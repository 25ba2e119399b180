import { describe, expect, it } from "vitest";
import { KEYS } from "#schemas/code-list.ts";
import { SELF_TEST_STEPS } from "#schemas/self-test.ts";
import { GUIDE_LANGUAGES } from "../bilingual.ts";
import { physicalPin } from "../boards.ts";
import { CASE } from "../enclosure/case.ts";
import { KEY_REFS, PARTS } from "../parts.ts";
import { KEY_PINS } from "../wiring.ts";
import { assemblyManual, STEPS } from "./manual.ts";
import { PICTURE } from "./picture.ts";
import { partName, waysOf } from "./tables.ts";

const FILES = new Map(assemblyManual().map(({ name, text }) => [name, text]));
const text = (name: string) => FILES.get(name) ?? "";

describe("the assembly manual", () => {
  it("leads from the empty board to the self-test, each step with checks and what goes wrong", () => {
    expect(STEPS.map(({ id }) => id)).toEqual([
      ...["board", "harness", "keys", "drivers", "scanner", "sound"],
      ...["power", "case", "mounting", "first-power-on", "self-test"],
    ]);
    for (const { id, checks, troubles, actions } of STEPS) {
      expect([id, checks.length > 0, troubles.length > 0, actions.length > 0]).toEqual([
        id,
        true,
        true,
        true,
      ]);
    }
  });

  it("shows in both languages the same pictures, every one of which is there and is used", () => {
    const pictures = [...FILES.keys()].filter((name) => name.endsWith(".svg"));
    for (const language of GUIDE_LANGUAGES) {
      const shown = [...text(`assembly.${language}.md`).matchAll(/\]\(([^)]+\.svg)\)/g)].map(
        ([, name]) => name,
      );
      expect(shown).toEqual(pictures);
    }
  });

  it("says in both languages that nobody has built from it yet", () => {
    expect(text("assembly.it.md")).toContain("Non ancora provato");
    expect(text("assembly.en.md")).toContain("Not tried yet");
  });

  it("names every pin, place and way from the data", () => {
    for (const language of GUIDE_LANGUAGES) {
      const manual = text(`assembly.${language}.md`);
      for (const key of KEYS) {
        expect(manual).toContain(`| ${KEY_REFS[key]} |`);
        expect(manual).toContain(`${KEY_PINS[key]} · ${physicalPin(KEY_PINS[key])}`);
      }
      for (const { x, y } of CASE.keys) expect(manual).toContain(`| ${x}, ${y} |`);
      expect(manual).not.toMatch(/undefined|NaN|\[object/);
    }
  });

  it("tells of each limit which clause it is from and whether that was read", () => {
    const manual = text("assembly.en.md");
    expect(manual).toContain("| highest control above the floor | 1220 mm | EN 301 549, 8.3.3 | read |");
    expect(manual).toContain("| EN 301 549, 5.9 | heading only |");
    expect(text("assembly.it.md")).toContain(
      "| forza massima su un tasto | 22,2 N | EN 301 549, 8.4.2.2 | letta |",
    );
  });

  it("leaves out no step of the self-test", () => {
    const manual = text("assembly.en.md");
    const words = {
      keys: "keys",
      lamps: "lamps",
      pictograms: "pictograms",
      buzzer: "buzzer",
      voice: "voice",
      scanner: "scanner",
    };
    for (const step of SELF_TEST_STEPS) {
      if (step !== "checks") expect(manual.split("## 11.")[1]).toContain(words[step]);
    }
  });

  it("has pictures that print on a page, in millimetres, and hold no sentences of one language", () => {
    for (const [name, picture] of FILES) {
      if (!name.endsWith(".svg")) continue;
      expect(picture).toContain(`width="${PICTURE.width}mm" height="${PICTURE.height}mm"`);
      expect(picture).not.toMatch(/NaN|undefined/);
      // The plate's own engraving is in both languages; everything else is a reference, a figure or a terminal.
      if (!["10-first-power-on.svg", "11-self-test.svg"].includes(name)) {
        const words = [...picture.matchAll(/<text[^>]*>([^<]*)</g)].map(([, word]) => word ?? "");
        for (const word of words) expect(word).not.toMatch(/[a-z]{4,}/);
      }
    }
  });
});

describe("the tables", () => {
  it("have every way of a connector once, in order", () => {
    for (const [name, count] of [
      ["J1", 12],
      ["J2", 14],
      ["J3", 2],
    ] as const) {
      expect(waysOf(name).map(({ way }) => way)).toEqual(
        Array.from({ length: count }, (_, index) => index + 1),
      );
    }
  });

  it("name parts that exist, and refuse one that does not", () => {
    for (const { parts } of STEPS)
      for (const ref of parts) expect(PARTS.map((one) => one.ref)).toContain(ref);
    expect(() => partName("S99", "it")).toThrow("no part is called S99");
  });
});

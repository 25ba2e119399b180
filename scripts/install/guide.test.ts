import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { INSTALL } from "../commands/install.ts";
import { bareRoot, smallClone } from "./install.fixture.ts";
import { install } from "./install.ts";
import { ROLES } from "./roles.ts";
import { PURGE_WORDS } from "./uninstall-plan.ts";

const GUIDES = ["en", "it"].map((language) => ({
  language,
  guide: readFileSync(`hardware/guides/install.${language}.md`, "utf8"),
}));

describe.each(GUIDES)("the guide to installing ($language)", ({ guide }) => {
  it("names only options that the command has", () => {
    const named = [...guide.matchAll(/(?:faccine|faccine\.mjs) install ([^\n`]*)/g)].flatMap(
      ([, rest = ""]) => rest.match(/--[a-z-]+/g),
    );
    expect(named.length).toBeGreaterThan(3);
    for (const option of named) expect(INSTALL.help).toContain(`  ${option} `);
    expect(guide).toContain(`--confirm "${PURGE_WORDS}"`);
  });

  it("explains every word that a dry run puts in front of a line", () => {
    const lines: string[] = [];
    const order = {
      role: ROLES.totem,
      source: smallClone(),
      root: bareRoot(),
      isDry: true,
      givenSettings: null,
    };
    install(order, { say: (line) => lines.push(line), complain: (line) => lines.push(line) });
    const states = lines.flatMap(
      (line) => /^ {2}(to do|nothing to do|kept|skipped) {2}/.exec(line)?.[1] ?? [],
    );
    expect(states.length).toBeGreaterThan(20);
    for (const state of new Set(states)) expect(guide).toContain(`| \`${state}\` |`);
    expect(lines.at(-1)).toBe("Nothing was done: this was a dry run.");
  });

  it("names places and units as they are installed", () => {
    for (const name of [ROLES.totem.settingsFile, ROLES.totem.dataDir, "faccine-totem", "/opt/faccine"]) {
      expect(guide).toContain(name);
    }
  });
});

it("the guides to installing say the same in both languages: the same commands in the same steps", () => {
  const [english, italian] = GUIDES.map(({ guide }) => ({
    // Comments are words, and each language has its own.
    commands: [...guide.matchAll(/```sh\n([^`]*)```/g)].map(([, code = ""]) => code.replaceAll(/ *#.*/g, "")),
    steps: guide.match(/^(\d\.|\*\*|#|\|)/gm),
    names: [...guide.matchAll(/`([^`\n]+)`/g)].map(([, name]) => name).sort(),
  }));
  expect(italian).toEqual(english);
  expect(english?.commands.length).toBeGreaterThan(5);
});

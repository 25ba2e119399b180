import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import packageJson from "../package.json" with { type: "json" };
import { OUTSIDE_TOOLS } from "./outside-tools.ts";

const read = (file: string) => readFileSync(file, "utf8");

describe("publiccode.yml, as version 0.4 of the standard asks for it", () => {
  const code = parse(read("publiccode.yml"));

  it.each([
    "publiccodeYmlVersion",
    "name",
    "url",
    "platforms",
    "categories",
    "developmentStatus",
    "softwareType",
    "description",
    "legal",
    "maintenance",
    "localisation",
  ])("names its %s", (key) => {
    expect(code[key]).toBeDefined();
  });

  it("keeps to the allowed values", () => {
    expect(code.publiccodeYmlVersion).toBe("0.4");
    expect(["concept", "development", "beta", "stable", "obsolete"]).toContain(code.developmentStatus);
    expect(code.softwareType).toMatch(/^(standalone\/(mobile|iot|desktop|web|backend|other)|addon|library)$/);
    expect(["internal", "contract", "community", "none"]).toContain(code.maintenance.type);
    expect(code.localisation.localisationReady).toBe(true);
    expect(code.localisation.availableLanguages).toEqual(["it", "en"]);
    expect(code.platforms.length).toBeGreaterThan(0);
    expect(URL.canParse(code.url)).toBe(true);
  });

  it("describes itself in Italian and English within the lengths", () => {
    expect(Object.keys(code.description)).toEqual(["it", "en"]);
    for (const { shortDescription, longDescription, features } of Object.values<Description>(
      code.description,
    )) {
      expect(shortDescription.length).toBeLessThanOrEqual(150);
      expect(longDescription.length).toBeGreaterThanOrEqual(150);
      expect(longDescription.length).toBeLessThanOrEqual(10_000);
      expect(features.length).toBeGreaterThan(0);
    }
  });

  it("promises maintenance only with somebody to ask", () => {
    const { type, contacts = [] } = code.maintenance;
    if (type === "none") expect(contacts).toEqual([]);
    else expect(contacts.length).toBeGreaterThan(0);
  });

  it("has the licence of the package", () => {
    expect(code.legal.license).toBe(packageJson.license);
  });
});

type Description = { shortDescription: string; longDescription: string; features: readonly string[] };

it("the licence is the EUPL 1.2 with all its articles and its appendix", () => {
  const text = read("LICENSE");
  expect(text).toMatch(/^EUROPEAN UNION PUBLIC LICENCE v\. 1\.2\n/);
  const articles = [...text.matchAll(/^(\d+)\.[A-Z]/gm)].map(([, number]) => Number(number));
  expect(articles).toEqual(Array.from({ length: 15 }, (_, index) => index + 1));
  expect(text).toContain("‘Compatible Licences’ according to Article 5 EUPL are:");
  expect(text.trimEnd()).toMatch(/require the production of a new EUPL version\.$/);
});

describe("the documents", () => {
  const documents = execFileSync("git", ["ls-files", "*.md"], { encoding: "utf8" }).trimEnd().split("\n");

  it.each(documents)("%s names only commands and links that exist", (document) => {
    const text = read(document);
    for (const [, verb = ""] of text.matchAll(/`npm run ([a-z-]+)/g)) {
      expect(Object.keys(packageJson.scripts), `npm run ${verb}`).toContain(verb);
    }
    for (const [, link = ""] of text.matchAll(/\]\(([^)#:]+)\)/g)) {
      const folder = document.includes("/") ? document.slice(0, document.lastIndexOf("/") + 1) : "";
      expect(existsSync(folder + link), link).toBe(true);
    }
  });

  it.each(documents.filter((document) => /^[a-z]+\/README\.md$/.test(document)))(
    "%s fits on 30 lines",
    (document) => {
      expect(read(document).trimEnd().split("\n").length).toBeLessThanOrEqual(30);
    },
  );
});

describe("package.json", () => {
  it("starts every command through the launcher, and each has its script", () => {
    for (const [name, command] of Object.entries(packageJson.scripts)) {
      const verb = /^node scripts\/launch\.mjs ([a-z]+)( --fix)?$/.exec(command)?.[1];
      expect(existsSync(`scripts/${verb}.ts`), name).toBe(true);
    }
  });

  it("pins every package to one version, and one Node for both processors", () => {
    const { dependencies, devDependencies, optionalDependencies } = packageJson;
    for (const [name, version] of Object.entries({
      ...dependencies,
      ...devDependencies,
      ...optionalDependencies,
    })) {
      // What is left out on purpose has a place of our own, and no version.
      expect(version, name).toMatch(/^(\d+\.\d+\.\d+|file:scripts\/absent-package)$/);
    }
    const pinned = Object.values(optionalDependencies);
    expect(new Set([...pinned, read(".nvmrc").trim()]).size).toBe(1);
  });
});

it(".ci/run installs exactly the tools that tests can ask for", () => {
  const listed = /^tools=\((.*)\)$/m.exec(read(".ci/run"))?.[1]?.split(" ");
  const known = Object.values(OUTSIDE_TOOLS).map(({ commands: [command], apt }) => `${command}:${apt}`);
  expect(listed).toEqual(known);
});

/**
 * The catalogue record against the profile's rules as SHACL shapes, by a validator of others, in both forms it comes in.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { JsonLdParser } from "jsonld-streaming-parser";
import { Parser, type Quad, Store } from "n3";
import SHACLValidator from "rdf-validate-shacl";
import { describe, expect, it } from "vitest";
import type { Publication } from "#schemas/publication.ts";
import { dcatOf } from "./dcat.ts";

const MONTH: Publication = {
  ...{ month: "2026-10", revision: 1, day: "2026-11-05", sample: false },
  administration: { name: 'Comune di "Prova"\\', ipaCode: "c_l219" },
  ...{ taken: { conflict: 0, expiredLate: 0 }, missingDays: 0, rows: [] },
};
/** Where the record is read from: addresses that are relative are relative to it. */
const READ_FROM = "https://www.comune.example/mettiamocilafaccia/2026-10/";
const SHAPES = new Store(
  new Parser().parse(readFileSync(join(import.meta.dirname, "dcat-ap-it.shacl.ttl"), "utf8")),
);

/** What the record breaks, as the property or the class and the rule. */
async function broken(quads: readonly Quad[]): Promise<readonly string[]> {
  const report = await new SHACLValidator(SHAPES).validate(new Store([...quads]));
  const last = (iri: string | undefined) => iri?.split(/[#/]/).at(-1) ?? "";
  return report.results.map(({ path, sourceConstraintComponent, focusNode }) =>
    [
      last((path as { readonly value?: string } | null)?.value ?? focusNode?.value),
      last(sourceConstraintComponent?.value),
    ].join(" "),
  );
}

const ofTurtle = (text: string): readonly Quad[] => new Parser({ baseIRI: READ_FROM }).parse(text);
const ofJsonLd = async (text: string): Promise<readonly Quad[]> => {
  const quads: Quad[] = [];
  const parser = new JsonLdParser({ baseIRI: READ_FROM });
  for await (const quad of Readable.from([text]).pipe(parser)) quads.push(quad as Quad);
  return quads;
};
/** Triples as texts; nodes without a name are all called alike. */
const triples = (quads: readonly Quad[]) => {
  const name = (term: Quad["subject"] | Quad["object"]) =>
    term.termType === "BlankNode" ? "_" : `${term.value}${"language" in term ? `@${term.language}` : ""}`;
  return [
    ...new Set(
      quads.map(({ subject, predicate, object }) => `${name(subject)} ${predicate.value} ${name(object)}`),
    ),
  ].sort();
};

describe.each([null, "https://www.comune.example/mettiamocilafaccia/"])(
  "a month's record, published at %s",
  (url) => {
    it("breaks no rule of the profile, in Turtle and in JSON-LD", async () => {
      const { turtle, jsonLd } = dcatOf(MONTH, url);
      expect(await broken(ofTurtle(turtle))).toEqual([]);
      expect(await broken(await ofJsonLd(jsonLd))).toEqual([]);
    });

    it("says the same in both", async () => {
      const { turtle, jsonLd } = dcatOf(MONTH, url);
      expect(triples(await ofJsonLd(jsonLd))).toEqual(triples(ofTurtle(turtle)));
      expect(triples(ofTurtle(turtle)).length).toBeGreaterThan(30);
    });
  },
);

describe("the rules", () => {
  const { turtle } = dcatOf(MONTH, null);
  it.each([
    ["no theme", /dcat:theme <[^>]+> ;/, "", "theme MinCountConstraintComponent"],
    ["a theme of one's own", "data-theme/GOVE", "data-theme/voti", "theme PatternConstraintComponent"],
    ["no licence", /;\s+dct:license <[^>]+> \./, ".", "license MinCountConstraintComponent"],
    [
      "a day that is none",
      '"2026-11-05"^^xsd:date ;\n  dct:modified',
      '"5/11/26" ;\n  dct:modified',
      "issued DatatypeConstraintComponent",
    ],
    [
      "nobody who answers for it",
      "dct:rightsHolder <#titolare> ;",
      "",
      "rightsHolder MinCountConstraintComponent",
    ],
    [
      "a holder that is not described",
      "<#titolare> a dcatapit:Agent, ",
      "<#titolare> a ",
      "rightsHolder ClassConstraintComponent",
    ],
    ["a file without its place", /dcat:accessURL <[^>]*> ;/, "", "accessURL MinCountConstraintComponent"],
    ["a plain data set", "a dcatapit:Dataset, dcat:Dataset", "a dcat:Dataset", " ClassConstraintComponent"],
    ["an end before the beginning", '"2026-10-31"', '"2026-09-30"', "temporal NodeConstraintComponent"],
  ])("find %s", async (_, text, instead, problem) => {
    const changed = turtle.replace(text, instead);
    expect(changed).not.toBe(turtle);
    expect(await broken(ofTurtle(changed))).toContain(problem);
  });
});

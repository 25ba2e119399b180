import { describe, expect, it } from "vitest";
import { type Canonical, canonicalText } from "./canonical.ts";
import { CATALOGUE, shapeNamed } from "./catalogue.ts";
import { parseEntry } from "./entry.ts";
import { fixturesOf, shapesWithFixtures } from "./fixtures.fixture.ts";
import { FIXTURE_KEYS } from "./golden.fixture.ts";
import { oneOverEach } from "./largest.fixture.ts";
import type { Result } from "./result.ts";
import type { ShapeProblem } from "./shape.ts";
import type { SchemaNode } from "./shape-problem.ts";
import { type SignedType, signBody } from "./signature.ts";

/** How a shape's values are read: entries by the rules that a shape cannot say. */
function read(shape: string, value: unknown): Result<unknown, ShapeProblem> {
  return shape.startsWith("entry-") ? parseEntry(value) : shapeNamed(shape).parse(value);
}

/** Who signs which messages. */
const SIGNERS: Readonly<Record<string, keyof typeof FIXTURE_KEYS>> = {
  entries: "totem",
  spent: "totem",
  receipt: "gateway",
  settings: "gateway",
  keys: "gateway",
  command: "gateway",
};

const all = shapesWithFixtures().flatMap(fixturesOf);

describe("the golden fixtures", () => {
  it("exist, good and bad, for every message, entry, settings file and HTTP body", () => {
    const covered = CATALOGUE.map(({ name }) => name).filter(
      (name) => !name.startsWith("panel-") && name !== "entry" && name !== "words",
    );
    expect(shapesWithFixtures()).toEqual(covered);
    for (const shape of covered) {
      const kinds = new Set(fixturesOf(shape).map(({ isGood }) => isGood));
      expect([...kinds].sort(), shape).toEqual([false, true]);
    }
  });

  it.each(all.filter(({ isGood }) => isGood))("hold a good $shape: $name", ({ shape, value }) => {
    expect(read(shape, value)).toEqual({ ok: true, value });
    // What is hashed and signed says the same as what was sent.
    expect(JSON.parse(canonicalText(value as Canonical))).toEqual(value);
  });

  it.each(all.filter(({ isGood }) => !isGood))(
    "hold a bad $shape, refused at its place: $name",
    ({ shape, value, where }) => {
      expect(read(shape, value)).toMatchObject({ ok: false, problem: { where } });
    },
  );

  it.each(all.filter(({ isGood, shape }) => isGood && shape in SIGNERS))(
    "hold a $shape that is signed by whom it should be: $name",
    ({ shape, value }) => {
      const { signature, ...body } = value as Record<string, Canonical>;
      const key = FIXTURE_KEYS[SIGNERS[shape] as keyof typeof FIXTURE_KEYS];
      expect(signature, "the signature it should have").toBe(signBody(shape as SignedType, body, key));
    },
  );
});

describe("one over any limit", () => {
  it.each(all.filter(({ isGood }) => isGood))(
    "of a good $shape is refused at its place: $name",
    ({ shape, value }) => {
      const schema = shapeNamed(shape).schema as SchemaNode;
      const broken = oneOverEach(schema, value);
      for (const { where, limit, value: wrong } of broken) {
        const result = shapeNamed(shape).parse(wrong);
        expect(result.ok, `${where} ${limit}`).toBe(false);
        // Of a value with several forms, the first that does not fit is told.
        if (!result.ok && schema.anyOf === undefined) expect(result.problem.where, limit).toBe(where);
      }
      expect(broken.length).toBeGreaterThan(2);
    },
  );
});

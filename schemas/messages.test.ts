import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Canonical, canonicalTextIfAny } from "./canonical.ts";
import { CATALOGUE, shapeNamed } from "./catalogue.ts";
import { parseEntry } from "./entry.ts";
import { FAULT_CODES } from "./fault-codes.ts";
import { fixturesOf, shapesWithFixtures } from "./fixtures.fixture.ts";
import { FIXTURE_KEYS } from "./golden.fixture.ts";
import { BATCH, COMMAND, RECEIPT } from "./messages.ts";
import { isMessageGood, publicKeyFromHex } from "./signature.ts";

const GATEWAY = publicKeyFromHex(FIXTURE_KEYS.gateway.publicKeyHex);

/** Every place inside a value, as a path. */
function placesIn(value: unknown, path: readonly string[] = []): readonly (readonly string[])[] {
  if (typeof value !== "object" || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([key, below]) => placesIn(below, [...path, key]))];
}

function replaced(value: unknown, path: readonly string[], by: unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return by;
  if (Array.isArray(value))
    return value.map((item, at) => (String(at) === key ? replaced(item, rest, by) : item));
  const record = value as Readonly<Record<string, unknown>>;
  return { ...record, [key]: replaced(record[key], rest, by) };
}

/** A good fixture with one place replaced by anything JSON can hold: nearly right, as hostile and broken programs are. */
const nearly = (shape: string) =>
  fc
    .constantFrom(...fixturesOf(shape).filter(({ isGood }) => isGood))
    .chain(({ value }) =>
      fc
        .tuple(
          fc.constantFrom(...placesIn(value)),
          fc.oneof(fc.jsonValue(), fc.constant("\ud800"), fc.constant(-0)),
        )
        .map(([path, by]) => replaced(value, path, by)),
    );

describe("reading what comes from outside", () => {
  it.each(CATALOGUE.map(({ name }) => name))("as %s never fails, whatever JSON it is", (name) => {
    const shape = shapeNamed(name);
    const values = shapesWithFixtures().includes(name)
      ? fc.oneof(fc.jsonValue(), nearly(name))
      : fc.jsonValue();
    fc.assert(
      fc.property(values, (value) => {
        const parsed = shape.parse(value);
        expect(parsed.ok).toBe(shape.is(value));
        if (!parsed.ok)
          expect(parsed.problem).toMatchObject({ shape: name, where: expect.stringMatching(/^\//) });
      }),
      { numRuns: 60 },
    );
  });

  it("as a batch leaves its entries to be judged one by one, and none of them stops the program", () => {
    fc.assert(
      fc.property(nearly("entries"), (value) => {
        const parsed = BATCH.parse(value);
        if (!parsed.ok) return;
        for (const entry of parsed.value.entries) {
          parseEntry(entry);
          canonicalTextIfAny(entry as Canonical);
        }
      }),
      { numRuns: 300 },
    );
  });

  it("as a signed message is good only when nothing in it was changed", () => {
    for (const { name, shape } of [
      { name: "receipt", shape: RECEIPT },
      { name: "command", shape: COMMAND },
    ] as const) {
      const signed = fixturesOf(name).filter(({ isGood }) => isGood);
      const originals = new Set(signed.map(({ value }) => canonicalTextIfAny(value as Canonical)));
      fc.assert(
        fc.property(nearly(name), (value) => {
          if (!shape.is(value)) return;
          const isOriginal = originals.has(canonicalTextIfAny(value as unknown as Canonical));
          expect(isMessageGood(name, value, GATEWAY)).toBe(isOriginal);
        }),
        { numRuns: 200 },
      );
    }
  });
});

describe("fault codes", () => {
  it("are there once each and read as words", () => {
    expect(new Set(FAULT_CODES).size).toBe(FAULT_CODES.length);
    for (const code of FAULT_CODES) expect(code).toMatch(/^[a-z]+(-[a-z]+)*$/);
  });
});

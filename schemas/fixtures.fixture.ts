/**
 * Finds the golden fixtures: one JSON file for each good or bad example of a shape, read by the tests of every folder.
 * `good-*.json` is the value itself; `bad-*.json` is `{ where, value }`: the value and the place where it is wrong.
 */
import { readdirSync, readFileSync } from "node:fs";

export type Fixture = {
  readonly shape: string;
  /** The file's name without `good-`, `bad-` and `.json`. */
  readonly name: string;
  readonly isGood: boolean;
  readonly value: unknown;
  /** The value as it would cross a wire. */
  readonly payload: Buffer;
  /** Where a bad value is wrong; null for a good one. */
  readonly where: string | null;
};

const FOLDER = new URL("fixtures/", import.meta.url);

/** The shapes that have fixtures. */
export function shapesWithFixtures(): readonly string[] {
  return readdirSync(FOLDER).sort();
}

/** The fixtures of a shape, sorted by file name. @throws when it has none. */
export function fixturesOf(shape: string): readonly Fixture[] {
  return readdirSync(new URL(`${shape}/`, FOLDER))
    .sort()
    .map((file) => {
      const parts = /^(good|bad)-([a-z0-9-]+)\.json$/.exec(file);
      if (parts === null) throw new Error(`${shape}/${file} is neither good-*.json nor bad-*.json`);
      const content: unknown = JSON.parse(readFileSync(new URL(`${shape}/${file}`, FOLDER), "utf8"));
      const isGood = parts[1] === "good";
      const bad = content as { readonly where: string; readonly value: unknown };
      const value = isGood ? content : bad.value;
      return {
        shape,
        name: parts[2] as string,
        isGood,
        value,
        payload: Buffer.from(JSON.stringify(value)),
        where: isGood ? null : bad.where,
      };
    });
}

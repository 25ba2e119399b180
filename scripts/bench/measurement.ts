/**
 * What a measurement is: a size and an empty folder in, rows out. It opens and closes everything it needs itself.
 */
import type { Row } from "./row.ts";

/** `short` is for continuous integration, `tiny` only shows in a test that a measurement still runs. */
export const SIZES = ["full", "short", "tiny"] as const;
export type Size = (typeof SIZES)[number];

export type Place = {
  /** An empty folder of this measurement's own, on the disk that is measured. */
  readonly dir: string;
  /** Progress, for whoever waits. */
  readonly say: (line: string) => void;
};

export type Measurement = {
  /** What `--only` calls it. */
  readonly name: string;
  /** One line for `--help`. */
  readonly about: string;
  readonly run: (size: Size, place: Place) => Promise<readonly Row[]>;
};

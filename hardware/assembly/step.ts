/**
 * What a step of the assembly manual is made of: sentences written by hand, in both languages, and figures, pins and
 * parts that are never typed but taken from the data they belong to.
 */
import type { Bilingual, GuideLanguage } from "../bilingual.ts";

/** A sign of trouble, and what it most likely is. */
export type Trouble = { readonly sign: Bilingual; readonly cure: Bilingual };

export type Step = {
  /** Also the picture's file name. */
  readonly id: string;
  readonly title: Bilingual;
  /** References of the parts it needs, as in the bill of materials. */
  readonly parts: readonly string[];
  /** What the picture shows, for who does not see it. */
  readonly shows: Bilingual;
  readonly picture: () => string;
  readonly actions: readonly Bilingual[];
  readonly table?: (language: GuideLanguage) => readonly string[];
  readonly checks: readonly Bilingual[];
  readonly troubles: readonly Trouble[];
};

/**
 * The case's drawings, each in both languages, as files to be written.
 */
import { GUIDE_LANGUAGES } from "../../bilingual.ts";
import { CASE } from "../case.ts";
import { frontDrawing } from "./front.ts";
import { sideDrawing } from "./side.ts";
import { templateDrawing } from "./template.ts";
import { touchDrawing } from "./touch.ts";

const DRAWINGS = {
  "case-front": frontDrawing,
  "case-side": sideDrawing,
  "case-touch": touchDrawing,
  "case-template": templateDrawing,
} as const;

export type CaseDrawing = keyof typeof DRAWINGS;

/** Every drawing's file name and text. */
export function caseDrawings(): readonly { readonly name: string; readonly text: string }[] {
  return Object.entries(DRAWINGS).flatMap(([name, draw]) =>
    GUIDE_LANGUAGES.map((language) => ({ name: `${name}.${language}.svg`, text: draw(CASE, language) })),
  );
}

/**
 * Every generated document of the machine, by file name below `hardware/generated/`.
 */
import { GUIDE_LANGUAGES } from "../bilingual.ts";
import { billOfMaterials, billOfMaterialsCsv } from "./bill-of-materials.ts";
import { pinTable } from "./pin-table.ts";
import { soundSheet } from "./sound-sheet.ts";
import { wiringSheet } from "./wiring-sheet.ts";

export function hardwareDocuments(): readonly { readonly name: string; readonly text: string }[] {
  return [
    ...GUIDE_LANGUAGES.flatMap((language) => [
      { name: `wiring.${language}.svg`, text: wiringSheet(language) },
      { name: `sound-and-power.${language}.svg`, text: soundSheet(language) },
      { name: `pin-table.${language}.md`, text: pinTable(language) },
      { name: `bill-of-materials.${language}.md`, text: billOfMaterials(language) },
    ]),
    { name: "bill-of-materials.csv", text: billOfMaterialsCsv() },
  ];
}

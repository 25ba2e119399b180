/**
 * Everything that is generated from the source and committed. To add something: a pure function that makes the texts,
 * and a line here with the folder that holds its files and nothing else.
 */
import { assemblyManual } from "#hardware/assembly/manual.ts";
import { codeSheets } from "#hardware/code-sheet/code-sheet.ts";
import { hardwareDocuments } from "#hardware/drawings/documents.ts";
import { caseDrawings } from "#hardware/enclosure/drawings/all.ts";
import { overlaySources } from "#hardware/overlays.ts";
import { contractDocuments } from "#schemas/json-schema.ts";

/** A generated file: path from the project's root, and text. */
export type GeneratedFile = { readonly path: string; readonly text: string };

export type Generator = {
  /** Holds generated files only: whatever else lies there has been left behind. Two generators may share one. */
  readonly folder: string;
  readonly files: () => readonly { readonly name: string; readonly text: string }[];
};

export const GENERATORS: readonly Generator[] = [
  { folder: "schemas/json", files: contractDocuments },
  { folder: "hardware/generated", files: hardwareDocuments },
  { folder: "hardware/generated", files: caseDrawings },
  { folder: "hardware/generated", files: codeSheets },
  { folder: "hardware/guides/assembly", files: assemblyManual },
  { folder: "hardware/overlays", files: overlaySources },
];

/** Every generated file as the source says it should be. */
export function generatedFiles(): readonly GeneratedFile[] {
  return GENERATORS.flatMap(({ folder, files }) =>
    files().map(({ name, text }) => ({ path: `${folder}/${name}`, text })),
  );
}

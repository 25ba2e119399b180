/**
 * The house rules that no other tool knows: how long a file may be, and which words mean that it is not finished.
 */

/** Longer than this a file holds more than one idea, or one that no longer fits into a reader's head. */
const LINES_MAX = 250;

/** Files that may be longer, each with its reason. */
const LONGER: Readonly<Record<string, string>> = {};

const SOURCE = /\.(ts|mjs|cjs)$/;
/** Tests may be longer: they are lists of cases. */
const TEST = /\.(test|suite|fixture)\.ts$/;

/** Put together here, so that this file does not break its own rule. */
const UNFINISHED = new RegExp(`\\b(${["TO" + "DO", "FIX" + "ME"].join("|")})\\b`);
const NOT_RUN = /\b(describe|it|test)\.(only|skip|todo)\b/;

export type SourceFile = { readonly path: string; readonly text: string };

/** One line for everything that breaks a rule. */
export function brokenHouseRules(files: readonly SourceFile[]): readonly string[] {
  return files.flatMap((file) => [...tooLong(file), ...unfinished(file)]);
}

function tooLong({ path, text }: SourceFile): readonly string[] {
  if (!SOURCE.test(path) || TEST.test(path) || path in LONGER) return [];
  const lines = text.replace(/\n$/, "").split("\n").length;
  return lines <= LINES_MAX ? [] : [`${path}: ${lines} lines, at most ${LINES_MAX}: is it still one idea?`];
}

function unfinished({ path, text }: SourceFile): readonly string[] {
  return text.split("\n").flatMap((line, index) => {
    const at = `${path}:${index + 1}`;
    if (UNFINISHED.test(line)) return [`${at}: finish it, or make it an issue`];
    return NOT_RUN.test(line) && SOURCE.test(path) ? [`${at}: every test runs`] : [];
  });
}

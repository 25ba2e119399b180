/**
 * Lines of ours in a file that is not ours, between two marks. Pure text in, text out; everything outside the marks stays
 * as it is, to the byte.
 */

export const BEGIN = "# faccine: begin (written by `faccine install`; changes between these marks are lost)";
export const END = "# faccine: end";

/** The text with these lines between the marks; null when only one of the marks is there, and nobody knows what is whose. */
export function withMarkedLines(text: string, lines: readonly string[]): string | null {
  const block = `${[BEGIN, ...lines, END].join("\n")}\n`;
  const found = findBlock(text);
  if (found === "broken") return null;
  if (found === null) return text + (text === "" || text.endsWith("\n") ? "" : "\n") + block;
  return text.slice(0, found.from) + block + text.slice(found.to);
}

/** The text without the marks and what is between them; null when only one of the marks is there. */
export function withoutMarkedLines(text: string): string | null {
  const found = findBlock(text);
  if (found === "broken") return null;
  return found === null ? text : text.slice(0, found.from) + text.slice(found.to);
}

function findBlock(text: string): { readonly from: number; readonly to: number } | null | "broken" {
  const begins = lineStarts(text, BEGIN);
  const ends = lineStarts(text, END);
  const [from] = begins;
  const [end] = ends;
  if (from === undefined && end === undefined) return null;
  if (from === undefined || end === undefined || begins.length > 1 || ends.length > 1 || end < from)
    return "broken";
  const lineEnd = text.indexOf("\n", end);
  return { from, to: lineEnd === -1 ? text.length : lineEnd + 1 };
}

function lineStarts(text: string, line: string): readonly number[] {
  const starts: number[] = [];
  let at = 0;
  for (const one of text.split("\n")) {
    if (one === line) starts.push(at);
    at += one.length + 1;
  }
  return starts;
}

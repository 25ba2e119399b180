/**
 * Reads our own guide of alarms: what each means and what to do, in the one shape that its test holds it to. No Markdown in general. Pure.
 */
import type { AlarmCode } from "#schemas/alarms.ts";

/** A sentence, in pieces that are code or are not. */
export type Sentence = readonly { readonly isCode: boolean; readonly text: string }[];

export type Runbook = { readonly meaning: Sentence; readonly steps: readonly Sentence[] };

/** The guide's part about each alarm. @throws for a part without a meaning or a step: a guide that was edited out of shape. */
export function readRunbooks(guide: string): ReadonlyMap<AlarmCode, Runbook> {
  const parts = guide.split(/^## /m).slice(1);
  return new Map(
    parts.map((part) => {
      const [code = "", ...blocks] = part.split(/\n\n+/).map((block) => block.trim());
      const [meaning = ""] = blocks;
      const steps = blocks
        .filter((block) => /^\d+\. /.test(block))
        .flatMap((block) => block.split(/^\d+\. /m).slice(1));
      if (meaning === "" || steps.length === 0) throw new Error(`the guide says too little of ${code}`);
      return [code as AlarmCode, { meaning: sentenceOf(meaning), steps: steps.map(sentenceOf) }];
    }),
  );
}

function sentenceOf(text: string): Sentence {
  const pieces = text.replace(/\s+/g, " ").trim().split("`");
  return pieces
    .map((piece, index) => ({ isCode: index % 2 === 1, text: piece }))
    .filter((piece) => piece.text !== "");
}

/**
 * The scanner slot: what is shown to it, whole, glued together, without an end, or cut off by a pulled plug. Forgets a
 * text as soon as it was read.
 */
import type { PageWords } from "../page-words.ts";
import type { Ask } from "./controls.ts";
import { byId, setText } from "./elements.ts";
import type { HeldReceipt } from "./receipts.ts";

export type Reader = { readonly scan: (code: string, glued?: string) => Promise<void> };

export function openReader(parts: {
  readonly ask: Ask;
  readonly words: PageWords;
  readonly isPlugged: () => boolean;
}): Reader {
  const { ask, isPlugged } = parts;
  const { reader } = parts.words.panel;
  return {
    scan: async (code, glued) => {
      if (!isPlugged()) {
        setText("notice", reader.deaf);
        return;
      }
      const unterminated = byId("scan-unterminated", HTMLInputElement).checked;
      await ask("scan", { code, ...(glued === undefined ? {} : { glued }), unterminated });
    },
  };
}

/** The workshop's text fields. Without a text, the newest receipt is used where any code will do. */
export function joinReader(parts: {
  readonly ask: Ask;
  readonly reader: Reader;
  readonly words: PageWords;
  readonly held: () => readonly HeldReceipt[];
}): void {
  const { ask, reader, held } = parts;
  const { needsText } = parts.words.panel.reader;
  const text = byId("scan-text", HTMLInputElement);
  const glued = byId("scan-glued-text", HTMLInputElement);
  const withText = (code: string, read: (code: string) => Promise<unknown>) => {
    if (code === "") setText("notice", needsText);
    else void read(code).then(forget);
  };
  const forget = () => {
    text.value = "";
    glued.value = "";
  };
  byId("scan-form", HTMLFormElement).addEventListener("submit", (event) => {
    event.preventDefault();
    withText(text.value, (code) => reader.scan(code));
  });
  byId("scan-glued", HTMLButtonElement).addEventListener("click", () => {
    withText(text.value, (code) => reader.scan(code, glued.value));
  });
  byId("scan-halfway", HTMLButtonElement).addEventListener("click", () => {
    const code = text.value === "" ? (held()[0]?.code ?? "") : text.value;
    withText(code, (halfRead) => ask("scanner", { plugged: false, halfRead }));
  });
}

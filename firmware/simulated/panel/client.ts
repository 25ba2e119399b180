/**
 * The panel in the browser: follows the totem's state and asks it for things. Decides nothing about votes, and keeps
 * nothing of a citizen but the receipts in the hand of whoever prints them.
 */
import type { PanelState } from "#schemas/panel.ts";
import { joinKeys, joinWorld, openAsk } from "./browser/controls.ts";
import { openDesk } from "./browser/desk.ts";
import { openEars } from "./browser/ears.ts";
import { setText } from "./browser/elements.ts";
import { followTotem } from "./browser/follow.ts";
import { paint, paintOff } from "./browser/paint.ts";
import { joinReader, openReader } from "./browser/reader.ts";
import { retryMs } from "./browser/retry.ts";
import type { PageWords } from "./page-words.ts";

const { documentElement } = document;

function open(words: PageWords): void {
  let last: PanelState | null = null;
  let isSilent = false;
  const ask = openAsk(words);
  const ears = openEars(words);
  const reader = openReader({ ask, words, isPlugged: () => last?.scannerPlugged ?? true });
  const desk = openDesk({ ask, scan: reader.scan, words });
  joinReader({ ask, reader, words, held: desk.held });
  joinKeys(ask, ears.pressedHere);
  joinWorld(ask, words);
  followTotem({
    onState: (state) => {
      // The page's words are engraved in it: another wording is another page.
      if (String(state.wording) !== documentElement.dataset["wording"]) location.reload();
      last = state;
      // What was said of a totem that did not answer is over when it does.
      if (isSilent) setText("notice", "");
      isSilent = false;
      paint(state, words);
      desk.offer(state.services);
      ears.listen(state);
    },
    onSilence: () => {
      isSilent = true;
      paintOff(last, words);
      ears.lost();
    },
  });
}

/** A totem whose power was cut while the page was loading is asked again until it answers. */
async function fetchWords(failures = 0): Promise<PageWords> {
  try {
    const response = await fetch(`/panel/words?lang=${documentElement.lang}`);
    return (await response.json()) as PageWords;
  } catch {
    await new Promise((resolve) => setTimeout(resolve, retryMs(failures, Math.random())));
    return fetchWords(failures + 1);
  }
}

open(await fetchWords());

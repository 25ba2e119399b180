/**
 * Simulated lamps, pictograms, buzzer and voice: they keep what they were told, for the panel and for tests.
 */
import type { VoiceLanguage } from "#schemas/voice-texts.ts";
import type { Indicators, Unsubscribe } from "../ports.ts";
import type { Phrase, Sound } from "../session/events.ts";
import type { View } from "../session/view.ts";

/** Something heard, numbered so that a page can tell a new sound from one it has already played. */
export type Heard =
  | { readonly number: number; readonly sound: Sound }
  | { readonly number: number; readonly phrase: Phrase; readonly language: VoiceLanguage };

export type SimulatedIndicators = Indicators & {
  readonly view: () => View | null;
  readonly heard: () => readonly Heard[];
  readonly onChange: (listener: () => void) => Unsubscribe;
  readonly plugHeadphones: (plugged: boolean) => void;
  readonly hasHeadphones: () => boolean;
};

/** Sounds and phrases kept for a page that asks late: more than any session makes in a second. */
const HEARD_MAX = 32;

export function simulatedIndicators(): SimulatedIndicators {
  const changeListeners = new Set<() => void>();
  const headphoneListeners = new Set<(plugged: boolean) => void>();
  let view: View | null = null;
  let heard: readonly Heard[] = [];
  let number = 0;
  let headphones = false;

  const changed = () => {
    for (const listener of changeListeners) listener();
  };
  const hear = (what: { sound: Sound } | { phrase: Phrase; language: VoiceLanguage }) => {
    number += 1;
    heard = [...heard, { number, ...what }].slice(-HEARD_MAX);
    changed();
  };

  return {
    show: (next) => {
      view = next;
      changed();
    },
    play: (sound) => hear({ sound }),
    say: (phrase, language) => hear({ phrase, language }),
    onHeadphones: (listener) => {
      headphoneListeners.add(listener);
      if (headphones) listener(true);
      return () => headphoneListeners.delete(listener);
    },
    // Lamps drawn in a page do not break.
    onFault: () => () => undefined,
    view: () => view,
    heard: () => heard,
    onChange: (listener) => {
      changeListeners.add(listener);
      return () => changeListeners.delete(listener);
    },
    plugHeadphones: (plugged) => {
      headphones = plugged;
      for (const listener of headphoneListeners) listener(plugged);
      changed();
    },
    hasHeadphones: () => headphones,
  };
}

/**
 * What the totem says and sounds, for the eyes always and for the ears where somebody allowed it.
 */
import type { Key } from "#schemas/code-list.ts";
import type { PanelState } from "#schemas/panel.ts";
import type { PageWords } from "../page-words.ts";
import { byId, setText } from "./elements.ts";
import { heardSince, phraseSentence } from "./shown.ts";
import { openBuzzer, openVoice } from "./sounds.ts";

/** How long a sound stays written after it was heard: long enough to be read by somebody looking elsewhere. */
const WRITTEN_MS = 4_000;

/** What stands where nothing is heard. */
const SILENCE = "–";

export type Ears = {
  readonly listen: (state: PanelState) => void;
  /** A key of this page was pressed: only this page may name it. */
  readonly pressedHere: (key: Key) => void;
  /** The totem went silent; after it starts again nothing of before is repeated. */
  readonly lost: () => void;
};

export function openEars(words: PageWords): Ears {
  const buzzer = openBuzzer();
  const voice = openVoice();
  joinPermission("allow-sound", buzzer.allow);
  joinPermission("allow-voice", voice.allow);
  let last: number | null = null;
  let pressed: Key | null = null;
  let fading: number | undefined;

  const writeSound = (text: string) => {
    setText("sound", text);
    clearTimeout(fading);
    fading = window.setTimeout(() => setText("sound", SILENCE), WRITTEN_MS);
  };
  // The offer of another language comes first and in that one; most of what is said is in the last one's.
  const writeVoice = (text: string, language = words.language) => {
    byId("voice", HTMLElement).lang = language;
    setText("voice", text);
  };
  return {
    listen: (state) => {
      const heard = heardSince(state.heard, last);
      last = heard.last;
      const said: { readonly sentence: string; readonly language: PageWords["language"] }[] = [];
      for (const one of heard.fresh) {
        if ("sound" in one) {
          buzzer.play(one.sound);
          writeSound(words.panel.sounds[one.sound]);
        } else said.push({ sentence: phraseSentence(one, pressed, words), language: one.language });
      }
      for (const { sentence, language } of said) voice.say(sentence, language);
      if (said.length > 0) writeVoice(said.map(({ sentence }) => sentence).join(" "), said.at(-1)?.language);
      else if (state.lamps.assist === "off" && state.selfTestAsks === null) setText("voice", SILENCE);
    },
    pressedHere: (key) => {
      pressed = key;
    },
    lost: () => {
      last = null;
      setText("voice", SILENCE);
    },
  };
}

/** Off at each load: no page makes a sound before somebody asked for it. */
function joinPermission(id: string, allow: (allowed: boolean) => void): void {
  const box = byId(id, HTMLInputElement);
  box.checked = false;
  box.addEventListener("change", () => allow(box.checked));
}

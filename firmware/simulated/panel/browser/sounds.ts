/**
 * The buzzer and the voice, on the computer of whoever allowed them. Silent until then: an office is not surprised.
 */
import type { PanelSound } from "#schemas/panel.ts";

/** One note: its pitch, when it begins and how long it lasts. */
export type Note = { readonly hertz: number; readonly atMs: number; readonly lastsMs: number };

/** What each cue sounds like. Thanks are the same for every choice, and so is the click. */
export const NOTES: Readonly<Record<PanelSound, readonly Note[]>> = {
  click: [{ hertz: 1_200, atMs: 0, lastsMs: 25 }],
  ready: [
    { hertz: 660, atMs: 0, lastsMs: 90 },
    { hertz: 880, atMs: 110, lastsMs: 130 },
  ],
  thanks: [
    { hertz: 523, atMs: 0, lastsMs: 120 },
    { hertz: 659, atMs: 140, lastsMs: 120 },
    { hertz: 784, atMs: 280, lastsMs: 220 },
  ],
  refused: [
    { hertz: 330, atMs: 0, lastsMs: 140 },
    { hertz: 262, atMs: 170, lastsMs: 200 },
  ],
  fault: [{ hertz: 196, atMs: 0, lastsMs: 700 }],
};

/** Loud enough to be noticed, not enough to turn heads. */
const VOLUME = 0.15;

export type Buzzer = {
  readonly allow: (allowed: boolean) => void;
  readonly play: (sound: PanelSound) => void;
};

export function openBuzzer(): Buzzer {
  let context: AudioContext | null = null;
  return {
    allow: (allowed) => {
      if (!allowed) {
        void context?.close();
        context = null;
      } else context ??= new AudioContext();
    },
    play: (sound) => {
      if (context !== null) for (const note of NOTES[sound]) strike(context, note);
    },
  };
}

function strike(context: AudioContext, { hertz, atMs, lastsMs }: Note): void {
  const from = context.currentTime + atMs / 1_000;
  const until = from + lastsMs / 1_000;
  const loudness = context.createGain();
  loudness.gain.setValueAtTime(VOLUME, from);
  loudness.gain.exponentialRampToValueAtTime(0.001, until);
  const tone = context.createOscillator();
  tone.type = "triangle";
  tone.frequency.value = hertz;
  tone.connect(loudness).connect(context.destination);
  tone.start(from);
  tone.stop(until);
}

export type Voice = {
  readonly allow: (allowed: boolean) => void;
  readonly say: (sentence: string, language: string) => void;
};

export function openVoice(): Voice {
  let allowed = false;
  return {
    allow: (isAllowed) => {
      allowed = isAllowed;
      if (!allowed) globalThis.speechSynthesis?.cancel();
    },
    say: (sentence, language) => {
      if (!allowed || !("speechSynthesis" in globalThis)) return;
      const utterance = new SpeechSynthesisUtterance(sentence);
      utterance.lang = language;
      speechSynthesis.speak(utterance);
    },
  };
}

/**
 * What the totem's voice says, as data: who cannot see hears where a key is, how it feels and what it means. Names of
 * faces and reasons come from the wording, so that a voice never offers another choice than the keys. Spoken, not
 * shown: the sentences shown are the wording's.
 */
import {
  FACES,
  type Key,
  type Language,
  REASON_KEYS,
  REFUSAL_ANSWERS,
  type RefusalAnswer,
} from "./code-list.ts";
import { CURRENT_WORDING, type Words, wordsOf } from "./wording.ts";

/** Languages there is a voice for. A site's other languages are printed only. */
export const VOICE_LANGUAGES = ["it", "en"] as const;
export type VoiceLanguage = (typeof VOICE_LANGUAGES)[number];

/** Longest text spoken in one go: the whole layout, read once at the start and cut by any press. */
export const VOICE_TEXT_MAX = 600;

/** The steps of the self-test that the voice announces; a key has a phrase of its own. */
export const VOICE_TEST_STEPS = [
  "keys",
  "lamps",
  "pictograms",
  "buzzer",
  "voice",
  "scanner",
  "checks",
  "passed",
  "failed",
] as const;
export type VoiceTestStep = (typeof VOICE_TEST_STEPS)[number];

/** Everything that can be said. */
export type VoicePhrase =
  | {
      readonly say:
        | "layout"
        | "other-language"
        | "show-receipt"
        | "choose"
        | "confirm"
        | "reason"
        | "thanks"
        | "out-of-order";
    }
  | { readonly say: "refused"; readonly answer: RefusalAnswer }
  /** The name of a key: only into headphones. */
  | { readonly say: "key"; readonly key: Key }
  /** The self-test asks for a key. */
  | { readonly say: "test-key"; readonly key: Key }
  | { readonly say: "test-step"; readonly step: VoiceTestStep };

type KeyTexts = Readonly<Record<Key, string>>;

type Texts = {
  /** Where a key is and how it feels. */
  readonly keys: (words: Words) => KeyTexts;
  readonly layout: (keys: KeyTexts) => string;
  /** Said in this language to who hears another one. */
  readonly otherLanguage: string;
  readonly press: (key: string) => string;
  readonly steps: Readonly<Record<VoiceTestStep, string>>;
};

const IT: Texts = {
  keys: ({ faces, reasons }) => ({
    green: `in alto a sinistra, la faccina che sorride: ${faces.green}`,
    yellow: `in alto al centro, la faccina con la bocca diritta: ${faces.yellow}`,
    red: `in alto a destra, la faccina triste: ${faces.red}`,
    wait: `nella fila sotto, il primo da sinistra, l'orologio: ${reasons.wait}`,
    staff: `nella fila sotto, il secondo, la persona: ${reasons.staff}`,
    return: `nella fila sotto, il terzo, la freccia che torna: ${reasons.return}`,
    outcome: `nella fila sotto, l'ultimo a destra, il foglio con la croce: ${reasons.outcome}`,
    assist: "in basso a sinistra, il tasto di assistenza",
    service: "dentro la cassa, il tasto di servizio",
  }),
  layout: (keys) =>
    `I tasti, da sinistra. ${[...FACES, ...REASON_KEYS].map((key) => capital(keys[key])).join(". ")}. In basso, a sinistra il tasto di assistenza, a destra il lettore della ricevuta.`,
  otherLanguage: "Per l'italiano prema di nuovo lo stesso tasto.",
  press: (key) => `Prema il tasto ${key}.`,
  steps: {
    keys: "Prova dei tasti. Prema i tasti uno alla volta, da sinistra, nell'ordine stampato.",
    lamps: "Prova delle spie. Prema ogni volta il tasto con la spia accesa.",
    pictograms: "Prova dei pittogrammi, da sinistra. Verde se si accende solo quello giusto, rosso se no.",
    buzzer: "Prova del segnale acustico. Verde se lo sente, rosso se no, giallo per ripeterlo.",
    voice: "Prova della voce. Verde se mi sente, rosso se no, giallo per ripetere.",
    scanner: "Prova del lettore. Mostri un codice qualsiasi.",
    checks: "Controlli automatici.",
    passed: "Autodiagnosi superata.",
    failed: "Autodiagnosi non superata. Legga il rapporto.",
  },
};

const EN: Texts = {
  keys: ({ faces, reasons }) => ({
    green: `top left, the smiling face: ${faces.green}`,
    yellow: `top middle, the face with a straight mouth: ${faces.yellow}`,
    red: `top right, the sad face: ${faces.red}`,
    wait: `in the row below, the first from the left, the clock: ${reasons.wait}`,
    staff: `in the row below, the second, the person: ${reasons.staff}`,
    return: `in the row below, the third, the returning arrow: ${reasons.return}`,
    outcome: `in the row below, the last on the right, the sheet with a cross: ${reasons.outcome}`,
    assist: "bottom left, the assistance key",
    service: "inside the case, the service key",
  }),
  layout: (keys) =>
    `The keys, from the left. ${[...FACES, ...REASON_KEYS].map((key) => capital(keys[key])).join(". ")}. At the bottom, on the left the assistance key, on the right the reader for your receipt.`,
  otherLanguage: "For English, press the same key again.",
  press: (key) => `Press the key ${key}.`,
  steps: {
    keys: "Test of the keys. Press the keys one at a time, from the left, in the printed order.",
    lamps: "Test of the lamps. Each time, press the key whose lamp is lit.",
    pictograms: "Test of the pictograms, from the left. Green if only the right one lights, red if not.",
    buzzer: "Test of the buzzer. Green if you hear it, red if not, yellow to repeat it.",
    voice: "Test of the voice. Green if you hear me, red if not, yellow to repeat.",
    scanner: "Test of the reader. Show it any code.",
    checks: "Automatic checks.",
    passed: "Self-test passed.",
    failed: "Self-test failed. Read the report.",
  },
};

const TEXTS: Readonly<Record<VoiceLanguage, Texts>> = { it: IT, en: EN };

/** What the voice says for a phrase. A wording this firmware has never heard of is spoken in the words it knows. */
export function voiceText(phrase: VoicePhrase, language: VoiceLanguage, wording: number): string {
  const words = wordsOf(wording, language) ?? wordsOf(CURRENT_WORDING, language);
  if (words === undefined) throw new Error(`wording ${CURRENT_WORDING} has no words in ${language}`);
  const texts = TEXTS[language];
  const keys = texts.keys(words);
  switch (phrase.say) {
    case "layout":
      return texts.layout(keys);
    case "other-language":
      return texts.otherLanguage;
    case "show-receipt":
      return words.assist.showReceipt;
    case "choose":
      return words.assist.choose;
    case "confirm":
      return words.assist.confirm;
    case "reason":
      return words.assist.reason;
    case "thanks":
      return words.assist.thanks;
    case "out-of-order":
      return words.outOfOrder;
    case "refused":
      return refusalText(phrase.answer, words);
    case "key":
      return `${capital(keys[phrase.key])}.`;
    case "test-key":
      return texts.press(keys[phrase.key]);
    case "test-step":
      return texts.steps[phrase.step];
  }
}

/** Those of a site's languages that have a voice, in the site's order; Italian where none has. */
export function voiceLanguagesOf(
  languages: readonly Language[],
): readonly [VoiceLanguage, ...VoiceLanguage[]] {
  const [first = "it", ...others] = languages.filter((one) =>
    (VOICE_LANGUAGES as readonly string[]).includes(one),
  );
  return [first, ...others] as [VoiceLanguage, ...VoiceLanguage[]];
}

/** Every phrase there is: what is rendered ahead, and what a test walks through. */
export function allPhrases(keys: readonly Key[]): readonly VoicePhrase[] {
  const plain = [
    "layout",
    "other-language",
    "show-receipt",
    "choose",
    "confirm",
    "reason",
    "thanks",
    "out-of-order",
  ] as const;
  return [
    ...plain.map((say) => ({ say })),
    ...REFUSAL_ANSWERS.map((answer) => ({ say: "refused", answer }) as const),
    ...keys.flatMap((key) => [{ say: "key", key } as const, { say: "test-key", key } as const]),
    ...VOICE_TEST_STEPS.map((step) => ({ say: "test-step", step }) as const),
  ];
}

/** A phrase's name, one word for each: `key-green`, `refused-ask-desk`, `test-step-lamps`. */
export function phraseName(phrase: VoicePhrase): string {
  switch (phrase.say) {
    case "refused":
      return `refused-${phrase.answer}`;
    case "key":
    case "test-key":
      return `${phrase.say}-${phrase.key}`;
    case "test-step":
      return `${phrase.say}-${phrase.step}`;
    default:
      return phrase.say;
  }
}

function refusalText(answer: RefusalAnswer, { refusals }: Words): string {
  switch (answer) {
    case "already-counted":
      return refusals.alreadyCounted;
    case "try-again":
      return refusals.tryAgain;
    case "ask-desk":
      return refusals.askDesk;
  }
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

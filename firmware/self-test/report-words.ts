/**
 * The words of the self-test, in Italian and English: of the readiness report and of what a technician is asked at a
 * terminal or panel. Names of keys come from the wording.
 */
import { ASSIST_WORDS } from "#schemas/assist-words.ts";
import type { Key } from "#schemas/code-list.ts";
import {
  AUTOMATIC_CHECKS,
  type SelfTestItem,
  type SelfTestItemResult,
  type SelfTestProblem,
  type SelfTestStepName,
  TESTED_PICTOGRAMS,
} from "#schemas/self-test.ts";
import { type VoiceLanguage, voiceText } from "#schemas/voice-texts.ts";
import { CURRENT_WORDING, type Words, wordsOf } from "#schemas/wording.ts";

const IT = {
  title: "Verbale di collaudo del totem",
  ready: "PRONTO",
  notReady: "NON PRONTO",
  totem: "Totem",
  site: "Sede",
  started: "Inizio",
  took: "Durata",
  /** Between seconds and their tenths. */
  decimal: ",",
  clock: "Orologio",
  clocks: { trusted: "attendibile", untrusted: "non attendibile" },
  board: "Scheda",
  serial: "Numero di serie",
  kernel: "Sistema",
  chip: "Controllore GPIO",
  versions: "Versioni",
  unknown: "non disponibile",
  items: "Prove",
  item: "Prova",
  result: "Esito",
  note: "Nota",
  results: { passed: "superata", failed: "NON superata", skipped: "saltata", noted: "annotata" },
  bounce: "Rimbalzo dei contatti",
  bounceHint: "Cambi di livello per durata del rimbalzo, in millisecondi.",
  noBounce: "I contatti non si possono osservare con questi tasti.",
  key: "Tasto",
  upTo: "fino a",
  over: "oltre",
  characters: "caratteri",
  overAll: "cambi",
  signature: "Firma del tecnico",
  name: "Nome",
  date: "Data",
  service: "Servizio",
  assist: ASSIST_WORDS.it.name,
  names: {
    key: "Tasto",
    lamp: "Spia",
    pictogram: "Pittogramma",
    buzzer: "Segnale acustico",
    voice: "Voce",
    scanner: "Lettore",
    clock: "Orologio",
    disk: "Spazio libero su disco",
    "data-folder": "Cartella dei dati",
    journal: "Giornale",
    temperature: "Temperatura",
    power: "Alimentazione",
    gateway: "Centro",
  },
  problems: {
    "other-key": "ha risposto un altro tasto",
    "no-answer": "nessuna risposta",
    "seen-wrong": "si è acceso quello sbagliato, o nessuno",
    "not-heard": "non si è sentito",
    "not-fitted": "non presente",
    "clock-untrusted": "ora non attendibile: decide il centro",
    "too-little-room": "spazio insufficiente",
    volatile: "si svuota senza corrente",
    "read-only": "sola lettura",
    "not-committed": "il giornale non registra",
    "too-hot": "troppo caldo",
    "under-voltage": "tensione troppo bassa",
    "not-connected": "non collegato",
    broke: "la prova si è interrotta",
  } as Readonly<Record<SelfTestProblem, string>>,
  answered: "richiesto {asked}, ha risposto {answered}",
  asks: {
    lamps: "Prema il tasto con la spia accesa.",
    pictograms: "Si accende «{what}», e nient'altro? Verde sì, rosso no.",
    buzzer: "Si sente il segnale acustico? Verde sì, rosso no, giallo ripete.",
    voice: "Si sente la voce? Verde sì, rosso no, giallo ripete.",
    scanner: "Mostri un codice qualsiasi al lettore.",
    checks: "Controlli automatici…",
  } as Readonly<Record<Exclude<SelfTestStepName, "keys">, string>>,
  skip: "Il tasto di servizio salta una prova.",
};

export type ReportWords = typeof IT;

const EN: ReportWords = {
  title: "Readiness report of a totem",
  ready: "READY",
  notReady: "NOT READY",
  totem: "Totem",
  site: "Site",
  started: "Started",
  took: "Took",
  decimal: ".",
  clock: "Clock",
  clocks: { trusted: "trusted", untrusted: "not trusted" },
  board: "Board",
  serial: "Serial number",
  kernel: "System",
  chip: "GPIO controller",
  versions: "Versions",
  unknown: "not given",
  items: "Tests",
  item: "Test",
  result: "Result",
  note: "Note",
  results: { passed: "passed", failed: "FAILED", skipped: "skipped", noted: "noted" },
  bounce: "Bounce of the contacts",
  bounceHint: "Changes of level by how long they bounced, in milliseconds.",
  noBounce: "The contacts of these keys cannot be watched.",
  key: "Key",
  upTo: "up to",
  over: "over",
  characters: "characters",
  overAll: "changes",
  signature: "Technician's signature",
  name: "Name",
  date: "Date",
  service: "Service",
  assist: ASSIST_WORDS.en.name,
  names: {
    key: "Key",
    lamp: "Lamp",
    pictogram: "Pictogram",
    buzzer: "Buzzer",
    voice: "Voice",
    scanner: "Reader",
    clock: "Clock",
    disk: "Free disk space",
    "data-folder": "Data folder",
    journal: "Journal",
    temperature: "Temperature",
    power: "Power supply",
    gateway: "Centre",
  },
  problems: {
    "other-key": "another key answered",
    "no-answer": "no answer",
    "seen-wrong": "the wrong one lit, or none",
    "not-heard": "not heard",
    "not-fitted": "not fitted",
    "clock-untrusted": "time not trusted: the centre decides",
    "too-little-room": "too little free space",
    volatile: "a power cut empties it",
    "read-only": "read-only",
    "not-committed": "the journal does not commit",
    "too-hot": "too hot",
    "under-voltage": "voltage too low",
    "not-connected": "not connected",
    broke: "the check broke",
  },
  answered: "asked for {asked}, {answered} answered",
  asks: {
    lamps: "Press the key whose lamp is lit.",
    pictograms: "Is “{what}” lit, and nothing else? Green yes, red no.",
    buzzer: "Do you hear the buzzer? Green yes, red no, yellow repeats.",
    voice: "Do you hear the voice? Green yes, red no, yellow repeats.",
    scanner: "Show the reader any code.",
    checks: "Automatic checks…",
  },
  skip: "The service key skips a test.",
};

export const REPORT_WORDS: Readonly<Record<VoiceLanguage, ReportWords>> = { it: IT, en: EN };

/** A key by the name printed on it. */
export function keyName(key: Key, language: VoiceLanguage): string {
  const { faces, reasons } = citizenWords(language);
  const words = REPORT_WORDS[language];
  const names: Readonly<Record<Key, string>> = {
    ...faces,
    ...reasons,
    assist: words.assist,
    service: words.service,
  };
  return names[key];
}

/** An item by name: `Tasto: Positivo`. */
export function itemName(item: SelfTestItem, language: VoiceLanguage): string {
  const { names } = REPORT_WORDS[language];
  const about = subjectOf(item, language);
  const kind = kindOf(item);
  return about === null ? names[kind] : `${names[kind]}: ${about}`;
}

/** What is asked of the technician for an item: a key by place and shape, as the voice does; a lamp never by name. */
export function askSentence(step: SelfTestStepName, item: SelfTestItem, language: VoiceLanguage): string {
  if (step === "keys") {
    return voiceText({ say: "test-key", key: splitItem(item)[1] as Key }, language, CURRENT_WORDING);
  }
  return REPORT_WORDS[language].asks[step].replace("{what}", subjectOf(item, language) ?? "");
}

/** What is to be said of a result beside its name: the problem, the key that answered, what was measured. */
export function resultNote(result: SelfTestItemResult, language: VoiceLanguage): string {
  const { problems, answered, characters } = REPORT_WORDS[language];
  const named =
    result.answered === null
      ? null
      : answered
          .replace("{asked}", subjectOf(result.item, language) ?? "")
          .replace("{answered}", keyName(result.answered, language));
  const problem = result.problem === null || named !== null ? named : problems[result.problem];
  const isCode = result.item === "scanner" && result.found !== null;
  return [problem, isCode ? `${result.found} ${characters}` : result.found]
    .filter((part) => part !== null)
    .join("; ");
}

/** Which key or pictogram an item is about, or null. */
function subjectOf(item: SelfTestItem, language: VoiceLanguage): string | null {
  const [kind, name] = splitItem(item);
  if (name === null) return null;
  if (kind !== "pictogram") return keyName(name as Key, language);
  const pictogram = TESTED_PICTOGRAMS.find((one) => one === name);
  return pictogram === undefined ? null : citizenWords(language).pictograms[pictogram];
}

function kindOf(item: SelfTestItem): keyof ReportWords["names"] {
  return splitItem(item)[0] as keyof ReportWords["names"];
}

function splitItem(item: SelfTestItem): readonly [kind: string, name: string | null] {
  if ((AUTOMATIC_CHECKS as readonly string[]).includes(item)) return [item, null];
  const [kind = item, name = null] = item.split("-");
  return [kind, name];
}

function citizenWords(language: VoiceLanguage): Words {
  const words = wordsOf(CURRENT_WORDING, language);
  if (words === undefined) throw new Error(`wording ${CURRENT_WORDING} has no words in ${language}`);
  return words;
}

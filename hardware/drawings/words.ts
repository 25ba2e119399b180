/**
 * Words on the sheets and in the tables, in both languages.
 */
import type { Bilingual, GuideLanguage } from "../bilingual.ts";
import type { WireColour } from "../nets.ts";

export const COLOUR_NAMES: Readonly<Record<WireColour, Bilingual>> = {
  BK: { it: "nero", en: "black" },
  BN: { it: "marrone", en: "brown" },
  RD: { it: "rosso", en: "red" },
  OG: { it: "arancio", en: "orange" },
  YE: { it: "giallo", en: "yellow" },
  GN: { it: "verde", en: "green" },
  BU: { it: "blu", en: "blue" },
  VT: { it: "viola", en: "violet" },
  GY: { it: "grigio", en: "grey" },
  WH: { it: "bianco", en: "white" },
  PK: { it: "rosa", en: "pink" },
  TQ: { it: "turchese", en: "turquoise" },
  WHBU: { it: "bianco/blu", en: "white/blue" },
  WHOG: { it: "bianco/arancio", en: "white/orange" },
  WHGN: { it: "bianco/verde", en: "white/green" },
  WHBN: { it: "bianco/marrone", en: "white/brown" },
};

/** A number with the decimal sign of the language. */
export function decimal(value: number, language: GuideLanguage): string {
  return language === "it" ? String(value).replace(".", ",") : String(value);
}

export function ohms(value: number, language: GuideLanguage): string {
  return value < 1_000 ? `${value} Ω` : `${decimal(value / 1_000, language)} kΩ`;
}

export const RAILS = {
  "3V3": { it: "3,3 V", en: "3.3 V" },
  "5V": { it: "5 V", en: "5 V" },
} as const satisfies Readonly<Record<string, Bilingual>>;

export const UNTRIED: Bilingual = {
  it: "Progetto non ancora provato su nessuna scheda.",
  en: "A design that has been tried on no board yet.",
};

export const WIRING_WORDS = {
  title: { it: "Faccine: cablaggio di tasti e lampade", en: "Faccine: wiring of keys and lamps" },
  description: {
    it: "Al centro il connettore a 40 poli della scheda; a sinistra i tasti, ciascuno con resistenze, filtro e soppressore; a destra i due ULN2803A con le lampade.",
    en: "In the middle the board's 40-pin header; on the left the keys, each with resistors, filter and suppressor; on the right the two ULN2803A with the lamps.",
  },
  keys: { it: "J1: tasti e contatto delle cuffie", en: "J1: keys and headphone contact" },
  lamps: { it: "J2: lampade", en: "J2: lamps" },
  header: { it: "A1: connettore a 40 poli", en: "A1: 40-pin header" },
  interfaceBoard: { it: "A2: scheda di collegamento", en: "A2: interface board" },
  free: { it: "libero", en: "free" },
  plugged: { it: "cuffie: si chiude con la spina", en: "headphones: closes with the plug" },
  pulledByBoard: { it: "1,8 kΩ già su A1", en: "1.8 kΩ already on A1" },
  groundRing: { it: "BK nero, ad anello", en: "BK black, a ring" },
  supplyRing: { it: "RD rosso, ad anello", en: "RD red, a ring" },
} as const satisfies Readonly<Record<string, Bilingual>>;

/** Lines of the strip below the drawing, in columns of four: `{black}` and `{red}` stand for the order of the two rings. */
export const WIRING_NOTES: Readonly<Record<"it" | "en", readonly string[]>> = {
  it: [
    "Cerchi: piedini del connettore di A1, visti da sopra; il piedino 1",
    "è dalla parte della scheda SD. Chiaro: non collegato. ×: riservato.",
    "W1 (cavo piatto) unisce A1 e A2 piedino a piedino.",
    "Tratteggio: la scheda A2. Riquadri verdi: vie di J1 e J2.",
    "Segno di massa: la barra GND di A2 (anche per D1, D2, D3).",
    "Etichette 3,3 V e 5 V: le altre due barre di A2.",
    "Numeri piccoli su U1 e U2: piedini del circuito integrato.",
    "Alimentazione, lettore e suono: foglio sound-and-power.",
    "S1, S2, S3, S8: contatto (NO, COM) a sinistra e lampada",
    "(L-, L+) a destra sono dello stesso pezzo.",
    "Gli anelli nero e rosso vanno da un pezzo al seguente e",
    "tornano ad A2: rotti in un punto solo, tengono.",
    "Nero: {black}",
    "Rosso: {red}",
  ],
  en: [
    "Circles: pins of A1's header, seen from above; pin 1 is on the",
    "side of the SD card. Faint: not wired. ×: reserved.",
    "W1 (ribbon) joins A1 and A2 pin by pin.",
    "Dashed: the interface board A2. Green boxes: ways of J1 and J2.",
    "Ground sign: A2's rail GND (for D1, D2, D3 too).",
    "Tags 3.3 V and 5 V: the other two rails of A2.",
    "Small numbers on U1 and U2: pins of the integrated circuit.",
    "Supply, scanner and sound: sheet sound-and-power.",
    "S1, S2, S3, S8: contact (NO, COM) on the left and lamp",
    "(L-, L+) on the right belong to the same part.",
    "The black and the red ring lead from one part to the next and",
    "back to A2: broken in one place only, they hold.",
    "Black: {black}",
    "Red: {red}",
  ],
};

export const SOUND_WORDS = {
  title: { it: "Faccine: alimentazione, lettore e suono", en: "Faccine: supply, scanner and sound" },
  description: {
    it: "A1 alimentata da G1; su USB il lettore U3 e la scheda audio U4; U4 va alla presa cuffie X1 e, se è vuota, all'amplificatore U5 con l'altoparlante LS1.",
    en: "A1 fed by G1; on USB the scanner U3 and the sound adapter U4; U4 goes to the headphone socket X1 and, while that is empty, to the amplifier U5 with the speaker LS1.",
  },
  board: { it: "Scheda", en: "Board" },
  supply: { it: "Alimentatore", en: "Supply" },
  usb: { it: "USB al massimo", en: "USB at most" },
  lacks: { it: "Che cosa manca", en: "What it lacks" },
  nothing: { it: "niente", en: "nothing" },
  bySupply: { it: "dall'alimentatore", en: "by the supply" },
  toSheet: { it: "foglio wiring", en: "sheet wiring" },
  ring: { it: "anello nero", en: "black ring" },
  contact: { it: "contatto: si chiude con la spina", en: "contact: closes with the plug" },
  notes: {
    it: "La spina stacca l'altoparlante (TN si apre) e chiude NO con COM: livello basso su GPIO2 = cuffie inserite. Filo rotto = niente cuffie, e la scelta non viene detta.",
    en: "The plug cuts the speaker off (TN opens) and closes NO to COM: low level on GPIO2 = headphones in. A broken wire = no headphones, and the choice is not spoken.",
  },
} as const satisfies Readonly<Record<string, Bilingual>>;

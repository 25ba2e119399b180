/**
 * The test sheet for scanners: every code at its real size, what the scanner must send for it, and how a scanner is
 * set up for a totem. A4, to be printed at 100 %.
 */
import { type RenderOptions, toSVG } from "bwip-js/node";
import { type Bilingual, GUIDE_LANGUAGES, type GuideLanguage } from "../bilingual.ts";
import { bubble, FAINT, sheet, text } from "../sheet.ts";
import { AIM_IDENTIFIER, TEST_CODES, type TestCode } from "./codes.ts";

/** Light squares that a QR code needs around it; a bar code's ten light bars are in the columns' distance. */
const QUIET_MODULES = 4;
/** Height of the bars. */
const BAR_HEIGHT_MM = 14;
/** The drawing kit's units for one square of a QR code at scale 1, and for one bar. */
const UNITS_PER_MODULE = { qrcode: 2, code128: 1 } as const;

const COLUMNS_MM: Readonly<Record<string, readonly number[]>> = {
  A: [22, 84, 146],
  B: [22, 84, 146],
  C: [22, 64, 120],
  D: [22],
};
const ROWS_MM: Readonly<Record<string, number>> = { A: 28, B: 64, C: 120, D: 155 };

const TITLE: Bilingual = { it: "foglio di prova per lettori", en: "test sheet for scanners" };
const NOTE: Bilingual = {
  it: "Non provato con lettori veri. Il lettore deve leggere ogni codice; il totem deve rifiutarli tutti.",
  en: "Not tried with real scanners. The scanner must read every code; the totem must refuse them all.",
};
const WARNING: Bilingual = {
  it: "Codici di prova: nessuno è una ricevuta.",
  en: "Test codes: none is a receipt.",
};

const SETUP: readonly Bilingual[] = [
  {
    it: "Interfaccia: porta seriale USB (USB-COM, CDC), con il codice di programmazione del manuale del costruttore. Senza: tastiera USB (HID), scanner.kind: hid.",
    en: "Interface: USB serial port (USB-COM, CDC), by the setup code in the maker's manual. Without one: USB keyboard (HID), scanner.kind: hid.",
  },
  {
    it: "Fine codice: CR o LF. Se il lettore non manda nulla, il totem riconosce la pausa.",
    en: "End of code: CR or LF. If the scanner sends none, the totem goes by the pause.",
  },
  {
    it: "Prefissi e suffissi: nessuno. L'identificatore AIM è ammesso: il totem lo toglie (sotto i codici, fra parentesi).",
    en: "Prefixes and suffixes: none. The AIM identifier is allowed: the totem takes it away (in brackets below the codes).",
  },
  {
    it: "Simbologie: QR e Code 128. Tutte le altre spente, così tessere e prodotti non vengono nemmeno letti.",
    en: "Symbologies: QR and Code 128. All others off, so that cards and products are not even read.",
  },
  {
    it: "Lettura: continua o a presenza, senza grilletto. Segnale acustico del lettore spento: il totem ha il suo.",
    en: "Reading: continuous or by presence, without a trigger. The scanner's own beep off: the totem has its own.",
  },
  {
    it: "Seriale TTL: GM65 9600 8N1, DE2120 115200 (scanner.family, scanner.baudRate).",
    en: "TTL serial: GM65 9600 8N1, DE2120 115200 (scanner.family, scanner.baudRate).",
  },
  {
    it: "Esito atteso in esercizio: «Non accettato» per ogni codice. In nessun caso si accendono le faccine.",
    en: 'Expected on a live totem: "Not accepted" for every code. In no case do the faces light.',
  },
];

/** The sheet in both languages. */
export function codeSheets(): readonly { readonly name: string; readonly text: string }[] {
  return GUIDE_LANGUAGES.map((language) => ({
    name: `code-sheet.${language}.svg`,
    text: codeSheet(language),
  }));
}

export function codeSheet(language: GuideLanguage): string {
  return sheet(
    {
      title: TITLE,
      note: NOTE,
      warning: WARNING,
      scale: "1:1 · A4",
      width: 210,
      height: 297,
      body: [...TEST_CODES.map((code) => placed(code, language)), ...setup(language)].join("\n"),
    },
    language,
  );
}

/** The size a code is printed in, without its quiet zone. */
export function printedSize(code: TestCode): { readonly widthMm: number; readonly heightMm: number } {
  const { width } = drawn(code);
  const widthMm = (width / UNITS_PER_MODULE[code.symbology]) * code.moduleMm;
  return { widthMm, heightMm: code.symbology === "qrcode" ? widthMm : BAR_HEIGHT_MM };
}

function placed(code: TestCode, language: GuideLanguage): string {
  const row = code.name.slice(0, 1);
  const left = COLUMNS_MM[row]?.[Number(code.name.slice(1)) - 1] ?? 0;
  const top = ROWS_MM[row] ?? 0;
  const { widthMm, heightMm } = printedSize(code);
  const { width, height, inside } = drawn(code);
  const stretch = code.symbology === "code128" ? ' preserveAspectRatio="none"' : "";
  const shown = code.text.length > 24 ? `${code.text.slice(0, 10)}… (${code.text.length})` : code.text;
  const caption = `${code.what[language]}, ${twoDecimals(code.moduleMm, language)} mm`;
  const below = top + heightMm + QUIET_MODULES * code.moduleMm;
  return [
    bubble(left - 5, top - 6, code.name),
    text(left - 1, top - 5.2, 2.8, caption, { bold: true }),
    `<svg x="${left}" y="${top}" width="${round(widthMm)}" height="${round(heightMm)}" viewBox="0 0 ${width} ${height}"${stretch}><g stroke="none" fill="#000">${inside}</g></svg>`,
    text(left, below + 3, 2.3, shown),
    text(left, below + 6, 2.3, `(${AIM_IDENTIFIER[code.symbology]}…)`, { colour: FAINT }),
  ].join("");
}

/** A code's bars or squares, without frame and text, in the drawing kit's own units. */
function drawn({ symbology, text: content }: TestCode): {
  readonly width: number;
  readonly height: number;
  readonly inside: string;
} {
  // The kit's types leave out what only some symbologies have.
  const options: RenderOptions & { readonly eclevel?: "M" } = {
    bcid: symbology,
    text: content,
    scale: 1,
    ...(symbology === "qrcode" ? { eclevel: "M" } : { height: BAR_HEIGHT_MM }),
  };
  const svg = toSVG(options);
  const [, width, height, inside] =
    /^<svg viewBox="0 0 (\d+) (\d+)"[^>]*>([\s\S]*)<\/svg>\s*$/.exec(svg) ?? [];
  if (width === undefined || height === undefined || inside === undefined) {
    throw new Error(`bwip-js drew ${symbology} in a form that this sheet does not know`);
  }
  return { width: Number(width), height: Number(height), inside };
}

function setup(language: GuideLanguage): readonly string[] {
  const top = 202;
  return SETUP.flatMap((words, index) => {
    const lines = wrapped(words[language], 108);
    const before = SETUP.slice(0, index).reduce(
      (sum, other) => sum + wrapped(other[language], 108).length,
      0,
    );
    const y = top + index * 1.6 + before * 4;
    return [
      bubble(18, y - 1, String(index + 1)),
      ...lines.map((line, row) => text(23, y + row * 4, 2.7, line)),
    ];
  });
}

function wrapped(words: string, lengthMax: number): readonly string[] {
  const lines: string[] = [];
  for (const word of words.split(" ")) {
    const last = lines.at(-1);
    if (last === undefined || last.length + 1 + word.length > lengthMax) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines;
}

function twoDecimals(value: number, language: GuideLanguage): string {
  const written = String(value);
  return language === "it" ? written.replace(".", ",") : written;
}

function round(value: number): number {
  return Math.round(value * 1_000) / 1_000;
}

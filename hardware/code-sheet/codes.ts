/**
 * The codes a technician holds before a scanner to see what it reads. None is a ticket: a live totem refuses every one
 * of them, most as malformed and one as too long. No maker's setup codes: those belong to the maker's own manual.
 */
import { TICKET_CODE_MAX } from "#schemas/limits.ts";
import type { Bilingual } from "../bilingual.ts";

export type TestCode = {
  readonly name: string;
  readonly symbology: "qrcode" | "code128";
  readonly text: string;
  /** Width of the narrowest bar, or of a square of a QR code. */
  readonly moduleMm: number;
  readonly what: Bilingual;
};

/** What a scanner set to send AIM identifiers puts before each code; the totem takes it away. */
export const AIM_IDENTIFIER: Readonly<Record<TestCode["symbology"], string>> = {
  qrcode: "]Q1",
  code128: "]C0",
};

/** Characters of a signed ticket's code. */
const TICKET_LENGTH = 135;
/** Well above the longest code with an AIM identifier, and still a QR code that fits on the sheet. */
const OVERLONG_LENGTH = TICKET_CODE_MAX + 40;

/** Narrow, usual and wide. 0.5 mm is four dots of a receipt printer of 203 dpi. */
const QR_MODULES_MM = [0.33, 0.5, 0.75] as const;
/** 0.25 mm is two dots of such a printer. */
const BAR_MODULES_MM = [0.25, 0.33, 0.5] as const;

const SHORT: Bilingual = { it: "QR corto", en: "short QR" };
const LONG: Bilingual = { it: "come una ricevuta", en: "like a receipt's" };
const BARS: Bilingual = { it: "Code 128", en: "Code 128" };
const OVERLONG: Bilingual = { it: "QR troppo lungo", en: "QR too long" };

export const TEST_CODES: readonly TestCode[] = [
  ...QR_MODULES_MM.map((moduleMm, index) =>
    qr(`A${index + 1}`, `FACCINE-QR-${digits(moduleMm)}`, moduleMm, SHORT),
  ),
  ...QR_MODULES_MM.map((moduleMm, index) =>
    qr(`B${index + 1}`, likeTicket(digits(moduleMm)), moduleMm, LONG),
  ),
  ...BAR_MODULES_MM.map(
    (moduleMm, index): TestCode => ({
      name: `C${index + 1}`,
      symbology: "code128",
      text: `PROVA-${digits(moduleMm)}`,
      moduleMm,
      what: BARS,
    }),
  ),
  qr("D1", "FACCINE-".padEnd(OVERLONG_LENGTH, "0123456789"), 0.5, OVERLONG),
];

function qr(name: string, text: string, moduleMm: number, what: Bilingual): TestCode {
  return { name, symbology: "qrcode", text, moduleMm, what };
}

/** As long and as dense as a ticket, and begun like one, but of profile 0, which does not exist: malformed for ever. */
function likeTicket(digitsOfModule: string): string {
  const filling = "0123456789ABCDEFGHJKMNPQRSTVWXYZ".repeat(5);
  return `F100${digitsOfModule}${filling}`.slice(0, TICKET_LENGTH - 1).concat("0");
}

function digits(moduleMm: number): string {
  return String(Math.round(moduleMm * 100)).padStart(3, "0");
}

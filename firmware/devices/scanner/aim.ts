/**
 * Takes away the AIM identifier that a scanner may be set to send before each code: `]C0` Code 128, `]C1` GS1-128,
 * `]Q1` QR, `]Q3` GS1 QR, `]d2` GS1 DataMatrix and so on (ISO/IEC 15424): a bracket, a letter for the kind of code and
 * one character more. It says how a ticket was printed, which is nobody's business here. Pure.
 */
const AIM = /^\][A-Za-z][0-9A-Za-z]/;

/** The code without its identifier. One at most is taken: a second would be the code's own text. No ticket begins so. */
export function withoutAim(text: string): string {
  return text.replace(AIM, "");
}

/**
 * The words of the desk's pages and of the receipt they print, in Italian and English.
 */
import type { PageLanguage } from "./page-words.ts";

export type DeskWords = {
  readonly signInTitle: string;
  readonly signInText: string;
  readonly code: string;
  readonly signIn: string;
  readonly wrongCode: string;
  readonly title: (office: string) => string;
  readonly explain: string;
  readonly served: string;
  readonly signOut: string;
  readonly receiptTitle: string;
  readonly printNow: string;
  readonly next: string;
  readonly notIssued: string;
};

export const DESK_WORDS: Readonly<Record<PageLanguage, DeskWords>> = {
  it: {
    signInTitle: "Ricevute dello sportello",
    signInText:
      "Qui uno sportello senza elimina-code stampa la ricevuta con cui il cittadino esprime il suo giudizio. Serve il codice dell'ufficio, che dà chi amministra il sistema.",
    code: "Codice dell'ufficio",
    signIn: "Entra",
    wrongCode: "Il codice non è valido: è scaduto, revocato o scritto male.",
    title: (office) => `Ricevute: ${office}`,
    explain:
      "Premi il servizio appena concluso: si stampa una ricevuta da consegnare al cittadino, chiunque sia e comunque sia andata. Del servizio resta solo il conteggio.",
    served: "Servizio concluso",
    signOut: "Esci",
    receiptTitle: "Ricevuta",
    printNow: "Se la stampa non parte da sola: Ctrl+P.",
    next: "Prossimo cittadino",
    notIssued: "La ricevuta non è stata emessa.",
  },
  en: {
    signInTitle: "Receipts of the desk",
    signInText:
      "Here a desk without a queue system prints the receipt with which the citizen gives a judgement. It takes the office's code, from whoever administers the system.",
    code: "Code of the office",
    signIn: "Sign in",
    wrongCode: "The code is not good: expired, revoked or mistyped.",
    title: (office) => `Receipts: ${office}`,
    explain:
      "Press the service that has just ended: it prints a receipt to hand to the citizen, whoever it is and however it went. Of the service only the count is kept.",
    served: "Service finished",
    signOut: "Sign out",
    receiptTitle: "Receipt",
    printNow: "If it does not print by itself: Ctrl+P.",
    next: "Next citizen",
    notIssued: "The receipt was not issued.",
  },
};

/** What the receipt says, in both languages: it is the citizen who reads it. */
export const RECEIPT_WORDS = {
  question: { it: "Com'è andata?", en: "How did it go?" },
  how: {
    it: "Avvicina il codice al totem e premi una faccina. È anonimo, e vale una volta.",
    en: "Hold the code to the totem and press a face. It is anonymous, and good once.",
  },
  until: { it: "Vale fino alle", en: "Good until" },
} as const;

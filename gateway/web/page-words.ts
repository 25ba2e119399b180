/**
 * The words of the gateway's page, in Italian and English.
 */

export type PageLanguage = "it" | "en";

export type PageWords = {
  readonly sample: string;
  readonly addsUp: string;
  readonly doesNotAddUp: string;
  readonly recounted: (when: string, days: number) => string;
  readonly recountedNone: (when: string) => string;
  readonly notRecounted: string;
  readonly columns: Readonly<Record<ShownFace, string>>;
  readonly files: string;
  readonly monthly: string;
  readonly byDay: string;
  readonly openData: string;
  readonly excel: string;
  readonly exactFigures: string;
  readonly exactNote: string;
  readonly smallNote: string;
  readonly notSettled: string;
  readonly published: string;
  readonly publishedMonths: string;
  readonly ministry: (month: string) => string;
  readonly notAllowedTitle: string;
  readonly notAllowed: string;
  readonly pages: string;
  readonly otherLanguage: string;
  readonly skip: string;
};

/** The faces, as columns are named. */
export type ShownFace = "green" | "yellow" | "red";

const IT: PageWords = {
  sample: "Dati di esempio: un Comune inventato, nessun voto vero.",
  addsUp: "Tutti i conti tornano.",
  doesNotAddUp: "I conti non tornano:",
  recounted: (when, days) =>
    `Ultimo riconteggio di tutti i voti: ${when}, ${days === 1 ? "un giorno di voti" : `${days} giorni di voti`}.`,
  recountedNone: (when) => `Ultimo riconteggio: ${when}, quando non c'era ancora nessun voto.`,
  notRecounted: "I voti non sono ancora stati ricontati.",
  columns: {
    green: "Verdi",
    yellow: "Gialli",
    red: "Rossi",
  },
  files: "File da scaricare",
  monthly: "Resoconto mensile",
  byDay: "Giorno per giorno",
  openData: "CSV, dati aperti",
  excel: "CSV per Excel italiano",
  exactFigures: "cifre esatte",
  exactNote: "Ogni lettura delle cifre esatte viene annotata.",
  published: "Per tutti",
  publishedMonths: "Mesi pubblicati",
  ministry: (month) => `Rapporto al Ministro, ${month} (archivio con PDF, quando il mese è pubblicato)`,
  smallNote: "I gruppi piccoli sono nascosti: una cella sotto 5, una percentuale sotto 10 voti.",
  notSettled:
    "I file di un mese si leggono quando il mese è chiuso e provato, nei primi giorni del successivo. Fino ad allora le cifre sono nella pagina di oggi.",
  notAllowedTitle: "Pagina non aperta a lei",
  notAllowed: "Questa pagina è per chi ha altri permessi. Le pagine aperte a lei sono nel menu.",
  pages: "Pagine",
  otherLanguage: "English",
  skip: "Vai al contenuto",
};

const EN: PageWords = {
  sample: "Dati di esempio (sample data): an invented municipality, no real vote.",
  addsUp: "Everything adds up.",
  doesNotAddUp: "Something does not add up:",
  recounted: (when, days) =>
    `Last recount of all votes: ${when}, ${days === 1 ? "one day of votes" : `${days} days of votes`}.`,
  recountedNone: (when) => `Last recount: ${when}, when there was no vote yet.`,
  notRecounted: "Votes have not been recounted yet.",
  columns: {
    green: "Green",
    yellow: "Yellow",
    red: "Red",
  },
  files: "Files to download",
  monthly: "Monthly report",
  byDay: "Day by day",
  openData: "CSV, open data",
  excel: "CSV for Italian Excel",
  exactFigures: "exact figures",
  exactNote: "Every reading of exact figures is logged.",
  published: "For everybody",
  publishedMonths: "Published months",
  ministry: (month) => `Report to the minister, ${month} (archive with PDF, once the month is published)`,
  smallNote: "Small groups are hidden: a cell below 5, a percentage below 10 votes.",
  notSettled:
    "The files of a month can be read once it is closed and proved, in the first days of the next. Until then its figures are on the page of today.",
  notAllowedTitle: "This page is not open to you",
  notAllowed: "This page is for people with other permissions. The pages open to you are in the menu.",
  pages: "Pages",
  otherLanguage: "Italiano",
  skip: "Skip to content",
};

export const PAGE_WORDS: Readonly<Record<PageLanguage, PageWords>> = { it: IT, en: EN };

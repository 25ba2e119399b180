/**
 * The words of the page of trends, in Italian and English.
 */
import type { FunnelVerdict } from "../dashboard/funnel.ts";
import type { TrendPeriod } from "../dashboard/trends-query.ts";
import type { PageLanguage } from "./page-words.ts";

export type TrendsWords = {
  readonly title: string;
  readonly from: string;
  readonly to: string;
  readonly by: string;
  readonly periods: Readonly<Record<TrendPeriod, string>>;
  readonly office: string;
  readonly allOffices: string;
  readonly exact: string;
  readonly show: string;
  readonly wrong: string;
  readonly span: (first: string, last: string) => string;
  readonly firstOffice: (office: string) => string;
  readonly nothing: string;
  readonly unsettled: string;
  readonly settledNote: string;
  readonly figures: string;
  readonly csv: string;
  readonly results: string;
  readonly resultsNote: string;
  readonly period: string;
  readonly served: string;
  readonly positive: string;
  readonly resultsChart: (service: string) => string;
  readonly reasons: string;
  readonly reasonsOf: (red: string) => string;
  readonly noReasons: string;
  readonly reasonsHidden: (rows: number) => string;
  readonly reason: string;
  readonly share: string;
  readonly heat: string;
  readonly heatNote: (first: string, last: string) => string;
  readonly heatHidden: (hours: number) => string;
  readonly heatChoose: string;
  readonly weekdays: readonly string[];
  readonly hour: string;
  readonly votesOf: (votes: string) => string;
  readonly funnel: string;
  readonly funnelNote: (overall: string) => string;
  readonly funnelLabel: string;
  readonly funnelNothing: string;
  readonly verdict: string;
  readonly verdicts: Readonly<Record<FunnelVerdict, string>>;
  readonly limits: string;
  readonly votesAxis: string;
  readonly year: (now: string, then: string) => string;
  readonly yearNothing: string;
  readonly difference: string;
  readonly differences: Readonly<Record<"higher" | "lower" | "unclear" | "unknown", string>>;
};

const IT: TrendsWords = {
  title: "Andamento",
  from: "Dal",
  to: "Fino al (escluso)",
  by: "Divisi per",
  periods: { day: "giorno", week: "settimana", month: "mese" },
  office: "Ufficio",
  allOffices: "Tutti gli uffici",
  exact: "Cifre esatte (la lettura viene annotata)",
  show: "Mostra",
  wrong: "Così non si può mostrare:",
  span: (first, last) => `Dal ${first} al ${last} compreso. Il giorno in corso è nella pagina di oggi.`,
  firstOffice: (office) =>
    `Gli uffici sono molti: risultati, motivi e orari sono di ${office}; il confronto è di tutti.`,
  unsettled:
    "Di questi giorni non si mostra ancora niente: un mese si vede quando è chiuso e la sua prova è pubblicata. Fino ad allora c'è la pagina di oggi.",
  settledNote: "Si vedono i mesi chiusi, con la loro prova.",
  nothing: "In questo periodo non c'è nessun voto.",
  figures: "Le cifre",
  csv: "Le stesse cifre come file CSV",
  results: "Risultati",
  resultsNote:
    "La barra è l'intervallo al 95 %: dove può stare il valore vero. Il tratto è la quota di voti positivi. Dove non c'è niente, i voti sono troppo pochi per essere mostrati.",
  period: "Periodo",
  served: "Serviti",
  positive: "Positivi",
  resultsChart: (service) =>
    `Voti positivi di ${service} con il loro intervallo, periodo per periodo; le cifre sono nella tabella.`,
  reasons: "Perché rosso",
  reasonsOf: (red) => `Di ${red} voti rossi:`,
  noReasons: "Nessun motivo da mostrare.",
  reasonsHidden: (rows) =>
    rows === 1
      ? "Un periodo di un servizio è nascosto: i voti sono pochi."
      : `${rows} periodi di servizi sono nascosti: i voti sono pochi.`,
  reason: "Motivo",
  share: "Quota",
  heat: "Ore e giorni della settimana",
  heatNote: (first, last) =>
    `Dal ${first} al ${last}: più scura la casella, più alta la quota di positivi; sotto, quanti voti. Senza quota, i voti sono meno di 10 o le loro faccine sono nascoste.`,
  heatHidden: (hours) =>
    `${hours} ore di servizi sono nascoste, perché avevano meno di 5 voti o ne avrebbero fatte riconoscere altre.`,
  heatChoose: "Scelga un ufficio per vedere le sue ore.",
  weekdays: ["lunedì", "martedì", "mercoledì", "giovedì", "venerdì", "sabato", "domenica"],
  hour: "Ora",
  votesOf: (votes) => `${votes} voti`,
  funnel: "Confronto tra servizi",
  funnelNote: (overall) =>
    `Non è una classifica: chi sta tra le linee differisce dal totale (${overall}) per caso. Tra le linee interne sta il 95 % dei servizi uguali al totale, tra le esterne il 99,8 %; con pochi voti sono lontane.`,
  funnelLabel:
    "Quota di voti positivi di ogni servizio secondo il numero dei suoi voti, con i limiti del caso; le cifre sono nella tabella.",
  funnelNothing: "Servono almeno due servizi con abbastanza voti.",
  verdict: "Dove sta",
  verdicts: { usual: "● entro i limiti", unusual: "■ fuori dal 95 %", far: "◆ fuori dal 99,8 %" },
  limits: "Limiti al 95 %",
  votesAxis: "voti",
  year: (now, then) => `${now} e ${then}`,
  yearNothing: "Dello stesso mese di un anno prima non ci sono dati.",
  difference: "Differenza",
  differences: {
    higher: "più alta di allora",
    lower: "più bassa di allora",
    unclear: "nessuna che si possa dire",
    unknown: "–",
  },
};

const EN: TrendsWords = {
  title: "Trends",
  from: "From",
  to: "Until (not included)",
  by: "Divided by",
  periods: { day: "day", week: "week", month: "month" },
  office: "Office",
  allOffices: "All offices",
  exact: "Exact figures (the reading is logged)",
  show: "Show",
  wrong: "This cannot be shown:",
  span: (first, last) =>
    `From ${first} to ${last}, both included. The day that runs is on the page of today.`,
  firstOffice: (office) =>
    `There are many offices: results, reasons and hours are those of ${office}; the comparison is of all.`,
  unsettled:
    "Nothing of these days is shown yet: a month is shown once it is closed and its proof is published. Until then there is the page of today.",
  settledNote: "Shown are the months that are closed, with their proof.",
  nothing: "There is no vote in this period.",
  figures: "The figures",
  csv: "The same figures as a CSV file",
  results: "Results",
  resultsNote:
    "The bar is the 95 % interval: where the true value may lie. The stroke is the share of positive votes. Where there is nothing, votes are too few to be shown.",
  period: "Period",
  served: "Served",
  positive: "Positive",
  resultsChart: (service) =>
    `Positive votes of ${service} with their interval, period by period; the figures are in the table.`,
  reasons: "Why red",
  reasonsOf: (red) => `Of ${red} red votes:`,
  noReasons: "No reason to show.",
  reasonsHidden: (rows) =>
    rows === 1
      ? "One period of a service is hidden: its votes are few."
      : `${rows} periods of services are hidden: their votes are few.`,
  reason: "Reason",
  share: "Share",
  heat: "Hours and weekdays",
  heatNote: (first, last) =>
    `From ${first} to ${last}: the darker a cell, the higher the share of positive votes; below it, how many votes. Without a share, there are fewer than 10, or their faces are hidden.`,
  heatHidden: (hours) =>
    `${hours} hours of services are hidden, because they had fewer than 5 votes or would have given others away.`,
  heatChoose: "Choose an office to see its hours.",
  weekdays: ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
  hour: "Hour",
  votesOf: (votes) => `${votes} votes`,
  funnel: "Services compared",
  funnelNote: (overall) =>
    `This is no ranking: who lies between the lines differs from the whole (${overall}) by chance. Between the inner lines lie 95 % of the services that are like the whole, between the outer ones 99.8 %; with few votes they are far apart.`,
  funnelLabel:
    "Share of positive votes of each service against its number of votes, with the limits of chance; the figures are in the table.",
  funnelNothing: "It takes two services or more with enough votes.",
  verdict: "Where it lies",
  verdicts: { usual: "● within the limits", unusual: "■ outside of 95 %", far: "◆ outside of 99.8 %" },
  limits: "95 % limits",
  votesAxis: "votes",
  year: (now, then) => `${now} and ${then}`,
  yearNothing: "There is no data of the same month a year earlier.",
  difference: "Difference",
  differences: {
    higher: "higher than then",
    lower: "lower than then",
    unclear: "none that one could tell",
    unknown: "–",
  },
};

export const TRENDS_WORDS: Readonly<Record<PageLanguage, TrendsWords>> = { it: IT, en: EN };

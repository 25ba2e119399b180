/**
 * The words of the page of today, in Italian and English.
 */
import type { PageLanguage } from "./page-words.ts";

export type OverviewWords = {
  readonly title: string;
  readonly votesToday: string;
  readonly totems: string;
  readonly totemsOnline: (online: string, all: string) => string;
  readonly alarms: string;
  readonly reload: string;
  readonly liveOn: string;
  readonly liveOff: string;
  readonly today: string;
  readonly service: string;
  readonly votes: string;
  readonly hidden: string;
  readonly gathering: string;
  readonly together: string;
  readonly step: (step: number) => string;
  readonly stepOne: string;
  readonly noServices: string;
  readonly lastMonth: (month: string) => string;
  readonly green: string;
  readonly interval: string;
  readonly intervalOf: (share: string, low: string, high: string) => string;
  readonly participation: string;
  readonly participationOf: (percent: string, votes: string, served: string) => string;
  readonly noVotes: string;
  readonly smallNote: string;
};

const IT: OverviewWords = {
  title: "Oggi",
  votesToday: "Voti di oggi",
  totems: "Totem collegati",
  totemsOnline: (online, all) => `${online} su ${all}`,
  alarms: "Allarmi",
  reload: "Aggiorna le cifre",
  liveOn: "In diretta: le cifre si aggiornano da sole.",
  liveOff: "Le cifre non si aggiornano da sole.",
  today: "Oggi, servizio per servizio",
  service: "Servizio",
  votes: "Voti",
  hidden: "nascosto",
  gathering: "in raccolta",
  together: "Servizi mostrati insieme",
  step: (step) =>
    `Le cifre di un servizio si muovono tutte insieme, a passi di ${step} e solo dopo almeno ${step} nuovi voti: chi guarda non può riconoscere un singolo voto. Fino ad allora sono «in raccolta». Di un servizio mancano perciò fino a ${step - 1} voti per faccina.`,
  stepOne: "Con i dati di esempio le cifre seguono ogni voto; con quelli veri si muovono a passi di 5.",
  noServices: "Nessun servizio è aperto a lei.",
  lastMonth: (month) => `L'ultimo mese chiuso: ${month}`,
  green: "Positivi",
  interval: "Intervallo al 95 %",
  intervalOf: (share, low, high) => `positivi ${share}, con un intervallo al 95 % da ${low} a ${high}`,
  participation: "Partecipazione",
  participationOf: (percent, votes, served) => `${percent} (${votes} voti su ${served} persone servite)`,
  noVotes:
    "Di questo mese non c'è niente da mostrare, o non ancora: si vede quando è chiuso e la sua prova è pubblicata.",
  smallNote:
    "La banda mostra dove può stare il valore vero: con pochi voti è larga, e due bande che si sovrappongono non dicono quale servizio sia migliore. I gruppi piccoli sono nascosti.",
};

const EN: OverviewWords = {
  title: "Today",
  votesToday: "Votes today",
  totems: "Totems connected",
  totemsOnline: (online, all) => `${online} of ${all}`,
  alarms: "Alarms",
  reload: "Read the figures anew",
  liveOn: "Live: the figures move by themselves.",
  liveOff: "The figures do not move by themselves.",
  today: "Today, service by service",
  service: "Service",
  votes: "Votes",
  hidden: "hidden",
  gathering: "gathering",
  together: "Services shown together",
  step: (step) =>
    `A service's figures move all together, in steps of ${step} and only after ${step} new votes or more: nobody who watches can tell a single vote. Until then they are “gathering”. Up to ${step - 1} votes of each face are therefore missing.`,
  stepOne: "With sample data the figures follow every vote; with true ones they move in steps of 5.",
  noServices: "No service is open to you.",
  lastMonth: (month) => `The last closed month: ${month}`,
  green: "Positive",
  interval: "95 % interval",
  intervalOf: (share, low, high) => `positive ${share}, with a 95 % interval from ${low} to ${high}`,
  participation: "Participation",
  participationOf: (percent, votes, served) => `${percent} (${votes} votes of ${served} people served)`,
  noVotes:
    "Of this month there is nothing to show, or not yet: it is shown once it is closed and its proof is published.",
  smallNote:
    "The band shows where the true value may lie: with few votes it is broad, and two bands that overlap do not say which service is better. Small groups are hidden.",
};

export const OVERVIEW_WORDS: Readonly<Record<PageLanguage, OverviewWords>> = { it: IT, en: EN };

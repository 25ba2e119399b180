/**
 * The words of the pages about totems and alarms, in Italian and English.
 */
import type { PageLanguage } from "./page-words.ts";

export type FleetWords = {
  readonly fleet: string;
  readonly alarms: string;
  readonly totem: string;
  readonly site: string;
  readonly state: string;
  readonly online: string;
  readonly offline: string;
  readonly heard: string;
  readonly never: string;
  readonly waiting: string;
  readonly oldest: (minutes: number) => string;
  readonly clock: string;
  readonly trusted: string;
  readonly untrusted: string;
  readonly disk: string;
  readonly free: (mebibytes: string, percent: string) => string;
  readonly heat: string;
  readonly power: string;
  readonly weak: string;
  readonly scanner: string;
  readonly ready: string;
  readonly unplugged: string;
  readonly keys: string;
  readonly stuck: string;
  readonly worn: string;
  readonly fine: string;
  readonly unknown: string;
  readonly onlyTrouble: string;
  readonly all: string;
  readonly noTotems: string;
  readonly noTrouble: string;
  readonly count: (totems: number, online: number, trouble: number) => string;
  readonly gateway: string;
  readonly since: string;
  readonly times: (times: number) => string;
  readonly open: string;
  readonly noAlarms: string;
  readonly acknowledge: string;
  readonly note: string;
  readonly seen: string;
  readonly seenBy: (by: string, when: string) => string;
  readonly cleared: string;
  readonly over: (when: string) => string;
  readonly none: string;
  readonly whatToDo: string;
  readonly told: string;
  readonly toldNone: string;
  readonly went: (channel: string, when: string) => string;
  readonly waits: (channel: string, tries: number, error: string) => string;
  readonly lost: (channel: string, tries: number, error: string) => string;
  readonly back: string;
};

const IT: FleetWords = {
  fleet: "Totem",
  alarms: "Allarmi",
  totem: "Totem",
  site: "Sede",
  state: "Stato",
  online: "in linea",
  offline: "non in linea",
  heard: "Ultimo contatto",
  never: "mai",
  waiting: "Da inviare",
  oldest: (minutes) => `da ${minutes} min`,
  clock: "Orologio",
  trusted: "regolato",
  untrusted: "non regolato",
  disk: "Disco",
  free: (mebibytes, percent) => `${percent} libero (${mebibytes} MiB)`,
  heat: "Temperatura",
  power: "Alimentazione",
  weak: "debole",
  scanner: "Lettore",
  ready: "pronto",
  unplugged: "scollegato",
  keys: "Tasti",
  stuck: "bloccati",
  worn: "consumati",
  fine: "a posto",
  unknown: "non noto",
  onlyTrouble: "Solo quelli da guardare",
  all: "Tutti",
  noTotems: "Nessun totem è registrato.",
  noTrouble: "Nessun totem ha bisogno di attenzione.",
  count: (totems, online, trouble) => `${totems} totem, ${online} in linea, ${trouble} da guardare.`,
  gateway: "gateway",
  since: "dal",
  times: (times) => (times === 1 ? "una volta" : `${times} volte`),
  open: "Aperti",
  noAlarms: "Nessun allarme è aperto.",
  acknowledge: "Me ne occupo io",
  note: "Che cosa fai (facoltativo)",
  seen: "Presi in carico",
  seenBy: (by, when) => `${by}, ${when}`,
  cleared: "Gli ultimi cessati",
  over: (when) => `cessato il ${when}`,
  none: "Nessuno.",
  whatToDo: "Che cosa fare",
  told: "Messaggi mandati",
  toldNone: "Nessun messaggio: l'impostazione alerts non indica nessuno, o non c'è stato nulla da dire.",
  went: (channel, when) => `${channel}, consegnato il ${when}`,
  waits: (channel, tries, error) => `${channel}, ancora da consegnare dopo ${tries} tentativi: ${error}`,
  lost: (channel, tries, error) => `${channel}, non consegnato dopo ${tries} tentativi: ${error}`,
  back: "Tutti gli allarmi",
};

const EN: FleetWords = {
  fleet: "Totems",
  alarms: "Alarms",
  totem: "Totem",
  site: "Site",
  state: "State",
  online: "online",
  offline: "offline",
  heard: "Last heard",
  never: "never",
  waiting: "To be sent",
  oldest: (minutes) => `for ${minutes} min`,
  clock: "Clock",
  trusted: "set",
  untrusted: "not set",
  disk: "Disk",
  free: (mebibytes, percent) => `${percent} free (${mebibytes} MiB)`,
  heat: "Temperature",
  power: "Power",
  weak: "weak",
  scanner: "Scanner",
  ready: "ready",
  unplugged: "unplugged",
  keys: "Keys",
  stuck: "stuck",
  worn: "worn",
  fine: "fine",
  unknown: "unknown",
  onlyTrouble: "Only those to look at",
  all: "All",
  noTotems: "No totem is registered.",
  noTrouble: "No totem needs to be looked at.",
  count: (totems, online, trouble) => `${totems} totems, ${online} online, ${trouble} to look at.`,
  gateway: "gateway",
  since: "since",
  times: (times) => (times === 1 ? "once" : `${times} times`),
  open: "Open",
  noAlarms: "No alarm stands.",
  acknowledge: "I look after it",
  note: "What you do about it (optional)",
  seen: "Somebody looks after them",
  seenBy: (by, when) => `${by}, ${when}`,
  cleared: "The last that ended",
  over: (when) => `over since ${when}`,
  none: "None.",
  whatToDo: "What to do",
  told: "Messages sent",
  toldNone: "No message: the setting alerts names nobody, or there was nothing to tell.",
  went: (channel, when) => `${channel}, delivered ${when}`,
  waits: (channel, tries, error) => `${channel}, not yet delivered after ${tries} tries: ${error}`,
  lost: (channel, tries, error) => `${channel}, not delivered after ${tries} tries: ${error}`,
  back: "All alarms",
};

export const FLEET_WORDS: Readonly<Record<PageLanguage, FleetWords>> = { it: IT, en: EN };

/**
 * The kinds of whole devices, cables and boards: what is bought ready and joined by plugs, and the sound.
 */
import { HEADER, type HeaderPin } from "../boards.ts";
import { GROUND, type Kind, PASSIVE, PLUG, type Terminal } from "./kind.ts";

function headerTerminal(pin: HeaderPin): Terminal {
  if (pin === "GND") return GROUND;
  if (pin === "3V3") return { role: "supply", volts: 3.3 };
  return pin === "5V" ? { role: "supply", volts: 5 } : { role: "line" };
}

const NO_WAYS = { ways: [], draws: null } as const;
const BOUGHT_BY_FACTS = { makersNumber: null, alternatives: [], source: null } as const;

export const BOARD_KIND: Kind = {
  id: "board",
  description: { it: "Raspberry Pi 3, 4, 5 o Zero 2 W", en: "Raspberry Pi 3, 4, 5 or Zero 2 W" },
  makersNumber: "Raspberry Pi 3 Model B+, 4 Model B, 5, Zero 2 WH",
  facts: { it: "nessuna ancora provata con questo cablaggio", en: "none tried with this wiring yet" },
  alternatives: [],
  source: null,
  terminals: {
    ...Object.fromEntries(HEADER.map((pin, index) => [String(index + 1), headerTerminal(pin)])),
    PWR: PLUG,
    USB1: PLUG,
    USB2: PLUG,
  },
  ...NO_WAYS,
};

const SOUND_KINDS: readonly Kind[] = [
  {
    id: "headphone-socket",
    description: {
      it: "Presa stereo 3,5 mm da pannello, con contatti",
      en: "Stereo socket 3.5 mm for panels, with contacts",
    },
    makersNumber: null,
    facts: {
      it: "punta con contatto NC (stacca l'altoparlante) e contatto isolato NO che si CHIUDE con la spina inserita",
      en: "tip with NC contact (cuts the speaker off) and an isolated NO contact that CLOSES when a plug is in",
    },
    alternatives: [
      {
        it: "presa con solo contatto NC, e un microinterruttore premuto dalla spina per il contatto NO",
        en: "socket with NC contact only, and a microswitch pressed by the plug for the NO contact",
      },
    ],
    source: "forum.digikey.com 38488: isolated make circuit of 3.5 mm jacks",
    terminals: { T: PLUG, R: PLUG, S: PLUG, TN: PLUG, NO: PASSIVE, COM: PASSIVE },
    ways: [{ from: "NO", to: "COM", through: "contact", ohms: 0 }],
    draws: null,
    contactMilliampsMin: 1,
  },
  {
    id: "sound-adapter",
    description: { it: "Scheda audio USB", en: "USB sound adapter" },
    ...BOUGHT_BY_FACTS,
    facts: {
      it: "classe audio USB standard, senza driver; uscita 3,5 mm; al massimo 100 mA",
      en: "standard USB audio class, no driver; 3.5 mm output; at most 100 mA",
    },
    terminals: { USB: PLUG, L: PLUG, R: PLUG, G: PLUG },
    ways: [],
    draws: { from: "USB", milliamps: 100 },
  },
  {
    id: "amplifier",
    description: { it: "Modulo amplificatore PAM8403", en: "Amplifier module PAM8403" },
    makersNumber: "Diodes PAM8403 (module)",
    facts: {
      it: "5 V; un solo canale su 8 ohm: al massimo 420 mA; i morsetti dell'altoparlante non vanno a massa",
      en: "5 V; one channel on 8 ohm: at most 420 mA; no speaker terminal goes to ground",
    },
    alternatives: [{ it: "altoparlante amplificato USB", en: "USB powered speaker" }],
    source: "PAM8403 data sheet: 1.8 W on 8 ohm at 5 V, 87 % efficiency",
    terminals: {
      "5V": { role: "load", volts: 5 },
      GND: GROUND,
      INL: PLUG,
      ING: PLUG,
      "OUTL+": PLUG,
      "OUTL-": PLUG,
    },
    ways: [],
    draws: { from: "5V", milliamps: 420 },
  },
  {
    id: "speaker",
    description: { it: "Altoparlante 8 ohm, 2 W", en: "Speaker 8 ohm, 2 W" },
    ...BOUGHT_BY_FACTS,
    facts: { it: "dietro la griglia 50 x 24 mm", en: "behind the grille of 50 x 24 mm" },
    terminals: { "+": PLUG, "-": PLUG },
    ...NO_WAYS,
  },
];

export const DEVICE_KINDS: readonly Kind[] = [
  BOARD_KIND,
  {
    id: "interface-board",
    description: {
      it: "Scheda di collegamento: millefori 100 x 160 mm, con presa a 40 poli",
      en: "Interface board: perforated board 100 x 160 mm, with 40-way socket",
    },
    ...BOUGHT_BY_FACTS,
    facts: {
      it: "tre barre: 3,3 V, 5 V, massa; porta R, C, D, U1, U2, F1 e i connettori J1, J2, J3",
      en: "three rails: 3.3 V, 5 V, ground; carries R, C, D, U1, U2, F1 and the connectors J1, J2, J3",
    },
    terminals: { "3V3": PASSIVE, "5V": PASSIVE, GND: GROUND },
    ...NO_WAYS,
  },
  ...SOUND_KINDS,
  {
    id: "scanner",
    description: {
      it: "Lettore di codici USB, come porta seriale virtuale",
      en: "USB code scanner, as a virtual serial port",
    },
    makersNumber: null,
    facts: {
      it: "legge QR e Code 128; USB-CDC (porta seriale virtuale); al massimo 500 mA",
      en: "reads QR and Code 128; USB-CDC (virtual serial port); at most 500 mA",
    },
    alternatives: [
      {
        it: "modulo Grow GM65 su scheda Waveshare (5 V, 135 mA, USB): `family: gm65`",
        en: "Grow GM65 module on Waveshare's board (5 V, 135 mA, USB): `family: gm65`",
      },
      {
        it: "modulo DYScan DE2120 su scheda SparkFun BOB-18088 (USB): `family: de2120`",
        en: "DYScan DE2120 module on SparkFun's board BOB-18088 (USB): `family: de2120`",
      },
      {
        it: "lettore USB-HID, se non ha la porta seriale: `kind: hid`",
        en: "USB-HID scanner, if it has no serial port: `kind: hid`",
      },
    ],
    source: "USB 2.0: 500 mA at most; Waveshare, Barcode Scanner Module user manual V1.2: 135 mA",
    terminals: { USB: PLUG },
    ways: [],
    draws: { from: "USB", milliamps: 500 },
  },
  {
    id: "supply",
    description: { it: "Alimentatore 5,1 V della scheda scelta", en: "5.1 V supply of the chosen board" },
    makersNumber: "Raspberry Pi 12.5 W micro USB (3, Zero 2 W), 15 W USB-C (4), 27 W USB-C (5)",
    facts: {
      it: "2,5 A per Pi 3 e Zero 2 W, 3 A per Pi 4, 5 A per Pi 5",
      en: "2.5 A for Pi 3 and Zero 2 W, 3 A for Pi 4, 5 A for Pi 5",
    },
    alternatives: [],
    source: "Raspberry Pi documentation, Power supply",
    terminals: { OUT: PLUG },
    ...NO_WAYS,
  },
  {
    id: "card",
    description: {
      it: "microSD ad alta resistenza, 16 GB o più",
      en: "High-endurance microSD, 16 GB or more",
    },
    ...BOUGHT_BY_FACTS,
    facts: {
      it: "serie industriale o per videosorveglianza: una scheda che mente sulle scritture perde voti",
      en: "industrial or surveillance series: a card that lies about writes loses votes",
    },
    terminals: {},
    ...NO_WAYS,
  },
  {
    id: "ribbon",
    description: {
      it: "Cavo piatto a 40 poli, 20 cm, femmina-femmina",
      en: "40-way ribbon cable, 20 cm, female-female",
    },
    ...BOUGHT_BY_FACTS,
    facts: {
      it: "il filo segnato va sul piedino 1 da tutte e due le parti",
      en: "the marked wire goes to pin 1 at both ends",
    },
    terminals: {},
    ...NO_WAYS,
  },
  ...[12, 14, 2].map(
    (ways): Kind => ({
      id: `connector-${ways}`,
      description: {
        it: `Morsettiera estraibile, ${ways} vie, passo 3,5 mm`,
        en: `Pluggable terminal block, ${ways} ways, pitch 3.5 mm`,
      },
      makersNumber: null,
      facts: { it: "con spina, numerata da sinistra", en: "with plug, numbered from the left" },
      alternatives: [{ it: "JST XH, stesse vie", en: "JST XH, same number of ways" }],
      source: null,
      terminals: {},
      ...NO_WAYS,
    }),
  ),
];

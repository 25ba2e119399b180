/**
 * The kinds of parts a citizen or technician presses and sees.
 */
import { type Kind, LAMP_MILLIAMPS_MAX, PASSIVE } from "./kind.ts";

const CONTACT = { from: "NO", to: "COM", through: "contact", ohms: 0 } as const;
const LAMP = { from: "L+", to: "L-", through: "lamp", ohms: 0 } as const;
const LAMP_TERMINALS = { "L+": { role: "load", volts: 5 }, "L-": PASSIVE } as const;
const DRAWS_LAMP = { from: "5V", milliamps: LAMP_MILLIAMPS_MAX } as const;
/** Silver contacts need it: Omron gives 1 mA at 5 V as the least load of its lit buttons A3PJ. */
const CONTACT_MILLIAMPS_MIN = 1;
const OMRON = "omron-ap.com, A3PJ: current of lamps, least load of contacts";
const ISO_FORCE = "EN 301 549, 8.4.2.2 (at most 22.2 N); ISO 21542 advises 2.5 to 5 N";

const LIT_KEY = {
  makersNumber: null,
  terminals: { NO: PASSIVE, COM: PASSIVE, ...LAMP_TERMINALS },
  ways: [CONTACT, LAMP],
  draws: DRAWS_LAMP,
  contactMilliampsMin: CONTACT_MILLIAMPS_MIN,
  source: `${ISO_FORCE}; ${OMRON}`,
} as const;

export const KEY_AND_LAMP_KINDS = [
  {
    ...LIT_KEY,
    id: "face-key",
    description: {
      it: "Pulsante luminoso tondo, foro 24 mm, per una faccia",
      en: "Lit round push button, 24 mm hole, for a face",
    },
    facts: {
      it: "contatto NO; lampada 5 V con resistenza propria, al massimo 40 mA; forza da 2,5 a 5 N; porta la placchetta della faccia",
      en: "contact NO; 5 V lamp with its own resistor, at most 40 mA; force 2.5 to 5 N; carries the face's cap plate",
    },
    alternatives: [
      {
        it: "pulsante arcade 60 mm con LED 5 V, se il foro del pannello viene cambiato",
        en: "60 mm arcade button with 5 V LED, if the plate's hole is changed",
      },
      {
        it: "pulsante per LED a 12 V (con 390 ohm): sostituire la resistenza con 100 ohm",
        en: "button made for 12 V (with 390 ohm): exchange its resistor for 100 ohm",
      },
    ],
  },
  {
    id: "reason-key",
    description: {
      it: "Pulsante tondo senza lampada, foro 24 mm, per un motivo",
      en: "Round push button without lamp, 24 mm hole, for a reason",
    },
    makersNumber: null,
    facts: { it: "contatto NO; forza da 2,5 a 5 N", en: "contact NO; force 2.5 to 5 N" },
    alternatives: [
      {
        it: "tastierino a matrice di 4 tasti (overlay faccine-keypad)",
        en: "matrix keypad of 4 keys (overlay faccine-keypad)",
      },
      {
        it: "Sanwa OBSN-24, a vite: misurare la forza, è leggero",
        en: "Sanwa OBSN-24, screw-in: measure its force, it is light",
      },
    ],
    source: `${ISO_FORCE}; ${OMRON}`,
    terminals: { NO: PASSIVE, COM: PASSIVE },
    ways: [CONTACT],
    draws: null,
    contactMilliampsMin: CONTACT_MILLIAMPS_MIN,
  },
  {
    ...LIT_KEY,
    id: "assist-key",
    description: {
      it: "Pulsante luminoso tondo, foro 24 mm, per la voce",
      en: "Lit round push button, 24 mm hole, for the voice",
    },
    facts: {
      it: "come quello delle facce; porta la placchetta a rombo in rilievo",
      en: "as that of the faces; carries the raised diamond plate",
    },
    alternatives: [],
  },
  {
    id: "service-key",
    description: { it: "Pulsante di servizio, dentro la cassa", en: "Service push button, inside the case" },
    makersNumber: null,
    facts: { it: "contatto NO, qualunque forma", en: "contact NO, any shape" },
    alternatives: [{ it: "interruttore a chiave a ritorno", en: "momentary key switch" }],
    source: OMRON,
    terminals: { NO: PASSIVE, COM: PASSIVE },
    ways: [CONTACT],
    draws: null,
    contactMilliampsMin: CONTACT_MILLIAMPS_MIN,
  },
  {
    id: "pictogram-lamp",
    description: { it: "Lampada LED dietro un pittogramma", en: "LED lamp behind a pictogram" },
    makersNumber: null,
    facts: {
      it: "5 V con resistenza propria, bianca, diffusa su 46 x 46 mm, al massimo 40 mA",
      en: "5 V with its own resistor, white, spread over 46 x 46 mm, at most 40 mA",
    },
    alternatives: [
      {
        it: "due LED bianchi da 5 mm, ciascuno con 120 ohm, dietro un diffusore opalino",
        en: "two white 5 mm LEDs, each with 120 ohm, behind an opal diffuser",
      },
    ],
    source: null,
    terminals: LAMP_TERMINALS,
    ways: [LAMP],
    draws: DRAWS_LAMP,
  },
  {
    id: "reason-lamp",
    description: {
      it: "LED 5 mm in ghiera, per un motivo",
      en: "5 mm LED in a bezel, for a reason",
    },
    makersNumber: null,
    facts: {
      it: "5 V con resistenza propria, al massimo 40 mA; stretto, dietro il cappuccio",
      en: "5 V with its own resistor, at most 40 mA; narrow, behind its hood",
    },
    alternatives: [{ it: "LED 5 mm con 220 ohm in serie", en: "5 mm LED with 220 ohm in series" }],
    source: null,
    terminals: LAMP_TERMINALS,
    ways: [LAMP],
    draws: DRAWS_LAMP,
  },
] as const satisfies readonly Kind[];

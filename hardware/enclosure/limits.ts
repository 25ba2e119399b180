/**
 * What the case must keep, each limit with the clause it comes from and how far the clause was read. EN 301 549 means
 * version 3 of the European standard. A limit that is our own says so: nothing here pretends to be a norm.
 */
import type { Bilingual } from "../bilingual.ts";

/** `read`: the clause's text was checked. `heading-only`: its heading was, the figure is repeated from memory of it. */
export type Reading = "read" | "heading-only" | "quoted" | "ours";

export type Limit = {
  readonly value: number;
  readonly unit: "mm" | "N" | "degrees";
  /** The clause of EN 301 549, another source, or null for a limit of ours. */
  readonly clause: string | null;
  readonly reading: Reading;
  readonly what: Bilingual;
};

export const LIMITS = {
  reachLowest: {
    value: 380,
    unit: "mm",
    clause: "EN 301 549, 8.3.3",
    reading: "read",
    what: { it: "comando più basso sopra il pavimento", en: "lowest control above the floor" },
  },
  reachHighest: {
    value: 1220,
    unit: "mm",
    clause: "EN 301 549, 8.3.3",
    reading: "read",
    what: { it: "comando più alto sopra il pavimento", en: "highest control above the floor" },
  },
  reachHighestOverObstacle: {
    value: 1170,
    unit: "mm",
    clause: "EN 301 549, 8.3.3",
    reading: "read",
    what: {
      it: "comando più alto dietro un ostacolo profondo da 255 a 610 mm",
      en: "highest control behind an obstacle 255 to 610 mm deep",
    },
  },
  obstacleFrom: {
    value: 255,
    unit: "mm",
    clause: "EN 301 549, 8.3.3",
    reading: "read",
    what: { it: "profondità da cui un ostacolo conta", en: "depth from which an obstacle counts" },
  },
  obstacleUpTo: {
    value: 610,
    unit: "mm",
    clause: "EN 301 549, 8.3.3",
    reading: "read",
    what: { it: "profondità massima di un ostacolo", en: "greatest depth of an obstacle" },
  },
  seatedEye: {
    value: 1015,
    unit: "mm",
    clause: "EN 301 549, 8.3.5",
    reading: "read",
    what: { it: "altezza degli occhi da cui si legge", en: "height of the eyes that must be able to read" },
  },
  keyForce: {
    value: 22.2,
    unit: "N",
    clause: "EN 301 549, 8.4.2.2",
    reading: "read",
    what: { it: "forza massima su un tasto", en: "greatest force on a key" },
  },
  keyForceAdvised: {
    value: 5,
    unit: "N",
    clause: "ISO 21542",
    reading: "quoted",
    what: { it: "forza consigliata, da 2,5 N", en: "force advised, from 2.5 N" },
  },
  capGap: {
    value: 12,
    unit: "mm",
    clause: null,
    reading: "ours",
    what: { it: "fra due tasti: più di mezzo dito", en: "between two keys: more than half a finger" },
  },
  brailleClearance: {
    value: 4,
    unit: "mm",
    clause: null,
    reading: "ours",
    what: {
      it: "fra Braille e tasto: il dito legge senza premere",
      en: "between Braille and key: a finger reads without pressing",
    },
  },
  edgeMargin: {
    value: 10,
    unit: "mm",
    clause: null,
    reading: "ours",
    what: { it: "fra un'apertura e il bordo della piastra", en: "between an opening and the plate's edge" },
  },
  materialBetweenHoles: {
    value: 5,
    unit: "mm",
    clause: null,
    reading: "ours",
    what: { it: "materiale fra due aperture", en: "material between two openings" },
  },
  displayAngle: {
    value: 45,
    unit: "degrees",
    clause: null,
    reading: "ours",
    what: {
      it: "angolo da cui un pittogramma si legge ancora bene",
      en: "angle from which a pictogram is still easily read",
    },
  },
} as const satisfies Record<string, Limit>;

/** Duties of EN 301 549 that are no number, and how the case meets them. */
export const DUTIES: readonly {
  readonly clause: string;
  readonly reading: Reading;
  readonly how: Bilingual;
}[] = [
  {
    clause: "EN 301 549, 5.5.2",
    reading: "read",
    how: {
      it: "ogni comando si riconosce al tatto senza azionarlo: sagoma e rilievo propri, Braille accanto e mai sul tasto",
      en: "each control is told by touch without being triggered: its own outline and relief, Braille beside and never on the key",
    },
  },
  {
    clause: "EN 301 549, 8.5",
    reading: "read",
    how: {
      it: "il tasto di assistenza ha una sagoma che nessun altro ha, e la parola in Braille",
      en: "the assist key has an outline no other has, and its word in Braille",
    },
  },
  {
    clause: "EN 301 549, 8.4.3",
    reading: "read",
    how: {
      it: "la ricevuta non ha un verso: il codice 2D si legge comunque sia girato",
      en: "the receipt has no right way round: a 2D code reads in any rotation",
    },
  },
  {
    clause: "EN 301 549, 8.3.6",
    reading: "read",
    how: {
      it: "le istruzioni d'installazione sono il manuale di montaggio",
      en: "the installation instructions are the assembly manual",
    },
  },
  {
    clause: "EN 301 549, 5.9",
    reading: "heading-only",
    how: {
      it: "nessuna azione chiede due comandi insieme",
      en: "no action asks for two controls at once",
    },
  },
];

/**
 * The case, in numbers: the only place where a size or a position of it is written. Drawings, the cut-out template, the
 * assembly manual and the rules read it from here. All lengths in millimetres.
 *
 * On the front plate x goes right and y goes down along the plate, from its top left corner as the citizen sees it.
 * A design on paper: no case has been built from it yet.
 */
import type { Key } from "#schemas/code-list.ts";
import type { PANEL_PICTOGRAMS } from "#schemas/panel.ts";

/** Outlines that fingers tell apart without looking. */
export type CapShape = "circle" | "square" | "triangle" | "diamond";

export type CitizenKey = Exclude<Key, "service">;

/** A key on the front plate. Its cap is a plate fixed on the plunger, so that any button of the hole's size fits. */
export type CaseKey = {
  readonly key: CitizenKey;
  readonly x: number;
  readonly y: number;
  readonly shape: CapShape;
  /** Diameter, side, or for the diamond its diagonal; side and diagonal as if no corner were rounded. */
  readonly sizeMm: number;
  /** Raised bars on the cap's edge: the reason's place in its row, 0 for none. */
  readonly bars: number;
  readonly holeMm: number;
};

export type Box = { readonly x: number; readonly y: number; readonly width: number; readonly height: number };

/** A word in Braille, centred on `x`; `y` is the centre of the uppermost row of dots. */
export type BrailleLabel = { readonly text: string; readonly x: number; readonly y: number };

export type Case = {
  readonly plate: {
    readonly width: number;
    readonly height: number;
    readonly thickness: number;
    readonly cornerRadius: number;
    /** Height of the plate's lower edge above the floor, once mounted. */
    readonly lowerEdgeAboveFloor: number;
    /** How far the plate leans back from upright. */
    readonly tiltDegrees: number;
    /** From the wall to the plate's upper edge. */
    readonly upperEdgeFromWall: number;
    readonly screwHoleMm: number;
    readonly screwInset: number;
  };
  /** Wings right and left of the plate, at a right angle to it; they reach from its lower edge to above its upper one. */
  readonly wings: {
    readonly upperDepth: number;
    readonly lowerDepth: number;
    readonly aboveUpperEdge: number;
    readonly thickness: number;
  };
  readonly keys: readonly CaseKey[];
  /** Force that presses a key, as the button to be bought must have it. */
  readonly keyForceN: { readonly min: number; readonly max: number };
  /** The reason keys' lamps: behind a round opening, set back so that it is seen from the front only. */
  readonly hoods: {
    readonly aboveKey: number;
    readonly openingMm: number;
    readonly setBack: number;
    readonly lampMm: number;
  };
  readonly pictograms: readonly (Box & { readonly name: (typeof PANEL_PICTOGRAMS)[number] })[];
  readonly scannerWindow: Box;
  readonly speaker: Box & { readonly holeMm: number; readonly pitch: number };
  readonly headphones: { readonly x: number; readonly y: number; readonly holeMm: number };
  readonly braille: readonly BrailleLabel[];
  readonly stand: {
    readonly width: number;
    readonly depth: number;
    readonly basePlate: { readonly width: number; readonly depth: number; readonly thickness: number };
    readonly door: { readonly width: number; readonly height: number; readonly lowerEdgeAboveFloor: number };
    readonly floorBolts: { readonly inset: number; readonly holeMm: number };
  };
  /** Where somebody who is not voting may stand at the nearest: a line on the floor keeps others further off. */
  readonly bystander: { readonly aside: number; readonly inFront: number; readonly eyeAboveFloor: number };
  /** The eyes of who votes: how far in front of the keys, and how high. */
  readonly voters: readonly { readonly inFront: number; readonly eyeAboveFloor: number }[];
};

const FACE_Y = 182;
const REASON_Y = 318;
const LOWER_Y = 428;

/** Holes of the usual small round buttons; measure the button bought before cutting. */
const KEY_HOLE_MM = 24;

export const CASE: Case = {
  plate: {
    width: 400,
    height: 500,
    thickness: 3,
    cornerRadius: 12,
    lowerEdgeAboveFloor: 720,
    tiltDegrees: 20,
    upperEdgeFromWall: 110,
    screwHoleMm: 5,
    screwInset: 12,
  },
  wings: { upperDepth: 190, lowerDepth: 190, aboveUpperEdge: 60, thickness: 4 },
  keys: [
    { key: "green", x: 80, y: FACE_Y, shape: "circle", sizeMm: 60, bars: 0, holeMm: KEY_HOLE_MM },
    { key: "yellow", x: 200, y: FACE_Y, shape: "square", sizeMm: 56, bars: 0, holeMm: KEY_HOLE_MM },
    { key: "red", x: 320, y: FACE_Y, shape: "triangle", sizeMm: 70, bars: 0, holeMm: KEY_HOLE_MM },
    { key: "wait", x: 65, y: REASON_Y, shape: "circle", sizeMm: 32, bars: 1, holeMm: KEY_HOLE_MM },
    { key: "staff", x: 155, y: REASON_Y, shape: "circle", sizeMm: 32, bars: 2, holeMm: KEY_HOLE_MM },
    { key: "return", x: 245, y: REASON_Y, shape: "circle", sizeMm: 32, bars: 3, holeMm: KEY_HOLE_MM },
    { key: "outcome", x: 335, y: REASON_Y, shape: "circle", sizeMm: 32, bars: 4, holeMm: KEY_HOLE_MM },
    { key: "assist", x: 65, y: LOWER_Y, shape: "diamond", sizeMm: 46, bars: 0, holeMm: KEY_HOLE_MM },
  ],
  // What ISO 21542 advises, as it is quoted beside clause 8.4.2.2 of EN 301 549.
  keyForceN: { min: 2.5, max: 5 },
  hoods: { aboveKey: 27, openingMm: 10, setBack: 6, lampMm: 5 },
  pictograms: [
    { name: "showReceipt", x: 42, y: 58, width: 46, height: 46 },
    { name: "choose", x: 132, y: 58, width: 46, height: 46 },
    { name: "thankYou", x: 222, y: 58, width: 46, height: 46 },
    { name: "notAccepted", x: 312, y: 58, width: 46, height: 46 },
  ],
  // At the bottom on the right, as the voice says; headphones and loudspeaker between it and the assist key.
  scannerWindow: { x: 240, y: 400, width: 120, height: 56 },
  speaker: { x: 145, y: 396, width: 50, height: 24, holeMm: 3, pitch: 6 },
  headphones: { x: 170, y: 442, holeMm: 8 },
  braille: [
    { text: "positivo", x: 80, y: 240 },
    { text: "sufficiente", x: 200, y: 240 },
    { text: "negativo", x: 320, y: 240 },
    { text: "attesa", x: 65, y: 364 },
    { text: "personale", x: 155, y: 364 },
    { text: "tornare", x: 245, y: 364 },
    { text: "esito", x: 335, y: 364 },
    { text: "assistenza", x: 65, y: 475 },
    { text: "cuffie", x: 170, y: 475 },
    { text: "lettore", x: 300, y: 475 },
  ],
  stand: {
    // As wide as the plate and down to the floor, so that a white cane meets it before a hand or a head does.
    width: 400,
    depth: 280,
    basePlate: { width: 500, depth: 460, thickness: 8 },
    door: { width: 300, height: 420, lowerEdgeAboveFloor: 240 },
    floorBolts: { inset: 30, holeMm: 12 },
  },
  bystander: { aside: 1000, inFront: 400, eyeAboveFloor: 1650 },
  voters: [
    { inFront: 450, eyeAboveFloor: 1600 },
    // Clause 8.3.5 takes this height for who is seated; a wheelchair stands alongside, as clause 8.3.3 has it.
    { inFront: 520, eyeAboveFloor: 1015 },
  ],
};

/** The key of the case with that name. @throws when the plate has none: `rules.ts` asks for every key. */
export function caseKey(built: Case, name: CitizenKey): CaseKey {
  const found = built.keys.find(({ key }) => key === name);
  if (found === undefined) throw new Error(`the front plate has no key ${name}`);
  return found;
}

/**
 * What must hold for a case that anybody can use and nobody can watch, each rule by name. Reads the numbers of
 * `case.ts` against `limits.ts`; it does not draw and does not know who builds.
 */
import { FACES, KEYS, REASON_KEYS } from "#schemas/code-list.ts";
import { brailleBox, brailleCells } from "./braille.ts";
import type { Box, Case } from "./case.ts";
import {
  angleOffPlate,
  capBox,
  eyes,
  gapBetween,
  heightOf,
  hoodAngles,
  isBehindWing,
  roundHole,
} from "./geometry.ts";
import { LIMITS } from "./limits.ts";

export const CASE_RULES = [
  "every-key-has-its-place",
  "controls-within-reach",
  "caps-apart",
  "caps-told-apart",
  "keys-light-enough",
  "braille-readable",
  "braille-beside-keys",
  "openings-inside-plate",
  "material-between-openings",
  "caps-cover-their-holes",
  "wings-hide-keys",
  "hoods-hide-lamps",
  "hoods-show-lamps",
  "pictograms-seen-seated",
] as const;
export type CaseRule = (typeof CASE_RULES)[number];

/** A broken rule: which, where on the case, and what was found against what is allowed. */
export type CaseProblem = { readonly rule: CaseRule; readonly where: string; readonly found: string };

/** Everything wrong with a case; empty for a good one. */
export function caseProblems(built: Case): readonly CaseProblem[] {
  return CASE_RULES.flatMap((rule) => CHECKS[rule](built).map((problem) => ({ rule, ...problem })));
}

type Finding = { readonly where: string; readonly found: string };
type Named = { readonly name: string; readonly box: Box };

const CHECKS: Readonly<Record<CaseRule, (built: Case) => readonly Finding[]>> = {
  "every-key-has-its-place": everyKeyPlaced,
  "controls-within-reach": withinReach,
  "caps-apart": (built) => tooNear(caps(built), LIMITS.capGap.value),
  "caps-told-apart": toldApart,
  "keys-light-enough": ({ keyForceN: { min, max } }) =>
    min > 0 && min <= max && max <= LIMITS.keyForceAdvised.value && max <= LIMITS.keyForce.value
      ? []
      : [{ where: "keys", found: `${min} to ${max} N, at most ${LIMITS.keyForceAdvised.value} N` }],
  "braille-readable": ({ braille }) =>
    braille.flatMap(({ text }) => {
      const cells = brailleCells(text);
      return cells.ok ? [] : [{ where: text, found: cells.problem }];
    }),
  "braille-beside-keys": brailleBeside,
  "openings-inside-plate": insidePlate,
  "material-between-openings": (built) => tooNear(openings(built), LIMITS.materialBetweenHoles.value),
  "caps-cover-their-holes": ({ keys }) =>
    keys
      .filter(({ sizeMm, holeMm, shape }) => innerDiameter(shape, sizeMm) <= holeMm)
      .map(({ key, holeMm }) => ({ where: key, found: `its hole of ${holeMm} mm shows` })),
  "wings-hide-keys": wingsHide,
  "hoods-hide-lamps": hoodsHide,
  "hoods-show-lamps": hoodsShow,
  "pictograms-seen-seated": pictogramsSeen,
};

/** Every opening the plate needs, by name: also what the cut-out template draws. */
export function openings(built: Case): readonly Named[] {
  return [
    ...built.keys.map((key) => ({ name: key.key, box: roundHole(key, key.holeMm) })),
    ...hoodPlaces(built).map(({ key, x, y }) => ({
      name: `hood of ${key}`,
      box: roundHole({ x, y }, built.hoods.openingMm),
    })),
    ...built.pictograms.map((box) => ({ name: box.name, box })),
    { name: "scanner window", box: built.scannerWindow },
    { name: "speaker", box: built.speaker },
    { name: "headphones", box: roundHole(built.headphones, built.headphones.holeMm) },
  ];
}

/** Where the reason keys' lamps are. */
export function hoodPlaces(
  built: Case,
): readonly { readonly key: string; readonly x: number; readonly y: number }[] {
  return built.keys
    .filter(({ key }) => (REASON_KEYS as readonly string[]).includes(key))
    .map(({ key, x, y }) => ({ key, x, y: y - built.hoods.aboveKey }));
}

function caps(built: Case): readonly Named[] {
  return built.keys.map((key) => ({ name: key.key, box: capBox(key) }));
}

function everyKeyPlaced({ keys }: Case): readonly Finding[] {
  return KEYS.filter((name) => name !== "service").flatMap((name) => {
    const places = keys.filter(({ key }) => key === name).length;
    return places === 1 ? [] : [{ where: name, found: `${places} places, one is needed` }];
  });
}

function withinReach(built: Case): readonly Finding[] {
  const deepest = Math.max(built.wings.upperDepth, built.wings.lowerDepth);
  if (deepest > LIMITS.obstacleUpTo.value) {
    return [{ where: "wings", found: `${deepest} mm deep, at most ${LIMITS.obstacleUpTo.value} mm` }];
  }
  const highest =
    deepest >= LIMITS.obstacleFrom.value ? LIMITS.reachHighestOverObstacle.value : LIMITS.reachHighest.value;
  const controls: readonly Named[] = [
    ...caps(built),
    { name: "scanner window", box: built.scannerWindow },
    { name: "headphones", box: roundHole(built.headphones, built.headphones.holeMm) },
  ];
  return controls.flatMap(({ name, box }) => {
    const top = heightOf(built, box.y);
    const bottom = heightOf(built, box.y + box.height);
    if (top <= highest && bottom >= LIMITS.reachLowest.value) return [];
    return [
      {
        where: name,
        found: `${bottom.toFixed(0)} to ${top.toFixed(0)} mm above the floor, allowed ${LIMITS.reachLowest.value} to ${highest} mm`,
      },
    ];
  });
}

/** Two caps are the same to a finger when outline and bars are. */
function toldApart({ keys }: Case): readonly Finding[] {
  const feels = keys.map(({ shape, bars, key }) => ({
    key,
    feel: `${shape}, ${(FACES as readonly string[]).includes(key) ? "a face" : `${bars} bars`}`,
  }));
  return feels
    .filter(({ feel }, index) => feels.findIndex((other) => other.feel === feel) !== index)
    .map(({ key, feel }) => ({ where: key, found: `feels like another key: ${feel}` }));
}

function brailleBeside(built: Case): readonly Finding[] {
  const labels = built.braille.map((label) => ({ name: `Braille ${label.text}`, box: brailleBox(label) }));
  const others = [...caps(built), ...openings(built)];
  const onKeys = labels.flatMap((label) =>
    others
      .filter(({ box }) => gapBetween(label.box, box) < LIMITS.brailleClearance.value)
      .map(({ name, box }) => ({
        where: label.name,
        found: `${gapBetween(label.box, box).toFixed(1)} mm from ${name}, at least ${LIMITS.brailleClearance.value} mm`,
      })),
  );
  return [...onKeys, ...tooNear(labels, LIMITS.brailleClearance.value), ...outsidePlate(built, labels)];
}

function insidePlate(built: Case): readonly Finding[] {
  return outsidePlate(built, [...caps(built), ...openings(built)]);
}

function outsidePlate({ plate }: Case, things: readonly Named[]): readonly Finding[] {
  const margin = LIMITS.edgeMargin.value;
  return things
    .filter(
      ({ box }) =>
        box.x < margin ||
        box.y < margin ||
        box.x + box.width > plate.width - margin ||
        box.y + box.height > plate.height - margin,
    )
    .map(({ name }) => ({ where: name, found: `less than ${margin} mm from the plate's edge` }));
}

function tooNear(things: readonly Named[], leastMm: number): readonly Finding[] {
  return things.flatMap((one, index) =>
    things
      .slice(index + 1)
      .filter((other) => gapBetween(one.box, other.box) < leastMm)
      .map((other) => ({
        where: one.name,
        found: `${gapBetween(one.box, other.box).toFixed(1)} mm from ${other.name}, at least ${leastMm} mm`,
      })),
  );
}

/** What a hand does on faces and reasons stays hidden from both sides. */
function wingsHide(built: Case): readonly Finding[] {
  const voting = built.keys.filter(({ key }) => key !== "assist");
  return bystanders(built).flatMap(({ side, at }) =>
    [...voting, ...hoodPlaces(built)]
      .filter((place) => !isBehindWing(built, place, at))
      .map(({ key }) => ({ where: key, found: `seen past the wing by who stands on the ${side}` })),
  );
}

function hoodsHide(built: Case): readonly Finding[] {
  const angle = hoodAngles(built.hoods).any;
  return bystanders(built).flatMap(({ side, at }) =>
    hoodPlaces(built)
      .filter((lamp) => angleOffPlate(built, lamp, at) <= angle)
      .map(({ key }) => ({ where: key, found: `its lamp is seen by who stands on the ${side}` })),
  );
}

function hoodsShow(built: Case): readonly Finding[] {
  const angle = hoodAngles(built.hoods).half;
  return built.voters.flatMap((voter) =>
    hoodPlaces(built)
      .filter((lamp) => angleOffPlate(built, lamp, eyes(built, { aside: 0, ...voter })) >= angle)
      .map(({ key }) => ({ where: key, found: `its lamp is hidden from eyes at ${voter.eyeAboveFloor} mm` })),
  );
}

function pictogramsSeen(built: Case): readonly Finding[] {
  const [nearest = 0] = built.voters.map(({ inFront }) => inFront).toSorted((a, b) => a - b);
  const seated = { aside: 0, inFront: nearest, eyeAboveFloor: LIMITS.seatedEye.value };
  return built.pictograms.flatMap(({ name, x, y, width, height }) => {
    const angle = angleOffPlate(built, { x: x + width / 2, y: y + height / 2 }, eyes(built, seated));
    if (angle <= LIMITS.displayAngle.value) return [];
    return [{ where: name, found: `${angle.toFixed(0)} degrees, at most ${LIMITS.displayAngle.value}` }];
  });
}

function bystanders(built: Case) {
  const { bystander } = built;
  return (
    [
      ["right", 1],
      ["left", -1],
    ] as const
  ).map(([side, sign]) => ({
    side,
    at: eyes(built, { ...bystander, aside: sign * bystander.aside }),
  }));
}

/** The largest circle inside a cap's outline. */
function innerDiameter(shape: Case["keys"][number]["shape"], sizeMm: number): number {
  if (shape === "triangle") return sizeMm / Math.sqrt(3);
  return shape === "diamond" ? sizeMm / Math.SQRT2 : sizeMm;
}

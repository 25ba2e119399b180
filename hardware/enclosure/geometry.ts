/**
 * Where things of the front plate are in the room, and who sees them. The plate leans back; the room has the floor at 0
 * and the wall at 0.
 */
import type { Box, Case, CaseKey } from "./case.ts";
import { capExtent } from "./shapes.ts";

/** A point of the room: right of the plate's middle, out from the wall, above the floor. */
export type RoomPoint = { readonly right: number; readonly out: number; readonly up: number };

/** A point seen from the plate: along it to the right and up from its lower edge, and off it towards the citizen. */
export type PlatePoint = { readonly right: number; readonly up: number; readonly off: number };

/** The room's point of a place on the plate, or `off` millimetres in front of it. */
export function inRoom(built: Case, at: { readonly x: number; readonly y: number }, off = 0): RoomPoint {
  const { plate } = built;
  const tilt = radians(plate.tiltDegrees);
  return {
    right: at.x - plate.width / 2,
    out: plate.upperEdgeFromWall + at.y * Math.sin(tilt) + off * Math.cos(tilt),
    up: plate.lowerEdgeAboveFloor + (plate.height - at.y) * Math.cos(tilt) + off * Math.sin(tilt),
  };
}

/** Height of a place on the plate above the floor. */
export function heightOf(built: Case, y: number): number {
  return inRoom(built, { x: 0, y }).up;
}

/** A point of the room as the plate sees it. */
export function fromPlate(built: Case, point: RoomPoint): PlatePoint {
  const tilt = radians(built.plate.tiltDegrees);
  const edge = inRoom(built, { x: 0, y: built.plate.height });
  const out = point.out - edge.out;
  const up = point.up - edge.up;
  return {
    right: point.right,
    up: -out * Math.sin(tilt) + up * Math.cos(tilt),
    off: out * Math.cos(tilt) + up * Math.sin(tilt),
  };
}

/** Eyes `inFront` of the plate's middle and `aside` of it. */
export function eyes(
  built: Case,
  at: { readonly aside: number; readonly inFront: number; readonly eyeAboveFloor: number },
): RoomPoint {
  const middle = inRoom(built, { x: 0, y: built.plate.height / 2 });
  return { right: at.aside, out: middle.out + at.inFront, up: at.eyeAboveFloor };
}

/** Angle between the plate's own direction and the line from a place on it to the eyes, in degrees. */
export function angleOffPlate(
  built: Case,
  at: { readonly x: number; readonly y: number },
  from: RoomPoint,
): number {
  const eye = fromPlate(built, from);
  const right = eye.right - (at.x - built.plate.width / 2);
  const up = eye.up - (built.plate.height - at.y);
  if (eye.off <= 0) return 180;
  return (Math.atan2(Math.hypot(right, up), eye.off) * 180) / Math.PI;
}

/** How deep a wing is at `up` millimetres from the plate's lower edge; 0 where there is none. */
export function wingDepth(built: Case, up: number): number {
  const { wings, plate } = built;
  const height = plate.height + wings.aboveUpperEdge;
  if (up < 0 || up > height) return 0;
  return wings.lowerDepth + ((wings.upperDepth - wings.lowerDepth) * up) / height;
}

/** True when the wing on the eyes' side stands between them and a place on the plate. */
export function isBehindWing(
  built: Case,
  at: { readonly x: number; readonly y: number },
  from: RoomPoint,
): boolean {
  const eye = fromPlate(built, from);
  const right = at.x - built.plate.width / 2;
  const wing = Math.sign(eye.right) * (built.plate.width / 2);
  if (Math.abs(eye.right) <= built.plate.width / 2) return false;
  const share = (wing - right) / (eye.right - right);
  const place = built.plate.height - at.y;
  const off = eye.off * share;
  return off >= 0 && off <= wingDepth(built, place + (eye.up - place) * share);
}

/** How far off the plate's direction a lamp set back behind a round opening is seen: half of it, and any of it. Degrees. */
export function hoodAngles({ openingMm, lampMm, setBack }: Case["hoods"]): {
  readonly half: number;
  readonly any: number;
} {
  const degrees = (sidewaysMm: number) => (Math.atan2(sidewaysMm, setBack) * 180) / Math.PI;
  return { half: degrees(openingMm / 2), any: degrees((openingMm + lampMm) / 2) };
}

/** The room a key's cap takes on the plate. */
export function capBox({ x, y, shape, sizeMm }: CaseKey): Box {
  const { left, top, width, height } = capExtent(shape, sizeMm);
  return { x: x + left, y: y + top, width, height };
}

/** The gap between two boxes; negative when they overlap. */
export function gapBetween(a: Box, b: Box): number {
  const across = Math.max(a.x, b.x) - Math.min(a.x + a.width, b.x + b.width);
  const down = Math.max(a.y, b.y) - Math.min(a.y + a.height, b.y + b.height);
  if (across < 0 && down < 0) return Math.max(across, down);
  return Math.hypot(Math.max(across, 0), Math.max(down, 0));
}

/** The box of a round hole. */
export function roundHole(at: { readonly x: number; readonly y: number }, diameterMm: number): Box {
  return { x: at.x - diameterMm / 2, y: at.y - diameterMm / 2, width: diameterMm, height: diameterMm };
}

function radians(degrees: number): number {
  return (degrees * Math.PI) / 180;
}

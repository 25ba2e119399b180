/**
 * The totem from the side, with the heights within which EN 301 549 wants every control, for who stands and who sits.
 * The figures are for scale and carry one fact: the height of their eyes.
 */
import type { GuideLanguage } from "../../bilingual.ts";
import { dimension, FAINT, INK, line, MEASURE, path, rect, sheet, text } from "../../sheet.ts";
import type { Case } from "../case.ts";
import { capBox, eyes, heightOf, inRoom, type RoomPoint } from "../geometry.ts";
import { LIMITS } from "../limits.ts";
import { type OnPaper, type Paper, SIDE_SCALE, seatedFigure, standingFigure } from "./figures.ts";
import { wingCorners } from "./profile.ts";

const FLOOR_Y = 174;
/** Where the wall of each of the two views is on the sheet, and how far each reaches. */
const WALLS = [26, 160] as const;
const VIEW_WIDTH = 118;

export function sideDrawing(built: Case, language: GuideLanguage): string {
  const [standing, seated] = built.voters;
  const views = [
    { wall: WALLS[0], voter: standing, figure: standingFigure },
    { wall: WALLS[1], voter: seated, figure: seatedFigure },
  ];
  const drawn = views
    .flatMap(({ wall, voter, figure }) => {
      if (voter === undefined) return [];
      const at = onSheet(wall);
      const eye = eyes(built, { aside: 0, ...voter });
      return [room(wall, language), totem(built, at), figure(at, eye, built), sight(built, at, eye)];
    })
    .join("\n");
  return sheet(
    {
      title: { it: "cassa, vista di lato e portata", en: "case, side view and reach" },
      note: {
        it: "Fascia azzurra: altezze ammesse per ogni comando (EN 301 549, 8.3.3). Figure solo per la scala.",
        en: "Blue band: heights allowed for every control (EN 301 549, 8.3.3). Figures are for scale only.",
      },
      scale: "1:11 · A4",
      width: 297,
      height: 210,
      body: `${drawn}${sizes(built, language)}`,
    },
    language,
  );
}

function onSheet(wall: number): OnPaper {
  return ({ out, up }) => ({ x: wall + out * SIDE_SCALE, y: FLOOR_Y - up * SIDE_SCALE });
}

function room(wall: number, language: GuideLanguage): string {
  const at = onSheet(wall);
  const low = at({ out: 0, up: LIMITS.reachLowest.value }).y;
  const high = at({ out: 0, up: LIMITS.reachHighest.value }).y;
  const top = at({ out: 0, up: 1_780 }).y;
  const label = (y: number, figure: number) =>
    text(wall + VIEW_WIDTH - 1, y, 2.8, `${figure} mm`, { anchor: "end", colour: MEASURE });
  return [
    rect({ x: wall, y: high, width: VIEW_WIDTH, height: low - high }, `fill="#e3f0fb" stroke="none"`),
    line(wall, high, wall + VIEW_WIDTH, high, `stroke="${MEASURE}" stroke-dasharray="3 1.5"`),
    line(wall, low, wall + VIEW_WIDTH, low, `stroke="${MEASURE}" stroke-dasharray="3 1.5"`),
    label(high - 1, LIMITS.reachHighest.value),
    label(low + 3.4, LIMITS.reachLowest.value),
    line(wall, FLOOR_Y, wall + VIEW_WIDTH, FLOOR_Y, `stroke-width="0.6"`),
    line(wall, FLOOR_Y, wall, top, `stroke-width="0.6"`),
    text(wall + 2, top + 2, 2.6, language === "it" ? "parete" : "wall", { colour: FAINT }),
  ].join("");
}

function totem(built: Case, at: OnPaper): string {
  const { plate, stand } = built;
  const upper = inRoom(built, { x: 0, y: 0 });
  const lower = inRoom(built, { x: 0, y: plate.height });
  const head = [
    { out: 0, up: upper.up },
    upper,
    lower,
    { out: stand.depth, up: lower.up - 40 },
    { out: 0, up: lower.up - 40 },
  ];
  const door = { up: stand.door.lowerEdgeAboveFloor, height: stand.door.height };
  const doorTop = at({ out: stand.depth, up: door.up + door.height });
  const foot = at({ out: 0, up: stand.basePlate.thickness });
  return [
    polygon(wingCorners(built).map(at), `fill="#cdd6de" fill-opacity="0.55" stroke="${FAINT}"`),
    rect(
      {
        ...at({ out: 0, up: lower.up - 40 }),
        width: stand.depth * SIDE_SCALE,
        height: (lower.up - 40) * SIDE_SCALE,
      },
      `fill="#f4f6f8"`,
    ),
    polygon(head.map(at), `fill="#f4f6f8"`),
    rect(
      {
        ...foot,
        width: stand.basePlate.depth * SIDE_SCALE,
        height: Math.max(stand.basePlate.thickness * SIDE_SCALE, 0.7),
      },
      `fill="${INK}"`,
    ),
    line(
      doorTop.x,
      doorTop.y,
      doorTop.x,
      doorTop.y + door.height * SIDE_SCALE,
      `stroke-width="1.1" stroke="#a66"`,
    ),
    ...built.keys.map((key) => cap(built, key.y, capBox(key).height, at)),
  ].join("");
}

function cap(built: Case, y: number, heightMm: number, at: OnPaper): string {
  const from = at(inRoom(built, { x: 0, y: y - heightMm / 2 }, 8));
  const to = at(inRoom(built, { x: 0, y: y + heightMm / 2 }, 8));
  return line(from.x, from.y, to.x, to.y, `stroke-width="1" stroke="#2e7d4f"`);
}

function sight(built: Case, at: OnPaper, eye: RoomPoint): string {
  const [first] = built.pictograms;
  if (first === undefined) return "";
  const from = at(eye);
  const to = at(inRoom(built, { x: 0, y: first.y + first.height / 2 }));
  return line(from.x, from.y, to.x, to.y, `stroke="${FAINT}" stroke-dasharray="1 1"`);
}

const DOOR = {
  it: ({ width, height }: Case["stand"]["door"]) => `sportello ${width} × ${height}`,
  en: ({ width, height }: Case["stand"]["door"]) => `door ${width} × ${height}`,
};

const LEAN = {
  it: (degrees: number) => `piastra inclinata di ${degrees}°`,
  en: (degrees: number) => `plate leans back ${degrees}°`,
};
const WINGS = {
  it: (depth: number) => `ali profonde ${depth} mm`,
  en: (depth: number) => `wings ${depth} mm deep`,
};

function sizes(built: Case, language: GuideLanguage): string {
  const at = onSheet(WALLS[0]);
  const { stand, plate, wings } = built;
  const lower = inRoom(built, { x: 0, y: plate.height });
  const below = FLOOR_Y + 4.5;
  const upright = (x: number, from: number, to: number) =>
    dimension(
      { x, y: at({ out: 0, up: from }).y },
      { x, y: at({ out: 0, up: to }).y },
      (to - from).toFixed(0),
    );
  const eyesOf = (index: number, wall: number) => {
    const voter = built.voters[index];
    if (voter === undefined) return "";
    const eye = onSheet(wall)(eyes(built, { aside: 0, ...voter }));
    const words = language === "it" ? "occhi a" : "eyes at";
    const clause = voter.eyeAboveFloor === LIMITS.seatedEye.value ? " (8.3.5)" : "";
    return text(wall + VIEW_WIDTH - 1, eye.y - 6, 2.8, `${words} ${voter.eyeAboveFloor} mm${clause}`, {
      anchor: "end",
      colour: MEASURE,
    });
  };
  const door = at({ out: stand.depth, up: stand.door.lowerEdgeAboveFloor + 60 });
  const approach = onSheet(WALLS[1])({ out: 620, up: 1_560 });
  const top = at({ out: 25, up: 1_660 });
  return [
    upright(19, 0, lower.up),
    upright(14, 0, heightOf(built, 0)),
    dimension(
      { x: WALLS[0], y: below },
      { x: WALLS[0] + stand.depth * SIDE_SCALE, y: below },
      String(stand.depth),
    ),
    line(door.x + 0.8, door.y, door.x + 6, door.y, `stroke="#a66" stroke-width="0.2"`),
    text(door.x + 7, door.y + 1, 2.8, DOOR[language](stand.door), { colour: "#a44" }),
    text(
      approach.x,
      approach.y,
      2.8,
      language === "it" ? "seduti: di fianco al totem" : "seated: alongside the totem",
    ),
    eyesOf(0, WALLS[0]),
    eyesOf(1, WALLS[1]),
    text(top.x, top.y, 2.8, LEAN[language](plate.tiltDegrees), { colour: MEASURE }),
    text(top.x, top.y + 4.5, 2.8, WINGS[language](wings.upperDepth), { colour: MEASURE }),
  ].join("");
}

function polygon(corners: readonly Paper[], attributes: string): string {
  return path(`M${corners.map(({ x, y }) => `${x.toFixed(2)} ${y.toFixed(2)}`).join("L")}Z`, attributes);
}

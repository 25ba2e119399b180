/**
 * Pictures of the steps at the case and on the site: closing, mounting, first power-on, self-test.
 */
import { KEYS } from "#schemas/code-list.ts";
import { CASE } from "../enclosure/case.ts";
import { plateView } from "../enclosure/drawings/plate.ts";
import { inRoom } from "../enclosure/geometry.ts";
import { KEY_REFS, LIGHT_REFS } from "../parts.ts";
import { bubble, circle, dimension, FAINT, INK, line, path, rect, scaled, text } from "../sheet.ts";
import { arrow, MARK, part, picture } from "./picture.ts";

/** The case taken apart, from the side: caps, plate, keys, box, and the wings. */
export function casePicture(): string {
  const layers = [
    { x: 16, width: 4, y: 30, height: 56, fill: "#cfd9e2" },
    { x: 44, width: 3, y: 22, height: 72, fill: "#9aa5b1" },
  ];
  return picture([
    ...layers.map(({ x, y, width, height, fill }) => rect({ x, y, width, height }, `fill="${fill}"`)),
    ...[36, 54, 76].map((y) => rect({ x: 26, y: y - 5, width: 5, height: 10 }, `rx="1" fill="#8fd19e"`)),
    ...[36, 54, 76].map((y) => rect({ x: 62, y: y - 3.5, width: 16, height: 7 }, `rx="1" fill="#eef2f6"`)),
    path("M108 22H150V94H100Z", `fill="#f4f6f8"`),
    part({ x: 118, y: 54, width: 24, height: 14 }, "A1", { fill: "#e7f2ea" }),
    part({ x: 118, y: 74, width: 24, height: 14 }, "A2", { fill: "#f7efe0" }),
    rect({ x: 152, y: 12, width: 22, height: 82 }, `fill="#cdd6de" fill-opacity="0.7"`),
    ...[28, 54, 88].map((y) => line(48, y, 99, y, `stroke="${FAINT}" stroke-dasharray="1.5 1.5"`)),
    arrow([24, 98], [42, 98]),
    arrow([80, 98], [49, 98]),
    arrow([110, 98], [90, 98]),
    bubble(18, 24, "1"),
    bubble(28.5, 24, "2"),
    bubble(45.5, 16, "3"),
    bubble(70, 24, "4"),
    bubble(126, 16, "5"),
    bubble(163, 7, "6"),
  ]);
}

const SIDE_SCALE = 1 / 14;

/** From the side the height, from above the floor's line. */
export function mountingPicture(): string {
  const { plate, stand } = CASE;
  const floor = 96;
  const at = (out: number, up: number) => ({ x: 26 + out * SIDE_SCALE, y: floor - up * SIDE_SCALE });
  const upper = inRoom(CASE, { x: 0, y: 0 });
  const lower = inRoom(CASE, { x: 0, y: plate.height });
  const outline = [
    at(0, 0),
    at(0, upper.up),
    at(upper.out, upper.up),
    at(lower.out, lower.up),
    at(stand.depth, 0),
  ];
  const foot = at(0, 8);
  return picture([
    line(10, floor, 78, floor, `stroke-width="0.7"`),
    line(26, floor, 26, 5, `stroke-width="0.7"`),
    path(`M${outline.map(({ x, y }) => `${x.toFixed(2)} ${y.toFixed(2)}`).join("L")}Z`, `fill="#f4f6f8"`),
    rect({ ...foot, width: stand.basePlate.depth * SIDE_SCALE, height: floor - foot.y }, `fill="${INK}"`),
    dimension({ x: 18, y: floor }, { x: 18, y: at(0, lower.up).y }, lower.up.toFixed(0)),
    line(16, at(0, lower.up).y, at(lower.out, 0).x, at(0, lower.up).y, `stroke-width="0.15"`),
    dimension({ x: 62, y: floor }, { x: 62, y: at(0, upper.up).y }, upper.up.toFixed(0)),
    line(at(upper.out, 0).x, at(0, upper.up).y, 64, at(0, upper.up).y, `stroke-width="0.15"`),
    ...fromAbove(),
  ]);
}

const ABOVE_SCALE = 1 / 30;

function fromAbove(): readonly string[] {
  const { stand, bystander, wings, plate } = CASE;
  const middle = 132;
  const wall = 12;
  const of = (mm: number) => mm * ABOVE_SCALE;
  const front = wall + of(inRoom(CASE, { x: 0, y: plate.height / 2 }).out);
  const edge = front + of(bystander.inFront);
  const bolts = [-1, 1].flatMap((side) =>
    [stand.floorBolts.inset, stand.basePlate.depth - stand.floorBolts.inset].map((depth) =>
      circle(
        middle + side * of(stand.basePlate.width / 2 - stand.floorBolts.inset),
        wall + of(depth),
        0.8,
        `fill="${INK}"`,
      ),
    ),
  );
  return [
    line(88, wall, 176, wall, `stroke-width="0.7"`),
    rect(
      {
        x: middle - of(stand.basePlate.width / 2),
        y: wall,
        width: of(stand.basePlate.width),
        height: of(stand.basePlate.depth),
      },
      `fill="#e4e8ec"`,
    ),
    rect(
      { x: middle - of(plate.width / 2), y: wall, width: of(plate.width), height: of(stand.depth) },
      `fill="#f4f6f8"`,
    ),
    ...[-1, 1].map((side) =>
      line(
        middle + side * of(plate.width / 2),
        front,
        middle + side * of(plate.width / 2),
        front + of(wings.upperDepth),
        `stroke-width="1.2"`,
      ),
    ),
    ...bolts,
    path(
      `M${middle - of(bystander.aside)} ${wall}V${edge}M${middle + of(bystander.aside)} ${wall}V${edge}`,
      `stroke="${MARK}" stroke-width="0.8" stroke-dasharray="2.5 1.5"`,
    ),
    dimension({ x: middle, y: 84 }, { x: middle + of(bystander.aside), y: 84 }, String(bystander.aside)),
    line(middle, wall, middle, 87, `stroke="${FAINT}" stroke-dasharray="2 1"`),
    line(middle + of(bystander.aside), edge, middle + of(bystander.aside), 86, `stroke-width="0.15"`),
    circle(middle, front + of(450), 4.5, `fill="#e6eaee"`),
    ...[-1, 1].map((side) => circle(middle + side * (of(bystander.aside) + 5), edge, 4.5, `fill="#f3d5d3"`)),
  ];
}

const PLATE_SCALE = 0.18;
const PLATE_ORIGIN = { x: 54, y: 8 };

/** The plate as it must look once the totem has started. */
export function firstPowerPicture(): string {
  const [first] = CASE.pictograms;
  const lit =
    first === undefined
      ? ""
      : rect(
          {
            x: PLATE_ORIGIN.x + first.x * PLATE_SCALE - 1,
            y: PLATE_ORIGIN.y + first.y * PLATE_SCALE - 1,
            width: first.width * PLATE_SCALE + 2,
            height: first.height * PLATE_SCALE + 2,
          },
          `rx="2" fill="#ffd54d" stroke="${MARK}" stroke-width="0.6"`,
        );
  const at = first === undefined ? { x: 0, y: 0 } : { x: first.x, y: first.y };
  const tip = PLATE_ORIGIN.x + at.x * PLATE_SCALE - 2;
  const level = PLATE_ORIGIN.y + (at.y + 23) * PLATE_SCALE;
  return picture([
    frame(),
    lit,
    scaled(PLATE_ORIGIN, PLATE_SCALE, plateView(CASE).replace(/^<rect[^>]*>\n?/, "")),
    arrow([36, level], [tip, level]),
    text(32, level + 1.4, 4, LIGHT_REFS.showReceipt, { anchor: "end", bold: true }),
  ]);
}

/** The keys in the order in which the self-test wants them. */
export function selfTestPicture(): string {
  const order = KEYS.filter((key) => key !== "service");
  return picture([
    frame(),
    scaled(PLATE_ORIGIN, PLATE_SCALE, plateView(CASE).replace(/^<rect[^>]*>\n?/, "")),
    ...order.flatMap((name, index) => {
      const key = CASE.keys.find((one) => one.key === name);
      if (key === undefined) return [];
      const x = PLATE_ORIGIN.x + (key.x + key.sizeMm / 2) * PLATE_SCALE + 1.2;
      return [bubble(x, PLATE_ORIGIN.y + (key.y - key.sizeMm / 2) * PLATE_SCALE + 0.6, String(index + 1))];
    }),
    part({ x: 8, y: 68, width: 30, height: 26 }, KEY_REFS.service, { fill: "#fff6d6", size: 4.5 }),
    bubble(38, 68, String(order.length + 1)),
    rect({ x: 5, y: 63, width: 38, height: 35 }, `stroke="${FAINT}" stroke-dasharray="2 1.5" rx="2"`),
  ]);
}

function frame(): string {
  return rect(
    { ...PLATE_ORIGIN, width: CASE.plate.width * PLATE_SCALE, height: CASE.plate.height * PLATE_SCALE },
    `rx="2" fill="#fbfcfd"`,
  );
}

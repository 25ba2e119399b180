/**
 * Pictures of the first steps on the bench: board, harness, keys.
 */
import { HEADER } from "../boards.ts";
import { CASE } from "../enclosure/case.ts";
import { hoodPlaces } from "../enclosure/rules.ts";
import { capPath } from "../enclosure/shapes.ts";
import { KEY_REFS, LIGHT_REFS } from "../parts.ts";
import { circle, FAINT, path, rect, scaled, text } from "../sheet.ts";
import { KEY_PINS, LAMP_PINS, PICTOGRAM_PINS } from "../wiring.ts";
import { arrow, MARK, part, picture, wire } from "./picture.ts";
import { waysOf } from "./tables.ts";

const PIN_FILLS = {
  "3V3": "#f6b26b",
  "5V": "#e06666",
  GND: "#444",
  key: "#8fd19e",
  lamp: "#ffe08a",
  free: "#fff",
} as const;
const PIN_PITCH = 4;

/** The header with what each pin is for, beside the ribbon to the interface board. */
export function boardPicture(): string {
  const left = 26;
  const top = 34;
  const pins = HEADER.map((pin, index) => {
    const x = left + Math.floor(index / 2) * PIN_PITCH;
    const y = top + (index % 2 === 0 ? PIN_PITCH : 0);
    const square = index === 0;
    const fill = PIN_FILLS[pinUse(pin)];
    return square
      ? rect({ x: x - 1.4, y: y - 1.4, width: 2.8, height: 2.8 }, `fill="${fill}" stroke-width="0.25"`)
      : circle(x, y, 1.4, `fill="${fill}" stroke-width="0.25"`);
  });
  const end = left + 19 * PIN_PITCH;
  return picture([
    part({ x: 12, y: 24, width: 100, height: 64 }, "", { fill: "#e7f2ea" }),
    text(62, 66, 6, "A1", { anchor: "middle", bold: true }),
    part({ x: 4, y: 52, width: 12, height: 14 }, "M1", { fill: "#f4f6f8", size: 3 }),
    ...pins,
    text(left, top + PIN_PITCH + 5, 3, "1", { anchor: "middle", bold: true, colour: MARK }),
    text(left, top - 3, 3, "2", { anchor: "middle" }),
    text(end, top + PIN_PITCH + 5, 3, "39", { anchor: "middle" }),
    text(end, top - 3, 3, "40", { anchor: "middle" }),
    ribbon(left - 2, end + 2, top - 6),
    text(118, 16, 4, "W1", { anchor: "middle", bold: true }),
    part({ x: 126, y: 24, width: 46, height: 64 }, "", { fill: "#f7efe0" }),
    text(149, 60, 6, "A2", { anchor: "middle", bold: true }),
    rect({ x: 132, y: 30, width: 34, height: 6 }, `fill="#ddd"`),
    circle(164, 34.4, 0.9, `fill="${MARK}" stroke="none"`),
    ...["J1", "J2", "J3"].map((name, index) =>
      part({ x: 130 + index * 13.5, y: 78, width: 11, height: 7 }, name, { fill: "#e9f5e9", size: 3 }),
    ),
    ...legend(),
  ]);
}

function pinUse(pin: (typeof HEADER)[number]): keyof typeof PIN_FILLS {
  if (pin === "3V3" || pin === "5V" || pin === "GND") return pin;
  if (Object.values(KEY_PINS).includes(pin)) return "key";
  const lit: readonly string[] = [...Object.values(LAMP_PINS), ...Object.values(PICTOGRAM_PINS)];
  return lit.includes(pin) ? "lamp" : "free";
}

/** The ribbon as a band; its marked edge leads from pin 1 to pin 1. */
function ribbon(from: number, to: number, y: number): string {
  return [
    path(`M${from} ${y}V10H166V30H132V18H${to}V${y}Z`, `fill="#dfe4ea" stroke="#9aa5b1"`),
    path(`M${from + 1} ${y}V11H165V29.5`, `stroke="${MARK}" stroke-width="1"`),
  ].join("");
}

function legend(): readonly string[] {
  const entries = [
    ["3V3", "3V3"],
    ["5V", "5V"],
    ["GND", "GND"],
    ["key", `${KEY_REFS.green}–${KEY_REFS.service}`],
    ["lamp", "J2"],
  ] as const;
  return entries.flatMap(([use, words], index) => [
    circle(20 + index * 30, 97, 1.6, `fill="${PIN_FILLS[use]}" stroke-width="0.25"`),
    text(23 + index * 30, 98.2, 3.2, words),
  ]);
}

/** The plug of the keys, way by way, and the parts its wires lead to. */
export function harnessPicture(): string {
  const ways = waysOf("J1");
  const pitch = 13.4;
  const left = 16;
  const far = ways.map(({ wire: { from, to } }) => {
    const end = /^(S|X)/.test(to) ? to : from;
    return end.split(".")[0] ?? "";
  });
  const places = [...new Set(far)];
  const placeX = (ref: string) => 18 + places.indexOf(ref) * 16;
  return picture([
    part({ x: left - 8, y: 78, width: ways.length * pitch + 4, height: 12 }, "", { fill: "#e9f5e9" }),
    text(left - 4, 98, 4, "J1", { bold: true }),
    ...ways.flatMap(({ way, wire: { colour } }, index) => {
      const x = left + index * pitch;
      const ref = far[index] ?? "";
      const isGround = colour === "BK";
      const end = placeX(ref) + (isGround ? 2.5 : -2.5);
      const level = isGround ? 69 + (way % 2) * 3 : 40 + ((index * 2.6) % 26);
      return [
        text(x, 86, 4, String(way), { anchor: "middle", bold: true }),
        wire(
          [
            [x, 78],
            [x, level],
            [end, level],
            [end, 27],
          ],
          colour,
        ),
      ];
    }),
    ...places.slice(1).map((ref, index) => {
      const from = placeX(places[index] ?? "") + 2.5;
      return wire(
        [
          [from, 27],
          [from, 33],
          [placeX(ref) + 2.5, 33],
          [placeX(ref) + 2.5, 27],
        ],
        "BK",
      );
    }),
    ...places.map((ref) => part({ x: placeX(ref) - 6, y: 12, width: 12, height: 15 }, ref)),
  ]);
}

/** The plate from behind: left and right are exchanged. */
export function keysPicture(): string {
  const factor = 0.178;
  const { plate } = CASE;
  const origin = { x: 12, y: 8 };
  const behind = (x: number) => plate.width - x;
  const at = (x: number, y: number) => ({ x: origin.x + behind(x) * factor, y: origin.y + y * factor });
  const body = [
    rect(
      { x: 0, y: 0, width: plate.width, height: plate.height },
      `rx="${plate.cornerRadius}" fill="#f4f6f8"`,
    ),
    ...CASE.keys.map(
      ({ x, y, shape, sizeMm, holeMm }) =>
        `<g transform="translate(${behind(x)} ${y})">${path(capPath(shape, sizeMm), `stroke="${FAINT}" stroke-dasharray="6 5"`)}</g>${circle(behind(x), y, holeMm / 2, `fill="#c9d4de"`)}`,
    ),
    ...hoodPlaces(CASE).map(({ x, y }) => circle(behind(x), y, CASE.hoods.openingMm / 2, `fill="#555"`)),
    ...[...CASE.pictograms, CASE.scannerWindow].map((box) =>
      rect({ ...box, x: behind(box.x) - box.width }, `fill="#fff"`),
    ),
    circle(behind(CASE.headphones.x), CASE.headphones.y, CASE.headphones.holeMm / 2, `fill="#c9d4de"`),
  ];
  const label = (x: number, y: number, ref: string, aside: number) => {
    const place = at(x, y);
    return text(place.x + aside, place.y + 1, 2.8, ref, { bold: true, anchor: aside < 0 ? "end" : "start" });
  };
  return picture([
    scaled(origin, factor, body.join("")),
    ...CASE.keys.map(({ key, x, y }) => label(x, y, KEY_REFS[key], 6.4)),
    ...hoodPlaces(CASE).map(({ key, x, y }) => label(x, y, LIGHT_REFS[key as keyof typeof LIGHT_REFS], 2)),
    ...CASE.pictograms.map(({ name, x, y, width, height }) => {
      const place = at(x + width / 2, y + height / 2);
      return text(place.x, place.y + 1, 2.8, LIGHT_REFS[name], { anchor: "middle", bold: true });
    }),
    label(CASE.headphones.x, CASE.headphones.y, "X1", 2),
    ...switchDetail(),
  ]);
}

/** One key in section: cap plate, plunger, plate, nut, contact. */
function switchDetail(): readonly string[] {
  const x = 136;
  return [
    rect({ x: x - 20, y: 26, width: 40, height: 4 }, `fill="#8fd19e"`),
    rect({ x: x - 7, y: 30, width: 14, height: 12 }, `fill="#fff"`),
    rect({ x: x - 34, y: 42, width: 25, height: 3 }, `fill="#9aa5b1"`),
    rect({ x: x + 9, y: 42, width: 25, height: 3 }, `fill="#9aa5b1"`),
    rect({ x: x - 9, y: 38, width: 18, height: 26 }, `fill="#eef2f6"`),
    rect({ x: x - 14, y: 47, width: 28, height: 5 }, `fill="#dfe7ee"`),
    wire(
      [
        [x - 5, 64],
        [x - 5, 88],
      ],
      "GN",
    ),
    wire(
      [
        [x + 5, 64],
        [x + 5, 88],
      ],
      "BK",
    ),
    text(x - 8, 94, 3.2, "NO", { anchor: "middle", bold: true }),
    text(x + 9, 94, 3.2, "COM", { anchor: "middle", bold: true }),
    ...[
      ["1", 26, 28],
      ["2", 38, 43.5],
      ["3", 18, 49.5],
    ].map(([name, dx, y]) =>
      text(x + Number(dx), Number(y) + 1.2, 3.4, String(name), { bold: true, colour: MARK }),
    ),
    arrow([x, 14], [x, 25]),
  ];
}

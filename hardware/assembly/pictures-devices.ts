/**
 * Pictures of what is plugged together: scanner, sound, power.
 */
import { CASE } from "../enclosure/case.ts";
import type { WireColour } from "../nets.ts";
import { circle, line, path, rect, text } from "../sheet.ts";
import { arrow, MARK, type Point, part, picture, wire } from "./picture.ts";

/** The scanner behind its window, from the side, and its cable. */
export function scannerPicture(): string {
  const { scannerWindow } = CASE;
  return picture([
    `<g transform="rotate(${CASE.plate.tiltDegrees} 60 52)">`,
    rect({ x: 58, y: 6, width: 3, height: 22 }, `fill="#9aa5b1"`),
    rect({ x: 58, y: 28, width: 3, height: 40 }, `fill="#cfe8fb"`),
    rect({ x: 58, y: 68, width: 3, height: 24 }, `fill="#9aa5b1"`),
    path("M78 48L61 30M78 48L61 66M61 30L30 22M61 66L30 74", `stroke="${MARK}" stroke-dasharray="1.5 1.2"`),
    rect({ x: 22, y: 30, width: 3, height: 36 }, `fill="#fff"`),
    ...[33, 37, 41, 45, 49, 53, 57, 61].map((y) =>
      rect({ x: 22.4, y, width: 2.2, height: 2 }, `fill="#333" stroke="none"`),
    ),
    part({ x: 78, y: 36, width: 26, height: 24 }, "U3"),
    "</g>",
    wire(
      [
        [102, 63],
        [120, 63],
        [120, 72],
        [138, 72],
      ],
      "cable",
    ),
    part({ x: 138, y: 56, width: 32, height: 34 }, "A1", { fill: "#e7f2ea", size: 5 }),
    rect({ x: 134, y: 69, width: 6, height: 6 }, `fill="#dfe7ee"`),
    text(127, 69, 3, "USB", { anchor: "middle" }),
    text(78, 100, 3, `${scannerWindow.width} × ${scannerWindow.height} mm`, { anchor: "middle" }),
    arrow([14, 34], [26, 37]),
  ]);
}

/** From the board to headphones and loudspeaker. */
export function soundPicture(): string {
  return picture([
    ...soundWires(40),
    part({ x: 8, y: 24, width: 26, height: 32 }, "A1", { fill: "#e7f2ea", size: 5 }),
    part({ x: 46, y: 28, width: 26, height: 24 }, "U4"),
    part({ x: 84, y: 24, width: 28, height: 32 }, "X1", { atTop: true }),
    circle(98, 44, 6, `fill="#fff"`),
    circle(98, 44, 2.6, `fill="#444"`),
    part({ x: 124, y: 24, width: 26, height: 32 }, "U5"),
    path("M158 33h5l9-8v30l-9-8h-5z", `fill="#eef2f6"`),
    text(166, 62, 4, "LS1", { anchor: "middle", bold: true }),
    part({ x: 124, y: 84, width: 32, height: 16 }, "A2", { fill: "#f7efe0" }),
    text(147, 80, 3, "J3", { bold: true }),
    text(108, 89, 3, "J1", { bold: true }),
    text(40, 36, 3, "USB", { anchor: "middle" }),
  ]);
}

function soundWires(y: number): readonly string[] {
  const across = (from: number, to: number, at: number, colour: WireColour | "cable") =>
    wire(
      [from, to].map((x): Point => [x, at]),
      colour,
    );
  const up = (x: number, colour: WireColour) =>
    wire(
      [86, 56].map((level): Point => [x, level]),
      colour,
    );
  const contact: readonly Point[] = [
    [98, 56],
    [98, 92],
    [124, 92],
  ];
  return [
    across(34, 46, y, "cable"),
    across(72, 84, y, "cable"),
    across(112, 124, y, "cable"),
    across(150, 158, y - 3, "WH"),
    across(150, 158, y + 3, "BN"),
    up(133, "RD"),
    up(141, "BK"),
    wire(contact, "WHBU"),
  ];
}

/** Supply, board, fuse, interface board: the order in which they are joined and measured. */
export function powerPicture(): string {
  const y = 34;
  return picture([
    wire(
      [
        [36, y],
        [54, y],
      ],
      "cable",
    ),
    wire(
      [
        [86, y],
        [100, y],
      ],
      "RD",
    ),
    wire(
      [
        [118, y],
        [134, y],
      ],
      "RD",
    ),
    wire(
      [
        [86, 48],
        [134, 48],
      ],
      "BK",
    ),
    wire(
      [
        [86, 56],
        [134, 56],
      ],
      "OG",
    ),
    part({ x: 8, y: 22, width: 28, height: 24 }, "G1", { fill: "#f4e3e3", size: 5 }),
    part({ x: 54, y: 20, width: 32, height: 44 }, "A1", { fill: "#e7f2ea", size: 5 }),
    part({ x: 100, y: 29, width: 18, height: 10 }, "F1"),
    part({ x: 134, y: 20, width: 36, height: 44 }, "A2", { fill: "#f7efe0", size: 5 }),
    ...[
      ["5V", 27],
      ["GND", 46],
      ["3V3", 62],
    ].map(([name, at]) => text(126, Number(at), 2.8, String(name), { anchor: "middle", bold: true })),
    ...meter(),
  ]);
}

/** A meter on the interface board's rails, before anything is switched on. */
function meter(): readonly string[] {
  return [
    rect({ x: 96, y: 74, width: 24, height: 26 }, `rx="2.5" fill="#ffe9a8"`),
    rect({ x: 99, y: 77, width: 18, height: 8 }, `fill="#dfe8dc"`),
    text(108, 83.2, 5, "Ω", { anchor: "middle", bold: true }),
    circle(108, 92.5, 4.2, `fill="#fff"`),
    line(108, 92.5, 110, 89.5, `stroke-width="0.8"`),
    path("M116 100C130 108 140 88 140 60", `stroke="${MARK}" stroke-width="0.8"`),
    path("M100 100C120 112 152 92 152 60", `stroke="#222" stroke-width="0.8"`),
    circle(140, 59, 1, `fill="${MARK}" stroke="none"`),
    circle(152, 59, 1, `fill="#222" stroke="none"`),
    text(140, 56, 2.6, "5V", { anchor: "middle" }),
    text(152, 56, 2.6, "GND", { anchor: "middle" }),
  ];
}

/**
 * The 40-pin header in the middle of the sheet, and the ways wires leave it: to either side from either column, because the
 * far column's wires pass between two rows.
 */

import type { GuideLanguage } from "../bilingual.ts";
import { HEADER, type HeaderPin, RESERVED } from "../boards.ts";
import { box, disc, line, type Point, text } from "./svg.ts";
import { groundBeside, railTag } from "./symbols.ts";
import { RAILS, WIRING_WORDS } from "./words.ts";

export const HEADER_PLACE = { oddX: 820, evenX: 860, firstY: 150, pitch: 32 } as const;
const PIN_RADIUS = 8.5;
/** How far below its row a wire from the far column passes: clear of both circles and of the next row's name. */
const BETWEEN_ROWS = 14;
/** Length of names beside the pins. */
const NAME_GAP = 22;

export type Side = "left" | "right";

/** Points of a wire from a pin to a vertical at `x`, leaving on that side. */
export function leave(physical: number, side: Side, x: number): readonly Point[] {
  const { y, isOdd, pinX } = place(physical);
  const near = isOdd === (side === "left");
  if (near)
    return [
      [pinX + (side === "left" ? -PIN_RADIUS : PIN_RADIUS), y],
      [x, y],
    ];
  return [
    [pinX, y + PIN_RADIUS],
    [pinX, y + BETWEEN_ROWS],
    [x, y + BETWEEN_ROWS],
  ];
}

/** The height at which a wire leaves. */
export function leaveY(physical: number, side: Side): number {
  const { y, isOdd } = place(physical);
  return isOdd === (side === "left") ? y : y + BETWEEN_ROWS;
}

function place(physical: number) {
  const { oddX, evenX, firstY, pitch } = HEADER_PLACE;
  const isOdd = physical % 2 === 1;
  return { y: firstY + Math.floor((physical - 1) / 2) * pitch, isOdd, pinX: isOdd ? oddX : evenX };
}

const FILLS: Readonly<Record<"3V3" | "5V" | "GND" | "line" | "free", string>> = {
  "3V3": "#ffe0bd",
  "5V": "#ffd0d0",
  GND: "#d9d9d9",
  line: "#e3f0ff",
  free: "#ffffff",
};

function fillOf(pin: HeaderPin, isWired: boolean): string {
  if (!isWired) return FILLS.free;
  return pin === "3V3" || pin === "5V" || pin === "GND" ? FILLS[pin] : FILLS.line;
}

/** One pin with its number and name; faint where nothing is wired. */
function pinDrawing(physical: number, isWired: boolean, language: GuideLanguage): string {
  const pin = HEADER[physical - 1] ?? "GND";
  const { y, isOdd, pinX } = place(physical);
  const side = isOdd ? -1 : 1;
  const reserved = RESERVED.some((each) => each.pin === pin);
  const name = pin in RAILS ? RAILS[pin as keyof typeof RAILS][language] : pin;
  return [
    disc([pinX, y], PIN_RADIUS, fillOf(pin, isWired)),
    text([pinX, y + 3.6], String(physical), { size: 10, anchor: "middle", faint: !isWired }),
    text([pinX + side * NAME_GAP, y - 4], reserved ? `${name} ×` : name, {
      size: 12,
      anchor: isOdd ? "end" : "start",
      faint: !isWired,
    }),
  ].join("");
}

/** Short ends at the pins that go to a rail of the interface board. */
function railEnd(physical: number, language: GuideLanguage): string {
  const pin = HEADER[physical - 1];
  const side: Side = physical % 2 === 1 ? "left" : "right";
  const sign = side === "left" ? -1 : 1;
  const { y, pinX } = place(physical);
  const far = pinX + sign * 70;
  const lead = line(leave(physical, side, far));
  if (pin === "GND") return lead + groundBeside([far, y], sign);
  return pin === "3V3" ? lead + railTag([far + sign * 24, y], "3V3", RAILS["3V3"][language]) : "";
}

/** The header's body. It lies below the wires: one from the far column must be seen to pass between two rows. */
export function headerBody(language: GuideLanguage): string {
  const { oddX, evenX, firstY, pitch } = HEADER_PLACE;
  const bottom = firstY + 19 * pitch;
  return [
    box(
      [oddX - 16, firstY - 17],
      { width: evenX - oddX + 32, height: bottom - firstY + 38 },
      { fill: "#f4f4f4", radius: 4 },
    ),
    text([(oddX + evenX) / 2, firstY - 34], WIRING_WORDS.header[language], {
      size: 13,
      anchor: "middle",
      bold: true,
    }),
  ].join("\n");
}

/** The pins, above the wires; `wired` are those that anything is joined to. 5 V leaves by itself, to the fuse. */
export function headerPins(wired: ReadonlySet<number>, language: GuideLanguage): string {
  const pins = HEADER.map((_, index) => index + 1);
  return [
    ...pins.filter((pin) => wired.has(pin)).map((pin) => railEnd(pin, language)),
    ...pins.map((pin) => pinDrawing(pin, wired.has(pin), language)),
  ].join("\n");
}

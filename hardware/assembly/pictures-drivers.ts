/**
 * The picture of the lamps' drivers.
 */
import { physicalPin } from "../boards.ts";
import { DRIVERS, LIGHT_REFS } from "../parts.ts";
import { FAINT, line, path, text } from "../sheet.ts";
import { BUZZER_PIN, LAMP_PINS, PICTOGRAM_PINS } from "../wiring.ts";
import { MARK, part, picture } from "./picture.ts";

/** Both drivers from above, notch to the left, with what hangs on each output. */
export function driversPicture(): string {
  return picture(
    DRIVERS.flatMap(({ ref, channels }, index) => {
      const left = 14 + index * 88;
      const pitch = 7.4;
      const loads = Array.from({ length: 8 }, (_, channel) => channels[channel]);
      return [
        part({ x: left - 4, y: 42, width: 9 * pitch + 2, height: 22 }, ref, { size: 6 }),
        path(`M${left - 4} 50a3 3 0 0 1 0 6`),
        ...loads.flatMap((load, channel) => {
          const x = left + channel * pitch;
          const out = load === undefined ? "" : load === "buzzer" ? "BZ1" : LIGHT_REFS[load];
          return [
            line(x, 64, x, 69, `stroke-width="0.9"`),
            line(x, 42, x, 37, `stroke-width="0.9"`),
            text(x, 73, 2.6, String(channel + 1), { anchor: "middle" }),
            text(x, 34.5, 2.6, String(18 - channel), { anchor: "middle" }),
            text(x + 1, 27, 3, out, { turned: -90, bold: true }),
            text(x + 1, 89, 2.8, load === undefined ? "" : `${inputPin(load)}`, {
              turned: -90,
              colour: FAINT,
            }),
          ];
        }),
        line(left + 8 * pitch, 64, left + 8 * pitch, 69, `stroke-width="0.9"`),
        line(left + 8 * pitch, 42, left + 8 * pitch, 37, `stroke-width="0.9"`),
        text(left + 8 * pitch, 73, 2.6, "9", { anchor: "middle" }),
        text(left + 8 * pitch, 34.5, 2.6, "10", { anchor: "middle" }),
        text(left + 8 * pitch + 1, 89, 2.8, "GND", { turned: -90, bold: true }),
        text(left + 8 * pitch + 1, 27, 2.8, "5V", { turned: -90, bold: true, colour: MARK }),
      ];
    }),
  );
}

/** The pin of A1's header that drives a load. */
function inputPin(load: (typeof DRIVERS)[number]["channels"][number]): string {
  const pin = load === "buzzer" ? BUZZER_PIN : { ...LAMP_PINS, ...PICTOGRAM_PINS }[load];
  return `A1.${physicalPin(pin)}`;
}

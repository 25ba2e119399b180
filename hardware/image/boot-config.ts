/**
 * What a Raspberry Pi's boot loader is told (config.txt), from the wiring: every line that a lamp or key hangs on is what
 * it will be before the kernel starts. Pure text; where it goes is the installer's affair.
 */
import { lineOffset, type PinName } from "../pins.ts";
import { BUZZER_PIN, HEADPHONES_PIN, KEY_PINS, LAMP_PINS, PICTOGRAM_PINS } from "../wiring.ts";

/**
 * The lines for config.txt. Syntax: raspberrypi.com/documentation/computers/config_txt.html, "gpio" and "dtoverlay".
 * @param overlays names of overlays of ours to load, without .dtbo.
 */
export function bootConfigLines(overlays: readonly string[]): readonly string[] {
  const inputs = [...Object.values(KEY_PINS), HEADPHONES_PIN];
  const outputs = [...Object.values(LAMP_PINS), ...Object.values(PICTOGRAM_PINS), BUZZER_PIN];
  return [
    // What stands above may be for one board only.
    "[all]",
    "# Keys are pulled up: lines 9 to 27 start with a pull-down, which is a pressed key.",
    `gpio=${offsets(inputs)}=ip,pu`,
    "# Lamps and buzzer stay off until the firmware says otherwise.",
    `gpio=${offsets(outputs)}=op,dl`,
    "# The board's own watchdog (RuntimeWatchdogSec feeds it).",
    "dtparam=watchdog=on",
    ...overlays.map((name) => `dtoverlay=${name}`),
  ];
}

function offsets(pins: readonly PinName[]): string {
  return pins
    .map(lineOffset)
    .toSorted((one, other) => one - other)
    .join(",");
}

/**
 * The board of the lab as a device tree: a simulated GPIO chip that calls itself as a Raspberry Pi 4's header does, and the
 * overlays of hardware/ applied to it as the Pi's boot loader would. Compiles with dtc and fdtoverlay
 * (Debian's device-tree-compiler).
 */
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";

/** A BCM2711's lines; 0 to 27 are the header. */
const LINES = 54;

const BOARD = `/dts-v1/;
/ {
	#address-cells = <1>;
	#size-cells = <0>;
	compatible = "faccine,lab-board";
	model = "Faccine lab board (simulated)";
	serial-number = "lab0000000000001";
	gpio-simulator {
		compatible = "gpio-simulator";
		gpio: bank {
			gpio-controller;
			#gpio-cells = <2>;
			ngpios = <${LINES}>;
			gpio-sim,label = "pinctrl-bcm2711";
			gpio-line-names = ${Array.from({ length: 28 }, (_, line) => `"GPIO${line}"`).join(", ")};
		};
	};
};
`;

/**
 * Compiles the board with some overlays into `folder`; returns the compiled tree's path.
 * @param overlays sources of overlays (.dts), as hardware/overlays/ has them.
 * @throws with the compiler's words.
 */
export function compileBoard(folder: string, overlays: readonly string[]): string {
  const source = join(folder, "board.dts");
  writeFileSync(source, BOARD);
  const base = join(folder, "board-base.dtb");
  run("dtc", ["-q", "-@", "-I", "dts", "-O", "dtb", "-o", base, source]);
  if (overlays.length === 0) return base;
  const compiled = overlays.map((overlay, index) => {
    const path = join(folder, `overlay-${index}.dtbo`);
    run("dtc", ["-q", "-@", "-I", "dts", "-O", "dtb", "-o", path, overlay]);
    return path;
  });
  const whole = join(folder, "board.dtb");
  run("fdtoverlay", ["-i", base, "-o", whole, ...compiled]);
  return whole;
}

function run(program: string, args: readonly string[]): void {
  const { status, stderr, error } = spawnSync(program, args, { encoding: "utf8" });
  if (status !== 0) throw new Error(`${program}: ${error?.message ?? stderr}`);
}

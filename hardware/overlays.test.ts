import { spawnSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { describeWithTool } from "#scripts/outside-tools.ts";
import { MATRIX_KEYPAD } from "./matrix-keypad.ts";
import { overlaySources } from "./overlays.ts";
import { lineOffset } from "./pins.ts";
import { KEY_PINS } from "./wiring.ts";

/** Bytes that open every compiled device tree. */
const MAGIC = 0xd00dfeed;

function sourceOf(name: string): string {
  const found = overlaySources().find((each) => each.name === name);
  if (found === undefined) throw new Error(`no overlay ${name}`);
  return found.text;
}

describe("the overlays", () => {
  it("name the lines of the wiring and the codes of the keypad, row and column by row and column", () => {
    const keypad = sourceOf("faccine-keypad.dts");
    const offset = (key: keyof typeof KEY_PINS) => lineOffset(KEY_PINS[key]);
    expect(keypad).toMatch(
      new RegExp(`row-gpios = <&gpio ${offset("wait")} 1>,\\s+<&gpio ${offset("staff")} 1>;`),
    );
    expect(keypad).toMatch(
      new RegExp(`col-gpios = <&gpio ${offset("return")} 1>,\\s+<&gpio ${offset("outcome")} 1>;`),
    );
    expect(keypad).toContain("<0x000002c0> /* wait */");
    expect(keypad).toContain("<0x010102c3> /* outcome */");
    expect(keypad).toContain(`debounce-delay-ms = <${MATRIX_KEYPAD.debounceMs}>`);
    expect(sourceOf("faccine-status-led.dts")).toContain("gpios = <&gpio 15 0>;");
  });
});

describeWithTool("dtc", "the device-tree compiler", (dtc) => {
  const compile = (text: string) =>
    spawnSync(dtc, ["-@", "-I", "dts", "-O", "dtb", "-"], { input: text, maxBuffer: 1024 * 1024 });

  it.each(overlaySources().map(({ name, text }) => [name, text] as const))(
    "compiles %s without a warning",
    (_, text) => {
      const { status, stdout, stderr } = compile(text);
      expect(stderr.toString()).toBe("");
      expect(status).toBe(0);
      expect(stdout.readUInt32BE(0)).toBe(MAGIC);
      // The name that the kernel gives to the device, and that the firmware looks for.
      if (text.includes("gpio-matrix-keypad"))
        expect(stdout.toString("latin1")).toContain(MATRIX_KEYPAD.name);
    },
  );

  it("warns of a planted fault, and refuses a broken one", () => {
    const text = sourceOf("faccine-status-led.dts");
    expect(compile(text.replace("faccine-alive {", "faccine-alive@1 {")).stderr.toString()).toMatch(
      /Warning/,
    );
    expect(compile(text.replace("};", "}")).status).not.toBe(0);
  });
});

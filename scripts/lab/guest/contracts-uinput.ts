/**
 * Guest: the contracts of a typing scanner and of the reason keypad, asked of the kernel's own input devices, which uinput
 * makes.
 */
import { SCANNER_ITEMS } from "#firmware/devices/evdev/hid-scanner.suite.ts";
import { KEYPAD_ITEMS } from "#firmware/devices/evdev/matrix-keypad.suite.ts";
import { inputOnKernel } from "#firmware/devices/evdev/on-kernel.fixture.ts";
import { endOfContracts, tell } from "./contracts.ts";

await inputOnKernel((name, error) => tell(`uinput: ${name}`, error));
endOfContracts(SCANNER_ITEMS.length + KEYPAD_ITEMS.length);

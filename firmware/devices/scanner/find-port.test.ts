import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { findPort, type PortFolders } from "./find-port.ts";

let root: string;
let folders: PortFolders;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "faccine-ports-"));
  folders = { serial: join(root, "serial"), input: join(root, "input") };
  mkdirSync(folders.serial);
  mkdirSync(folders.input);
});
afterEach(() => rmSync(root, { recursive: true }));

const device = (folder: string, name: string) => {
  writeFileSync(join(root, `${name}.device`), "");
  symlinkSync(join(root, `${name}.device`), join(folder, name));
};
const message = (path: string | null) => {
  const found = findPort(path, folders);
  return "problem" in found ? found.problem.message : null;
};

describe("the scanner's port", () => {
  it("is the one in the settings, if it is there", () => {
    device(folders.serial, "usb-A");
    device(folders.serial, "usb-B");
    const path = join(folders.serial, "usb-B");
    expect(findPort(path, folders)).toEqual({ path });
    expect(message(join(root, "nowhere"))).toMatch(/nowhere is not there\. .*plugged in/);
  });

  it("is the only serial device, and a name that leads nowhere is none", () => {
    device(folders.serial, "usb-A");
    symlinkSync(join(root, "gone"), join(folders.serial, "usb-gone"));
    expect(findPort(null, folders)).toEqual({ path: join(folders.serial, "usb-A") });
  });

  it("is none of several, which are named with the setting that chooses; of many, some", () => {
    for (let count = 0; count < 30; count += 1) device(folders.serial, `usb-${10 + count}`);
    expect(message(null)).toMatch(/^30 serial devices .*: usb-10, .*usb-17\. .*scanner\.path/);
    expect(message(null)).not.toContain("usb-18");
  });

  it("that is missing while a keyboard is there may be a scanner in keyboard mode, and that is said", () => {
    rmSync(folders.serial, { recursive: true });
    expect(message(null)).toMatch(/No serial device/);
    expect(message(null)).not.toMatch(/keyboard/);
    device(folders.input, "usb-Scanner-event-kbd");
    device(folders.input, "usb-Mouse-event-mouse");
    expect(message(null)).toMatch(/keyboard \(usb-Scanner-event-kbd\).*scanner\.kind to hid/);
  });
});

import {
  closeSync,
  existsSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { writeSecret } from "./secret-file.ts";

let folder = "";
let file = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "faccine-secret-"));
  file = join(folder, "some.key");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe("a file of secrets", () => {
  it("does not inherit the rights of a file that a power cut left behind", () => {
    writeFileSync(`${file}.new`, "half of an old", { mode: 0o666 });
    writeSecret(file, "new");
    expect((statSync(file).mode & 0o777).toString(8)).toBe("600");
    expect(readFileSync(file, "utf8")).toBe("new");
    expect(existsSync(`${file}.new`)).toBe(false);
  });

  it("stays as it was when it cannot be written", () => {
    writeSecret(file, "old");
    // Something that cannot be opened for writing stands where the new file would be prepared.
    writeSecret(join(`${file}.new`, "in the way"), "x");
    expect(() => writeSecret(file, "new")).toThrow();
    expect(readFileSync(file, "utf8")).toBe("old");
  });

  it("leaves zeros where the old secret lay, also one that a power cut left half replaced", () => {
    writeSecret(file, "old secret");
    writeFileSync(`${file}.new`, "half of one");
    // Whoever holds the old files open sees what is left of their bytes.
    const [old, half] = [openSync(file, "r"), openSync(`${file}.new`, "r")];
    try {
      writeSecret(file, "new");
      expect(readFileSync(old)).toEqual(Buffer.alloc(10));
      expect(readFileSync(half).includes("half")).toBe(false);
    } finally {
      closeSync(old);
      closeSync(half);
    }
  });
});

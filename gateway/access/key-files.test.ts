import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ensureKeyFile, gatewayKey } from "./key-files.ts";

describe("the gateway's key files", () => {
  let dataDir: string;
  beforeEach(() => {
    dataDir = mkdtempSync(join(tmpdir(), "faccine-keys-"));
  });
  afterEach(() => rmSync(dataDir, { recursive: true }));

  const file = () => join(dataDir, "keys", "gateway.key");
  const modeOf = (path: string) => statSync(path).mode & 0o777;

  it("are made once and stay the same", () => {
    const first = gatewayKey(dataDir);
    expect(gatewayKey(dataDir).publicKeyHex).toBe(first.publicKeyHex);
    expect(ensureKeyFile(dataDir, "another").publicKeyHex).not.toBe(first.publicKeyHex);
    expect(readdirSync(join(dataDir, "keys")).sort()).toEqual(["another.key", "gateway.key"]);
  });

  it("can be read by their owner only, also after a backup was copied back carelessly", () => {
    gatewayKey(dataDir);
    expect(modeOf(file())).toBe(0o600);
    expect(modeOf(join(dataDir, "keys"))).toBe(0o700);
    chmodSync(file(), 0o644);
    chmodSync(join(dataDir, "keys"), 0o755);
    gatewayKey(dataDir);
    expect(modeOf(file())).toBe(0o600);
    expect(modeOf(join(dataDir, "keys"))).toBe(0o700);
  });

  it("are never replaced: a damaged one stops the start and stays as it is", () => {
    gatewayKey(dataDir);
    writeFileSync(file(), "not a key");
    expect(() => gatewayKey(dataDir)).toThrow();
    expect(readFileSync(file(), "utf8")).toBe("not a key");
    expect(existsSync(`${file()}.${process.pid}`)).toBe(false);
  });
});

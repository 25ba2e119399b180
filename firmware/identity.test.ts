import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { countStart, ensureJournalKey, identityFiles, readIdentity, writeSecret } from "./identity.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "faccine-identity-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8);

function provision(): void {
  const files = identityFiles(folder);
  writeSecret(files.siteKey, `${"ab".repeat(32)}\n`);
  writeSecret(files.mqttPassword, "secret words\n");
}

describe("a totem's secrets", () => {
  it("are read as they were provisioned, and the journal key is made at the first start", () => {
    provision();
    const identity = readIdentity(folder);
    expect(identity.siteKey).toEqual(Buffer.from("ab".repeat(32), "hex"));
    expect(identity.mqttPassword).toBe("secret words");
    expect(readIdentity(folder).journalKey.publicKeyHex).toBe(identity.journalKey.publicKeyHex);
  });

  it("are files of their owner alone", () => {
    provision();
    readIdentity(folder);
    countStart(folder);
    expect(readdirSync(folder)).toHaveLength(4);
    for (const file of readdirSync(folder)) expect(modeOf(join(folder, file))).toBe("600");
  });

  it("lie in a folder of their owner alone, made when it is missing", () => {
    const made = join(folder, "data", "totem-1");
    countStart(made);
    expect(modeOf(made)).toBe("700");
  });

  it("do not inherit the rights of a file that a power cut left behind", () => {
    const { siteKey } = identityFiles(folder);
    writeFileSync(`${siteKey}.new`, "half of an old", { mode: 0o666 });
    writeSecret(siteKey, "new");
    expect(modeOf(siteKey)).toBe("600");
    expect(readFileSync(siteKey, "utf8")).toBe("new");
    expect(existsSync(`${siteKey}.new`)).toBe(false);
  });

  it("are written whole or not at all: a write that fails leaves the old file", () => {
    const { siteKey } = identityFiles(folder);
    writeSecret(siteKey, "old");
    // Something that cannot be opened for writing stands where the new file would be prepared.
    rmSync(`${siteKey}.new`, { force: true });
    writeSecret(join(`${siteKey}.new`, "in the way"), "x");
    expect(() => writeSecret(siteKey, "new")).toThrow();
    expect(readFileSync(siteKey, "utf8")).toBe("old");
  });
});

describe("a totem that was not provisioned", () => {
  it.each(["siteKey", "mqttPassword"] as const)(
    "says which file is missing and what to do: %s",
    (missing) => {
      provision();
      rmSync(identityFiles(folder)[missing]);
      expect(() => readIdentity(folder)).toThrow(identityFiles(folder)[missing]);
      expect(() => readIdentity(folder)).toThrow(/Provision it at its gateway, or set FACCINE_DATA_DIR/);
    },
  );

  it("does not start with an empty password, nor with a key that is none", () => {
    provision();
    writeSecret(identityFiles(folder).mqttPassword, "\n");
    expect(() => readIdentity(folder)).toThrow(/missing or empty/);
    provision();
    for (const broken of ["ab".repeat(31), "ab".repeat(33), "xy".repeat(32)]) {
      writeSecret(identityFiles(folder).siteKey, broken);
      expect(() => readIdentity(folder)).toThrow(/does not hold 32 bytes in hex/);
    }
  });

  it("leaves the folder as it found it", () => {
    expect(() => readIdentity(folder)).toThrow();
    expect(readdirSync(folder)).toEqual([]);
  });

  it("does not replace a damaged journal key by itself", () => {
    ensureJournalKey(folder);
    writeSecret(identityFiles(folder).journalKey, "-----BEGIN PRIVATE KEY-----\n");
    expect(() => ensureJournalKey(folder)).toThrow(/journal\.key does not hold a signing key/);
  });
});

describe("the count of starts", () => {
  it("rises by one with each start and survives them", () => {
    expect([countStart(folder), countStart(folder), countStart(folder)]).toEqual([1, 2, 3]);
  });

  it("begins anew when its file says nothing", () => {
    writeSecret(identityFiles(folder).startCount, "no number\n");
    expect(countStart(folder)).toBe(1);
  });
});

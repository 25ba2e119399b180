import { afterEach, expect, it } from "vitest";
import { openPty, type Pty } from "#firmware/devices/scanner/pty.fixture.ts";
import { TOTEM_DEFAULTS } from "#schemas/totem-settings.ts";
import { SCANNER, setUpScanner } from "./scanner.ts";

const ptys: Pty[] = [];
afterEach(() => {
  for (const pty of ptys.splice(0)) pty.unplug();
});

/** A module on a line of the real kernel that answers every command so, and keeps what it was told. */
function module(answer: string) {
  const pty = openPty();
  ptys.push(pty);
  const told: string[] = [];
  pty.onReceived((bytes) => {
    for (const command of Buffer.from(bytes)
      .toString("latin1")
      .match(/\^_\^\w+\./g) ?? []) {
      told.push(command);
      pty.send(answer);
    }
  });
  return { told, settings: { ...TOTEM_DEFAULTS.scanner, path: pty.path, family: "de2120" as const } };
}

it("`faccine scanner` wants to be told what to do", async () => {
  await expect(SCANNER.run([])).rejects.toThrow("say: set-up");
});

it("tells a scanner everything a totem needs, and how each went", async () => {
  const { told, settings } = module("\u0006");
  expect(await setUpScanner(settings)).toEqual([
    { name: "reading-mode", result: "good" },
    { name: "same-code-delay", result: "good" },
  ]);
  expect(told).toEqual(["^_^SCMCNT.", "^_^CNTALW2."]);
});

it("says what a scanner refuses", async () => {
  const { settings } = module("\u0015");
  expect((await setUpScanner(settings)).map(({ result }) => result)).toEqual(["refused", "refused"]);
});

it("says that a scanner is not there, or is held by another program", async () => {
  const missing = { ...TOTEM_DEFAULTS.scanner, path: "/dev/no-such-scanner", family: "gm65" as const };
  await expect(setUpScanner(missing)).rejects.toThrow("/dev/no-such-scanner is not there");
  const { settings } = module("\u0006");
  let second: Promise<string> = Promise.resolve("nobody came");
  // While the first is at it, a second comes.
  const onOpened = () => {
    second = setUpScanner(settings).then(
      () => "it was had twice",
      (error: Error) => error.message,
    );
  };
  const ignore = () => undefined;
  await setUpScanner(settings, { log: { info: onOpened, warn: ignore, error: ignore } });
  expect(await second).toMatch(/held by another program.*systemctl stop faccine-totem/);
});

it("refuses a scanner whose commands nobody here knows", async () => {
  const generic = { ...TOTEM_DEFAULTS.scanner, family: "generic" as const };
  await expect(setUpScanner(generic)).rejects.toThrow("scanner.family is generic");
  await expect(setUpScanner({ ...generic, kind: "hid" })).rejects.toThrow("scanner.kind is hid");
});

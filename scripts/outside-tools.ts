/**
 * The programs that some tests need and npm cannot bring. One that is absent is told to the test runner, which names it
 * at the end; its tests never count as passed, and fail where the environment asks for every tool.
 */
import { accessSync, appendFileSync, constants } from "node:fs";
import { basename, delimiter, dirname, join } from "node:path";
import { describe, it } from "vitest";

type OutsideTool = {
  /** Names under which distributions install it, the likeliest first. */
  readonly commands: readonly string[];
  /** The Debian package that brings it. */
  readonly apt: string;
};

export const OUTSIDE_TOOLS = {
  aplay: { commands: ["aplay"], apt: "alsa-utils" },
  chromium: { commands: ["chromium", "chromium-browser", "google-chrome"], apt: "chromium" },
  curl: { commands: ["curl"], apt: "curl" },
  dtc: { commands: ["dtc"], apt: "device-tree-compiler" },
  "espeak-ng": { commands: ["espeak-ng"], apt: "espeak-ng" },
  mosquitto: { commands: ["mosquitto"], apt: "mosquitto" },
  mosquitto_pub: { commands: ["mosquitto_pub"], apt: "mosquitto-clients" },
  openssl: { commands: ["openssl"], apt: "openssl" },
  pdftotext: { commands: ["pdftotext"], apt: "poppler-utils" },
  python3: { commands: ["python3"], apt: "python3" },
  sqlite3: { commands: ["sqlite3"], apt: "sqlite3" },
  "systemd-analyze": { commands: ["systemd-analyze"], apt: "systemd" },
  zbarimg: { commands: ["zbarimg"], apt: "zbar-tools" },
} as const satisfies Record<string, OutsideTool>;

export type ToolName = keyof typeof OUTSIDE_TOOLS;
export const TOOL_NAMES = Object.keys(OUTSIDE_TOOLS) as readonly ToolName[];

/** Set by the test runner: a file that collects one line for every test that could not run. */
export const ABSENCES_FILE = "FACCINE_ABSENT_TOOLS_FILE";

/** The tool's path, or null; a null is noted for the runner, with what was therefore not run. */
export function outsideTool(name: ToolName, notRun = ""): string | null {
  const path = findTool(name);
  if (path === null) noteAbsence(name, notRun);
  return path;
}

/** Tests that need a tool. Without it there is one in their place that says so: skipped, or failed if all tools are required. */
export function describeWithTool(name: ToolName, title: string, body: (path: string) => void): void {
  const path = outsideTool(name, title);
  describe(title, () => {
    if (path !== null) body(path);
    else {
      it(`needs ${name}`, ({ skip }) => {
        if (areToolsRequired()) throw new Error(absenceLine(name));
        skip(absenceLine(name));
      });
    }
  });
}

export function areToolsRequired(): boolean {
  return process.env["FACCINE_REQUIRE_TOOLS"] === "1";
}

/** The Debian packages of every tool that is absent here. */
export function missingPackages(): readonly string[] {
  return TOOL_NAMES.filter((name) => findTool(name) === null).map((name) => OUTSIDE_TOOLS[name].apt);
}

/** What the runner prints at its end about the lines it collected: one paragraph a tool. */
export function absenceReport(notes: string): readonly string[] {
  const lines = notes.split("\n").filter((line) => line !== "");
  return TOOL_NAMES.flatMap((name) => {
    const notRun = lines
      .filter((line) => line.startsWith(`${name}\t`))
      .map((line) => line.split("\t")[1] ?? "");
    if (notRun.length === 0) return [];
    return [
      absenceLine(name),
      ...new Set(notRun.filter((title) => title !== "").map((title) => `  ${title}`)),
    ];
  });
}

/** Looks where the PATH says, and in the sbin beside each bin: an ordinary user's PATH has no /usr/sbin, home of mosquitto. */
export function findTool(name: ToolName, path = process.env["PATH"] ?? ""): string | null {
  const folders = path.split(delimiter).filter((folder) => folder !== "");
  const beside = folders
    .filter((folder) => basename(folder) === "bin")
    .map((bin) => join(dirname(bin), "sbin"));
  for (const command of OUTSIDE_TOOLS[name].commands) {
    const found = [...folders, ...beside].map((folder) => join(folder, command)).find(isExecutable);
    if (found !== undefined) return found;
  }
  return null;
}

function absenceLine(name: ToolName): string {
  return `not run: needs ${name} (apt install ${OUTSIDE_TOOLS[name].apt})`;
}

function noteAbsence(name: ToolName, notRun: string): void {
  const file = process.env[ABSENCES_FILE];
  // One short write to a file opened for appending: the tests of several processes do not mix their lines.
  if (file !== undefined) appendFileSync(file, `${name}\t${notRun}\n`);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

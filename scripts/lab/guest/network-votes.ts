/**
 * Guest: people vote while the path to the gateway comes and goes; the network is the machine's own, through slirp.
 */
import { spawnSync } from "node:child_process";
import { setTimeout as pause } from "node:timers/promises";
import { FACES } from "#schemas/code-list.ts";
import type { LabTicket } from "../totem-folder.ts";
import { openBoard } from "./board.ts";
import { vote } from "./citizen.ts";
import { readJob, report } from "./report.ts";
import { startTotem } from "./totem.ts";
import { SERIAL_LINK, usbScanner } from "./usb-scanner.ts";

export type NetworkVotesJob = {
  readonly env: Readonly<Record<string, string>>;
  readonly tickets: readonly LabTicket[];
  readonly everyMs: number;
};

/** slirp's own addresses: this machine, and the way out, which is the host's loopback. */
const SETUP = [
  ["addr", "add", "10.0.2.100/24", "dev", "vec0"],
  ["link", "set", "vec0", "up"],
  ["route", "add", "default", "via", "10.0.2.2"],
];

const job = readJob<NetworkVotesJob>();
for (const args of SETUP) {
  const { status, stderr } = spawnSync("ip", args, { encoding: "utf8" });
  if (status !== 0) throw new Error(`ip ${args.join(" ")}: ${stderr}`);
}
const board = openBoard();
const scanner = usbScanner();
await scanner.plug();
const totem = await startTotem({
  env: { ...job.env, FACCINE_SCANNER_PATH: SERIAL_LINK, FACCINE_VOICE_ON: "false" },
});
await totem.hasSettings();
report({ voting: true });
for (const [number, { code }] of job.tickets.entries()) {
  const showTicket = () => scanner.sendSerial(code);
  const missing = await vote(board, showTicket, FACES[number % FACES.length] ?? "green");
  if (missing !== null) throw new Error(missing);
  report({ thanked: number + 1 });
  await pause(job.everyMs);
}
report({ votedAll: true });
// The host looks at the gateway now, and cuts the power when it has seen enough.
await new Promise(() => undefined);

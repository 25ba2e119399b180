/**
 * Guest: a clock nobody has set yet, and one that jumps by a year either way while a ticket waits for its face. The wait
 * must not notice, the vote must be kept, and tickets are judged by the clock only when it can be believed.
 */
import { setTimeout as pause } from "node:timers/promises";
import { DAY_MS } from "#schemas/time.ts";
import { startKillsGateway } from "../../kills/kills-gateway.ts";
import { LAB_TOTEM } from "../totem-folder.ts";
import { openBoard } from "./board.ts";
import { LAMP_MS, pressKey, seen, vote } from "./citizen.ts";
import { check } from "./report.ts";
import { setSynchronized, setWallClock } from "./time.ts";
import { startTotem } from "./totem.ts";
import { SERIAL_LINK, usbScanner } from "./usb-scanner.ts";

const YEAR_MS = 365 * DAY_MS;
const HOLD_MS = 60;
/** The firmware looks at whether the clock was set every 5 s, and tells every 10 s. */
const NOTICED_MS = 20_000;
const SEALED_MS = 40_000;

const board = openBoard();
const scanner = usbScanner();
await scanner.plug();
// The gateway's clock is elsewhere and right: a receipt it signed in the middle of a jump would set the totem's time by it.
const bootedMs = Date.now() - performance.now();
const gateway = await startKillsGateway(
  "/run/data",
  [LAB_TOTEM],
  () => Math.floor(bootedMs + performance.now()),
  0,
);
const totem = await startTotem({
  env: {
    ...gateway.environment(LAB_TOTEM),
    FACCINE_SCANNER_PATH: SERIAL_LINK,
    FACCINE_VOICE_ON: "false",
    FACCINE_SESSION_THANKS_MS: "3000",
    FACCINE_SESSION_REASON_MS: "20000",
  },
});
await totem.hasSettings();
let voted = 0;

check("before any clock is set, a ticket is taken", await votes(gateway.newTicket().code));
const ticketOfToday = gateway.newTicket().code;
for (const [name, jumpMs] of [
  ["a year ahead", YEAR_MS],
  ["a year back", -YEAR_MS],
] as const) {
  scanner.sendSerial(gateway.newTicket().code);
  const accepted = (await seen(board, "choose", LAMP_MS)) !== null;
  setWallClock(Date.now() + jumpMs);
  await pause(1_000);
  await pressKey(board, "green", HOLD_MS);
  const thanked = (await seen(board, "thankYou", LAMP_MS)) !== null;
  if (accepted && thanked) voted += 1;
  check(
    `the clock jumps ${name} while a face is awaited: the vote is thanked for`,
    accepted && thanked,
    accepted ? "not thanked for" : "the ticket was not accepted",
  );
  setWallClock(Date.now() - jumpMs);
  await pause(SEALED_MS);
}
setSynchronized(true);
await pause(NOTICED_MS);
check("with the clock set, a ticket of now is taken", await votes(gateway.newTicket().code));
await pause(SEALED_MS);
setWallClock(Date.now() + YEAR_MS);
scanner.sendSerial(ticketOfToday);
check("with a set clock a year later, it has expired", (await seen(board, "notAccepted", LAMP_MS)) !== null);
setWallClock(Date.now() - 2 * YEAR_MS);
await pause(SEALED_MS);
scanner.sendSerial(ticketOfToday);
check(
  "with a set clock a year early, it is not yet good",
  (await seen(board, "notAccepted", LAMP_MS)) !== null,
);
setWallClock(Date.now() + YEAR_MS);
await pause(SEALED_MS);
check("the right time again: the same ticket is taken", await votes(ticketOfToday));
await pause(SEALED_MS);
await gateway.settled();
const held = gateway.votes();
check("every vote thanked for has arrived", held.length === voted, `${held.length} of ${voted}`);
const problems = await gateway.problems();
check("the sums hold", problems.length === 0, problems.join("; "));
await totem.stop();
await gateway.close();

async function votes(code: string): Promise<boolean> {
  const isThanked = (await vote(board, () => scanner.sendSerial(code), "green")) === null;
  if (isThanked) voted += 1;
  return isThanked;
}

/**
 * The guest machine's clock and what says that it can be believed, as NTP would set them.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";

const TIMESYNC = "/run/systemd/timesync";
const MARK = `${TIMESYNC}/synchronized`;

/** Says that NTP has set the clock, or takes it back. */
export function setSynchronized(synchronized: boolean): void {
  mkdirSync(TIMESYNC, { recursive: true });
  if (synchronized) writeFileSync(MARK, "");
  else rmSync(MARK, { force: true });
}

/** Sets the wall clock; the monotonic clock does not move with it. */
export function setWallClock(ms: number): void {
  const { status, stderr } = spawnSync("date", ["--utc", `--set=@${(ms / 1_000).toFixed(3)}`], {
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`date: ${stderr}`);
}

/**
 * Installs what the lab needs from Debian's packages, and says so. Refuses to do it behind anybody's back: without root it
 * only names the command.
 */
import { spawnSync } from "node:child_process";

/** @throws with the command to type when the packages are missing and this user may not install them. */
export function installPackages(packages: readonly string[], say: (line: string) => void): void {
  const missing = packages.filter((name) => !isInstalled(name));
  if (missing.length === 0) return;
  const command = ["apt-get", "install", "--yes", "--quiet=2", "--no-install-recommends", ...missing];
  if (process.getuid?.() !== 0) {
    throw new Error(`the lab needs packages of Debian's: run \`sudo ${command.join(" ")}\` and start again`);
  }
  say(`installing from Debian's packages: ${missing.join(" ")}`);
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  const run = (args: readonly string[]) => spawnSync(args[0] ?? "", args.slice(1), { env, encoding: "utf8" });
  // A fresh system has no package lists, an old one has stale ones: both are mended by an update.
  if (run(command).status === 0) return;
  run(["apt-get", "update", "--quiet=2"]);
  const again = run(command);
  if (again.status !== 0) throw new Error(`${command.join(" ")} failed: ${again.stderr.trim()}`);
}

function isInstalled(name: string): boolean {
  const { stdout } = spawnSync("dpkg-query", ["--status", name], { encoding: "utf8" });
  return /^Status: install ok installed$/m.test(stdout ?? "");
}

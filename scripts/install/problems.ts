/**
 * Why nothing can be installed, said before anything is touched: what is wrong, and what to do about it. Pure.
 */
import type { Facts } from "./facts.ts";

/** Empty when all is well. */
export function whyNotInstallable(facts: Facts): readonly string[] {
  return [...machineProblems(facts), ...sourceProblems(facts), ...dataProblems(facts)];
}

/** What also an uninstallation needs. */
export function machineProblems({ machine, live }: Facts): readonly string[] {
  const { platform, architecture, isRoot, hasSystemd, hasUsers } = machine;
  if (platform !== "linux") return [`this is ${platform}: a totem and a gateway are Linux machines`];
  return [
    ...(live && !isRoot ? ["it changes the system: run it as root (sudo faccine install)"] : []),
    ...(live && !hasSystemd
      ? ["systemd is not running here: it starts, watches and confines the program"]
      : []),
    ...(hasUsers ? [] : ["there is no etc/passwd: this is not the root of a system"]),
    ...(architecture === "unknown"
      ? ["it is no 64-bit system for arm64 or x64: Node 24 has no other one"]
      : []),
  ];
}

function sourceProblems({ source, machine, tools, userReady }: Facts): readonly string[] {
  return [
    ...(source.problem === null ? [] : [source.problem]),
    ...(source.architecture !== machine.architecture && machine.architecture !== "unknown"
      ? [
          `the packages in ${source.folder} are for ${source.architecture}, the machine is ${machine.architecture}: ` +
            `run \`npm ci --omit=dev --cpu=${machine.architecture}\` there first`,
        ]
      : []),
    ...(tools.sysusers || userReady ? [] : ["systemd-sysusers is missing: apt install systemd"]),
  ];
}

function dataProblems({ mount, role }: Facts): readonly string[] {
  if (mount === null) return [];
  if (!mount.persistent) {
    return [
      `${role.dataDir} would lie on ${mount.fileSystem}, which forgets everything at a power cut: mount a disk there, ` +
        "or keep overlayroot off it (overlayroot=tmpfs:recurse=0)",
    ];
  }
  return mount.readOnly ? [`${role.dataDir} lies on a file system that cannot be written: mount it rw`] : [];
}

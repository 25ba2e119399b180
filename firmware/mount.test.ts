import { describe, expect, it } from "vitest";
import { mountOf } from "./mount.ts";

/** A Raspberry Pi as proc(5) lists it: a read-only root, data on a partition of its own, memory here and there. */
const MACHINE = [
  "21 1 179:2 / / ro,noatime shared:1 - ext4 /dev/root ro",
  "22 21 0:5 / /dev rw,nosuid - devtmpfs udev rw,size=189k",
  "30 21 0:25 / /run rw,nosuid,nodev - tmpfs tmpfs rw,size=90k",
  "31 21 179:3 / /data rw,noatime shared:9 master:2 - ext4 /dev/mmcblk0p3 rw",
  "32 31 0:26 / /data/volatile rw - tmpfs tmpfs rw",
  "33 21 179:4 / /srv/two\\040words rw - ext4 /dev/mmcblk0p4 rw",
  "34 21 179:5 / /srv/back\\134slash rw - xfs /dev/mmcblk0p5 rw",
  "35 21 179:6 / /mnt/worn rw - ext4 /dev/mmcblk0p6 ro",
].join("\n");

/** The same machine with overlayroot, which covers every partition with memory without a word. */
const OVERLAID = `${MACHINE}\n40 31 0:30 / /data rw - overlay overlay rw,lowerdir=/media/root-ro/data,upperdir=/run/up`;

describe("the mount of a path", () => {
  it.each([
    ["/data", { fileSystem: "ext4", persistent: true, readOnly: false }],
    ["/data/faccine", { fileSystem: "ext4", persistent: true, readOnly: false }],
    ["/database", { fileSystem: "ext4", persistent: true, readOnly: true }],
    ["/data/volatile/faccine", { fileSystem: "tmpfs", persistent: false, readOnly: false }],
    ["/run/faccine", { fileSystem: "tmpfs", persistent: false, readOnly: false }],
    ["/dev/shm", { fileSystem: "devtmpfs", persistent: false, readOnly: false }],
    ["/srv/two words/faccine", { fileSystem: "ext4", persistent: true, readOnly: false }],
    ["/srv/back\\slash/faccine", { fileSystem: "xfs", persistent: true, readOnly: false }],
    ["/etc", { fileSystem: "ext4", persistent: true, readOnly: true }],
  ] as const)("%s", (path, mount) => {
    expect(mountOf(MACHINE, path)).toEqual(mount);
  });

  it("is read-only when the file system is, though it was mounted to be written", () => {
    expect(mountOf(MACHINE, "/mnt/worn/faccine").readOnly).toBe(true);
  });

  it("is the last one at a point: an overlay covers the disk below it", () => {
    expect(mountOf(OVERLAID, "/data/faccine")).toMatchObject({ fileSystem: "overlay", persistent: false });
  });

  it("is believed to be volatile when nothing is known about it", () => {
    const unknown = { fileSystem: "unknown", persistent: false, readOnly: false };
    expect(mountOf("", "/data")).toEqual(unknown);
    expect(mountOf("21 1 179:2 / / ro\nnot a mount at all - \n", "/data")).toEqual(unknown);
  });
});

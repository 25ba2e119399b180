/**
 * Where the data folder really lies: on a disk that survives a power cut, or on memory dressed up as one (overlayroot
 * makes every partition volatile without a word). Pure: the kernel's own list of mounts is passed in.
 */

export type Mount = { readonly fileSystem: string; readonly persistent: boolean; readonly readOnly: boolean };

/** File systems that are gone after a power cut. */
const VOLATILE = new Set(["tmpfs", "ramfs", "overlay", "squashfs", "devtmpfs"]);

/**
 * The mount a path is on.
 * @param mountInfo the text of /proc/self/mountinfo (format: proc(5)).
 * @param path absolute and without links.
 */
export function mountOf(mountInfo: string, path: string): Mount {
  let best = { point: "", fileSystem: "unknown", readOnly: false };
  for (const line of mountInfo.split("\n")) {
    const [left, right] = line.split(" - ");
    const fields = left?.split(" ") ?? [];
    const [fileSystem, , superOptions] = right?.split(" ") ?? [];
    const point = unescapeOctal(fields[4] ?? "");
    const options = [...(fields[5]?.split(",") ?? []), ...(superOptions?.split(",") ?? [])];
    if (fileSystem === undefined || point === "" || !isUnder(path, point)) continue;
    // Later lines cover earlier ones at the same point.
    if (point.length >= best.point.length) best = { point, fileSystem, readOnly: options.includes("ro") };
  }
  const { fileSystem, readOnly } = best;
  return { fileSystem, persistent: best.point !== "" && !VOLATILE.has(fileSystem), readOnly };
}

/** Mount points below one of `roots` that can be written, the oldest first. */
export function writableMountsUnder(mountInfo: string, roots: readonly string[]): readonly string[] {
  const points = mountInfo.split("\n").flatMap((line) => {
    const [left, right] = line.split(" - ");
    const fields = left?.split(" ") ?? [];
    const point = unescapeOctal(fields[4] ?? "");
    const options = [...(fields[5]?.split(",") ?? []), ...(right?.split(" ")[2]?.split(",") ?? [])];
    const isBelow = roots.some((root) => point !== root && isUnder(point, root));
    return isBelow && !options.includes("ro") ? [point] : [];
  });
  return [...new Set(points)];
}

function isUnder(path: string, point: string): boolean {
  return point === "/" || path === point || path.startsWith(`${point}/`);
}

/** proc(5) writes blanks in paths as \040. */
function unescapeOctal(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
}

/**
 * One step of an installation for each kind of thing that is put in place. Pure. What somebody else put there stays and
 * is named: only what is absent, or was written by an earlier run, is written.
 */
import { createHash } from "node:crypto";
import type { Change, Facts, Step } from "./facts.ts";

export const sha256 = (content: Buffer | string): string =>
  createHash("sha256").update(content).digest("hex");

export type WantedFile = {
  readonly path: string;
  readonly content: Buffer;
  readonly mode: number;
  readonly group?: string;
  readonly why: string;
};

export function toDo(what: string, why: string, changes: readonly Change[]): Step {
  return { what, why, state: "to do", changes };
}

export function nothingToDo(what: string, why: string): Step {
  return { what, why, state: "nothing to do", changes: [] };
}

export function skipped(what: string, why: string): Step {
  return { what, why, state: "skipped", changes: [] };
}

export function kept(what: string, why: string): Step {
  return { what, why, state: "kept", changes: [] };
}

/** A file of ours. */
export function fileStep(facts: Facts, file: WantedFile): Step {
  const { path, content, mode, why } = file;
  const present = facts.present(path);
  const wanted = sha256(content);
  const write = toDo(path, why, [{ type: "file", path, content, mode, group: file.group ?? "root" }]);
  if (present.kind === "absent") return write;
  if (present.kind !== "file") return kept(path, `a ${present.kind} is there that is not ours`);
  if (present.sha256 === wanted) return present.mode === mode ? nothingToDo(path, why) : write;
  if (present.sha256 === facts.manifest.files[path]) return write;
  return kept(
    path,
    "it was not written by faccine install, or was changed since: move it away and run this again",
  );
}

/** A link of ours. */
export function linkStep(facts: Facts, link: { path: string; target: string; why: string }): Step {
  const { path, target, why } = link;
  const present = facts.present(path);
  const what = `${path} -> ${target}`;
  const write = toDo(what, why, [{ type: "link", path, target }]);
  if (present.kind === "absent") return write;
  if (present.kind !== "link") return kept(path, `a ${present.kind} is there that is not ours`);
  if (present.target === target) return nothingToDo(what, why);
  if (present.target === facts.manifest.links[path]) return write;
  return kept(path, `it leads to ${present.target}: remove it and run this again`);
}

/** A folder that may be there already, whoever made it. */
export function folderStep(
  facts: Facts,
  folder: { path: string; mode: number; owner: string; why: string },
): Step {
  const { path, mode, owner, why } = folder;
  const present = facts.present(path);
  if (present.kind === "folder") return nothingToDo(path, why);
  if (present.kind !== "absent") return kept(path, `a ${present.kind} is there that is not ours`);
  return toDo(path, why, [{ type: "folder", path, mode, owner }]);
}

/** What an earlier run wrote and this one does not: taken away if it still is as it was written. */
export function staleSteps(facts: Facts, wanted: ReadonlySet<string>, why: string): readonly Step[] {
  const { files, links } = facts.manifest;
  const staleFiles = Object.entries(files).filter(([path]) => !wanted.has(path));
  const staleLinks = Object.entries(links).filter(([path]) => !wanted.has(path));
  return [
    ...staleFiles.map(([path, hash]) => {
      const present = facts.present(path);
      if (present.kind === "absent") return nothingToDo(path, why);
      if (present.kind === "file" && present.sha256 === hash) {
        return toDo(`remove ${path}`, why, [{ type: "remove", path }]);
      }
      return kept(path, "it was changed since it was installed");
    }),
    ...staleLinks.map(([path, target]) => {
      const present = facts.present(path);
      if (present.kind === "absent") return nothingToDo(path, why);
      if (present.kind === "link" && present.target === target) {
        return toDo(`remove ${path}`, why, [{ type: "remove", path }]);
      }
      return kept(path, "it was changed since it was installed");
    }),
  ];
}

/** Files of the image open with a comment on what they are for: its first sentence. */
export function firstSentence(content: Buffer): string {
  const lines = content.toString().split("\n");
  const end = lines.findIndex((line) => !line.startsWith("#"));
  const comment = lines
    .slice(0, end)
    .map((line) => line.replace(/^#\s?/, ""))
    .join(" ");
  return /^.*?[.:](?=\s|$)/.exec(comment)?.[0].slice(0, -1) ?? comment;
}

/** A file that is somebody else's keeps its mode. */
export function modeOf(facts: Facts, path: string): number {
  const present = facts.present(path);
  return present.kind === "file" ? present.mode : 0o644;
}

/** True when a file with exactly this text lies there. */
export function sameAs(facts: Facts, path: string, text: string): boolean {
  const present = facts.present(path);
  return present.kind === "file" && present.sha256 === sha256(text);
}

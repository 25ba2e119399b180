/**
 * What is known about a machine and about what shall be installed on it, before anything is done. Only types: plan.ts
 * decides from them, gather-facts.ts finds them out.
 */
import type { Mount } from "#firmware/mount.ts";
import type { Role } from "./roles.ts";

/** What lies at a path now. */
export type Present =
  | { readonly kind: "absent" }
  | { readonly kind: "file"; readonly sha256: string; readonly mode: number }
  | { readonly kind: "link"; readonly target: string }
  | { readonly kind: "folder" }
  | { readonly kind: "other" };

export type ImageFile = { readonly path: string; readonly content: Buffer; readonly mode: number };

/** What an earlier run wrote. */
export type Manifest = {
  /** Path to SHA-256 of what was written. */
  readonly files: Readonly<Record<string, string>>;
  readonly links: Readonly<Record<string, string>>;
  /** Folders that were not there before, outermost first. */
  readonly folders: readonly string[];
  /** The release that `current` named before this one: the way back. */
  readonly previous: string | null;
};

export const NOTHING_INSTALLED: Manifest = { files: {}, links: {}, folders: [], previous: null };

export type Architecture = "arm64" | "x64" | "unknown";

export type Facts = {
  readonly role: Role;
  /** True for this running machine; false for a root file system in a folder. */
  readonly live: boolean;
  readonly machine: {
    readonly platform: string;
    readonly isRoot: boolean;
    /** systemd is process 1. */
    readonly hasSystemd: boolean;
    /** The model as the device tree says it, or null. */
    readonly board: string | null;
    /** What the machine's own programs are made for. */
    readonly architecture: Architecture;
    /** False when there is no list of users: that is no root file system. */
    readonly hasUsers: boolean;
  };
  readonly source: {
    readonly folder: string;
    /** The release's name: version and digest of its content. */
    readonly release: string;
    /** What its Node is made for. */
    readonly architecture: Architecture;
    /** Why it cannot be copied as it is, or null. */
    readonly problem: string | null;
    readonly hasVoice: boolean;
  };
  readonly image: readonly ImageFile[];
  readonly present: (path: string) => Present;
  readonly manifest: Manifest;
  /** Another role is installed too: what both use stays. */
  readonly otherRole: boolean;
  /** Releases in the application's folder. */
  readonly releases: readonly string[];
  readonly userReady: boolean;
  /** What the data folder lies on; null when it is another machine's and cannot be asked. */
  readonly mount: Mount | null;
  readonly boot: {
    /** The boot partition's folder and its config.txt; null where there is none. */
    readonly folder: string;
    readonly config: string;
  } | null;
  /** Device-tree overlays; `compiled` is null where there is no compiler. */
  readonly overlays: readonly { readonly name: string; readonly compiled: Buffer | null }[];
  /** Keys are wired as a matrix: the settings in force say so. */
  readonly hasMatrixKeypad: boolean;
  readonly tools: { readonly sysusers: boolean; readonly espeak: boolean };
  /** The settings file to put in place instead of the first one. */
  readonly givenSettings: string | null;
};

/** One thing done to the machine. Paths are the machine's own. */
export type Change =
  | { readonly type: "users" }
  | { readonly type: "folder"; readonly path: string; readonly mode: number; readonly owner: string }
  | { readonly type: "application"; readonly release: string }
  | {
      readonly type: "file";
      readonly path: string;
      readonly content: Buffer;
      readonly mode: number;
      readonly group: string;
    }
  | { readonly type: "link"; readonly path: string; readonly target: string }
  | { readonly type: "remove"; readonly path: string }
  | { readonly type: "remove-empty"; readonly path: string }
  | { readonly type: "run"; readonly command: readonly string[]; readonly mayFail: boolean };

/** `kept`: something of somebody else's is in the way, and stays. `skipped`: cannot be done here, or need not. */
export type StepState = "to do" | "nothing to do" | "kept" | "skipped";

export type Step = {
  readonly what: string;
  readonly why: string;
  readonly state: StepState;
  readonly changes: readonly Change[];
};

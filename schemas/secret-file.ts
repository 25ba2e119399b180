/**
 * Files of secrets: readable by their owner only, written whole or not at all, and what they held before overwritten.
 */
import {
  closeSync,
  existsSync,
  fchmodSync,
  fstatSync,
  fsyncSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { dirname } from "node:path";

/** Read and written by the program's own user and nobody else. */
const OWNER_ONLY = 0o600;

/**
 * Writes a whole file or nothing: a power cut leaves the old one. Once it returns, the new one is on the disk, and the bytes of
 * the old one are zeros there. What a flash card has copied to other cells of its own accord is out of any program's reach.
 */
export function writeSecret(path: string, content: string): void {
  const folder = dirname(path);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const fresh = `${path}.new`;
  // One left by a power cut may hold what was to be destroyed since.
  if (existsSync(fresh)) onDisk(fresh, "r+", wipe);
  onDisk(fresh, "w", (file) => {
    // It also keeps the rights it was made with.
    fchmodSync(file, OWNER_ONLY);
    writeFileSync(file, content);
  });
  const old = existsSync(path) ? openSync(path, "r+") : null;
  try {
    renameSync(fresh, path);
    onDisk(folder, "r", () => undefined);
    if (old !== null) {
      wipe(old);
      fsyncSync(old);
    }
  } finally {
    if (old !== null) closeSync(old);
  }
}

/** Overwrites a file that held what nobody may read, and takes it away. */
export function destroyFile(path: string): void {
  onDisk(path, "r+", wipe);
  rmSync(path);
}

/** Zeros in one bite: a database may be larger than memory. */
const BITE_BYTES = 1_048_576;

function wipe(file: number): void {
  const { size } = fstatSync(file);
  const zeros = Buffer.alloc(Math.min(size, BITE_BYTES));
  for (let at = 0; at < size; at += BITE_BYTES)
    writeSync(file, zeros, 0, Math.min(BITE_BYTES, size - at), at);
}

function onDisk(path: string, flags: "w" | "r" | "r+", work: (file: number) => void): void {
  const file = openSync(path, flags, OWNER_ONLY);
  try {
    work(file);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

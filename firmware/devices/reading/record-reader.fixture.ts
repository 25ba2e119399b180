/**
 * Real pipes for the reader's tests: a FIFO in a folder of its own, opened at both ends.
 */
import { execFileSync } from "node:child_process";
import { closeSync, constants, mkdtempSync, openSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export type Fifo = {
  /** The end that a reader takes over. */
  readonly readFd: number;
  readonly writeFd: number;
  readonly path: string;
  /** Ends the file for whoever reads it. */
  readonly closeWriter: () => void;
  readonly remove: () => void;
};

export function makeFifo(): Fifo {
  const folder = mkdtempSync(join(tmpdir(), "faccine-reader-"));
  const path = join(folder, "fifo");
  execFileSync("mkfifo", [path]);
  // The reader's end first and without waiting, as each end waits for the other.
  const readFd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  const writeFd = openSync(path, constants.O_WRONLY);
  let isOpen = true;
  const closeWriter = () => {
    if (isOpen) closeSync(writeFd);
    isOpen = false;
  };
  return {
    readFd,
    writeFd,
    path,
    closeWriter,
    remove: () => {
      closeWriter();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/**
 * What a backup of the gateway says of itself, in the file `backup.json` of its folder.
 */
import { calendarDay, utcMs } from "./entry-time.ts";
import { hex, integer, list, nullable, type Of, pattern, record, shape } from "./shape.ts";

/** The database, the gateway's key and two keys of each office. */
const FILES_MAX = 10_000;

export const BACKUP = shape(
  "backup",
  record({
    madeMs: utcMs(),
    closedThrough: nullable(calendarDay()),
    files: list(
      record({
        // In this folder or in its `keys`; nothing that leads elsewhere.
        name: pattern(
          "^(keys/[A-Za-z0-9][A-Za-z0-9._-]{0,94}|[A-Za-z0-9][A-Za-z0-9._-]{0,99})$",
          100,
          "the name of a file of the backup",
        ),
        bytes: integer(0, Number.MAX_SAFE_INTEGER),
        sha256: hex(32),
      }),
      FILES_MAX,
      1,
    ),
  }),
);
export type Backup = Of<typeof BACKUP>;

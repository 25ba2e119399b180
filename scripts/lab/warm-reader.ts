/**
 * Started by warm-up.ts: runs one reader's thread to its end, so that what it loads is in the compile cache.
 */
import { openSync } from "node:fs";
import { readRecords } from "#firmware/devices/reading/record-reader.ts";

await new Promise((resolve) => {
  readRecords({ fd: openSync("/dev/null", "r"), recordBytes: 1, onRecords: () => undefined, onEnd: resolve });
});

/**
 * A fault planted on purpose: preloaded into the firmware, it makes SQLite not wait for the disk, and answer as if it did.
 * Whoever cuts the power must find the votes that are lost by it.
 */
import Database from "better-sqlite3";

const pragma = Database.prototype.pragma;
Database.prototype.pragma = function (source: string, options?: Database.PragmaOptions): unknown {
  if (/^synchronous\s*=/i.test(source)) return pragma.call(this, "synchronous = OFF", options);
  // 2 is FULL: what the journal reads back before it promises anything.
  if (/^synchronous$/i.test(source)) return options?.simple === true ? 2 : [{ synchronous: 2 }];
  return pragma.call(this, source, options);
};

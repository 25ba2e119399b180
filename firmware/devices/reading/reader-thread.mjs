/**
 * Where a reader's thread begins. Plain JavaScript: a thread does not fill Node's compile cache by itself, and without it
 * Node loads a compiler of 20 MB for the first TypeScript file it meets.
 */
import { enableCompileCache } from "node:module";

const cache = process.env["NODE_COMPILE_CACHE"];
if (cache) enableCompileCache(cache);
await import("./reader-worker.ts");

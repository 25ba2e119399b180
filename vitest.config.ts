import { defineConfig } from "vitest/config";

/** Tests stand beside the code; those that see both programs stand in scripts/. */
export default defineConfig({
  test: {
    include: ["{schemas,firmware,gateway,hardware,scripts}/**/*.test.ts"],
    // Processes, not threads: a test that kills, exhausts or blocks its process must not take others along.
    pool: "forks",
    // As many files at once as there are processors: by itself it leaves one of two idle. Most tests wait more than they compute.
    maxWorkers: "100%",
    // The machine is shared and noisy; a hanging test still ends.
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});

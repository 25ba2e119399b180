import { defineConfig } from "vitest/config";

/** Tests stand beside the code; those that see both programs stand in scripts/. */
export default defineConfig({
  test: {
    include: ["{schemas,firmware,gateway,hardware,scripts}/**/*.test.ts"],
    // Processes, not threads: a test that kills, exhausts or blocks its process must not take others along.
    pool: "forks",
    // The machine is shared and noisy; a hanging test still ends.
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});

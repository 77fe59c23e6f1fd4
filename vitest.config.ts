import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    testTimeout: 60_000,
    // Networks over whole volumes need the memory and both cores to themselves.
    maxWorkers: 2,
  },
});

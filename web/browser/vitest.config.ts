import { defineConfig } from 'vitest/config'

// One program and one browser for all; each test makes the conversations that it needs.
export default defineConfig({
  test: {
    root: import.meta.dirname,
    include: ['*.test.ts'],
    globalSetup: ['./program.ts'],
    fileParallelism: false,
    isolate: false,
    // A busy machine is slow: these only end what hangs.
    expect: { poll: { timeout: 40_000 } },
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
})

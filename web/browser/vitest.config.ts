import { defineConfig } from 'vitest/config'
import { LongestFirst } from './order'
import { WORKERS } from './workers'

// A program for each worker and one browser for all; each test makes the conversations that it needs.
export default defineConfig({
  test: {
    root: import.meta.dirname,
    include: ['*.test.ts'],
    globalSetup: ['./program.ts'],
    maxWorkers: WORKERS,
    sequence: { sequencer: LongestFirst },
    isolate: false,
    // A busy machine is slow: these only end what hangs.
    expect: { poll: { timeout: 40_000 } },
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
})

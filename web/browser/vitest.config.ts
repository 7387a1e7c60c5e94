import { basename } from 'node:path'
import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

// What takes longest begins first, so that no worker is left alone with it at the end. Others follow as they come.
const LONGEST = ['typed', 'shown', 'signIn', 'wallMemory', 'flood', 'typedChat', 'scrolled']

/** The order of files for workers that take one after the other. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return files.toSorted((a, b) => rank(a) - rank(b))
  }
}

function rank({ moduleId }: TestSpecification): number {
  const at = LONGEST.indexOf(basename(moduleId, '.test.ts'))
  return at < 0 ? LONGEST.length : at
}

// A program for each worker and one browser for all; each test makes the conversations that it needs.
export default defineConfig({
  test: {
    root: import.meta.dirname,
    include: ['*.test.ts'],
    globalSetup: ['./program.ts'],
    maxWorkers: 2,
    sequence: { sequencer: LongestFirst },
    isolate: false,
    // A busy machine is slow: these only end what hangs.
    expect: { poll: { timeout: 40_000 } },
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
})

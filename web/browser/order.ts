import { basename } from 'node:path'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

// What takes longest begins first, so that no worker is left alone with it at the end. Others follow as they come.
const LONGEST = ['typed', 'shown', 'signIn', 'wallMemory', 'flood', 'typedChat', 'scrolled']

/** The order of files for workers that take one after the other. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return files.toSorted((a, b) => rank(a) - rank(b))
  }
}

function rank({ moduleId }: TestSpecification): number {
  const at = LONGEST.indexOf(basename(moduleId, '.test.ts'))
  return at < 0 ? LONGEST.length : at
}

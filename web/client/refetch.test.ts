import { expect, test } from 'vitest'
import { Fault } from './faults.js'
import { Refetch } from './refetch.js'

function desk() {
  const log: string[] = []
  const answers: { resolve: (value: string) => void; reject: (error: Fault) => void }[] = []
  const refetch = new Refetch<string>((news) => log.push(`apply ${news}`), () => Promise.resolve())
  const run = () =>
    refetch.run(
      () => new Promise<string>((resolve, reject) => answers.push({ resolve, reject })),
      (answer) => log.push(`took ${answer}`),
      (fault) => log.push(`failed ${fault.code}`),
    )
  return { log, answers, refetch, run }
}
const settled = () => new Promise((resolve) => setTimeout(resolve))

test('what is told while a fetch is under way is applied to its answer', async () => {
  const { log, answers, refetch, run } = desk()
  const done = run()
  refetch.heard('1')
  answers[0]!.resolve('page')
  await done
  refetch.heard('2')
  expect(log).toEqual(['apply 1', 'took page', 'apply 1', 'apply 2'])
})
test('an overtaken answer is dropped', async () => {
  const { log, answers, run } = desk()
  const runs = [run(), run()]
  answers[1]!.resolve('new')
  answers[0]!.resolve('old')
  await Promise.all(runs)
  expect(log).toEqual(['took new'])
})
test('it asks again while the server is away', async () => {
  const { log, answers, run } = desk()
  const done = run()
  answers[0]!.reject(new Fault('away', 'NETWORK'))
  await settled()
  answers[1]!.resolve('page')
  await done
  expect(log).toEqual(['failed NETWORK', 'took page'])
})
test('it does not ask again for what is refused', async () => {
  const { log, answers, refetch, run } = desk()
  const done = run()
  answers[0]!.reject(new Fault('no', 'PERMISSION_DENIED'))
  await done
  expect(answers).toHaveLength(1)
  expect(log).toEqual(['failed PERMISSION_DENIED'])
  expect(refetch.running).toBe(false)
})
test('stopped, it takes nothing', async () => {
  const { log, answers, refetch, run } = desk()
  const done = run()
  refetch.stop()
  answers[0]!.resolve('page')
  await done
  expect(log).toEqual([])
})

import type { Page } from 'playwright-core'

/** Milliseconds of one way of the requests that pages are tried with: beside the server, in a city, and across an ocean. */
export const FAR = 400
export const LATENCIES = [0, 60, FAR] as const

/** Lets the requests of a page take so much longer. */
export async function slow(page: Page, latency: number): Promise<void> {
  const debug = await page.context().newCDPSession(page)
  await debug.send('Network.enable')
  await debug.send('Network.emulateNetworkConditions', { offline: false, latency, downloadThroughput: -1, uploadThroughput: -1 })
}

/** Lets requests of an operation through to the server and loses their answers, so many times. Counts them. */
export async function loseAnswers(page: Page, operation: string, times = Number.POSITIVE_INFINITY): Promise<{ lost: () => number; mend: () => Promise<void> }> {
  let lost = 0
  await page.route('**/graphql', async (route) => {
    if (lost >= times || !route.request().postData()?.includes(operation)) return route.fallback()
    lost++
    await route.fetch().catch(() => undefined) // the page may be gone
    await route.abort().catch(() => undefined)
  })
  return { lost: () => lost, mend: () => page.unroute('**/graphql') }
}

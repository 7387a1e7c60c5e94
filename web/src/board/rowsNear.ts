const HEIGHT = 76 // pixels of a row before any was measured
const AROUND = 8 // rows above and below what can be seen
const MOST = 5000 // heights that are kept: of more than these, all are measured again as they are drawn

/** How high rows are. One that was never drawn is as high as those that were, on average. */
export class Heights {
  readonly #known = new Map<string, number>()
  #sum = 0

  /** Keeps the height of a row. Returns whether it is another one than was thought. */
  set(key: string, height: number): boolean {
    const before = this.#known.get(key)
    if (before === height) return false
    if (this.#known.size >= MOST) this.#forget()
    this.#sum += height - (this.#known.get(key) ?? 0)
    this.#known.set(key, height)
    return true
  }

  /** Where each of some rows begins, and behind them where the last one ends. */
  tops(keys: readonly string[]): number[] {
    const usual = this.#known.size > 0 ? this.#sum / this.#known.size : HEIGHT
    const tops = [0]
    for (const key of keys) tops.push(tops.at(-1)! + (this.#known.get(key) ?? usual))
    return tops
  }

  #forget() {
    this.#known.clear()
    this.#sum = 0
  }
}

/** The rows to draw, from begin to before end: those that can be seen where a scroller stands, and some around them. */
export function rowsNear(tops: readonly number[], scrolled: number, height: number): { begin: number; end: number } {
  const count = tops.length - 1
  return { begin: Math.max(0, rowAt(tops, scrolled) - AROUND), end: Math.min(count, rowAt(tops, scrolled + height) + 1 + AROUND) }
}

/** The first row that ends below a place, or the last one. */
function rowAt(tops: readonly number[], place: number): number {
  let [low, high] = [0, Math.max(0, tops.length - 2)]
  while (low < high) {
    const middle = (low + high) >> 1
    if (tops[middle + 1]! > place) high = middle
    else low = middle + 1
  }
  return low
}

/** The pages that one can sign in on. */
const PAGES: Record<string, string> = { board: '/', wall: '/wall', playground: '/playground' }

/** The page of a name in a link; the board for any other. */
export const pageNamed = (name: string | null): string => (name !== null && Object.hasOwn(PAGES, name) && PAGES[name]) || '/'

/** Where to go on after a sign-in: a page of ours with what stood behind it, and nowhere else. */
export function safeReturn(to: string | null | undefined, origin = window.location.origin): string {
  try {
    const { origin: asked, pathname, search, hash } = new URL(to ?? '/', origin)
    return asked === origin && Object.values(PAGES).includes(pathname) ? pathname + search + hash : '/'
  } catch {
    return '/'
  }
}

/** Where the provider, and a login link, bring people. */
export const CALLBACK = '/signed-in'

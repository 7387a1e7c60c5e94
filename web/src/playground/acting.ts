import type { Config } from '../config'
import { account } from '../signin/account'
import { freshToken } from '../signin/fresh'
import { authorized, headersIn } from './headers'

type Headers = Record<string, unknown>

/** Whose token goes with a request: that of the headers editor, or else the account's of all windows, which is renewed. */
export interface Acting {
  /** The headers of a text in the headers editor. */
  headers: (text: string) => Promise<Record<string, string>>
  /** The same, of headers that are read already. */
  complete: (headers: Headers, refused?: string) => Promise<Headers>
}

export function actingOf(config: Config): Acting {
  async function complete(headers: Headers, refused?: string): Promise<Headers> {
    const shared = account()
    if (authorized(headers) || !shared) return headers
    return { ...headers, Authorization: `Bearer ${await freshToken(config, shared.id, refused)}` }
  }
  return { complete, headers: async (text) => (await complete(headersIn(text))) as Record<string, string> }
}

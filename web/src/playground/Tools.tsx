import { pick, useGraphiQL } from '@graphiql/react'
import { useState } from 'react'
import type { Acting } from './acting'
import { filled, IDS_QUERY, idsIn } from './ids'
import { shareLink } from './share'

/** What one presses beside the editor: fill ids in, and copy a link. */
export function Tools({ endpoint, acting }: { endpoint: string; acting: Acting }) {
  const { queryEditor, variableEditor, headerEditor } = useGraphiQL(pick('queryEditor', 'variableEditor', 'headerEditor'))
  const [said, setSaid] = useState<string | null>(null)

  async function fill() {
    setSaid('Looking for ids…')
    try {
      const headers = await acting.headers(headerEditor?.getValue() ?? '')
      const response = await fetch(endpoint, { method: 'POST', headers: { ...headers, 'content-type': 'application/json' }, body: JSON.stringify({ query: IDS_QUERY }) })
      const { data, errors } = (await response.json()) as { data?: Record<string, unknown>; errors?: { message: string }[] }
      if (!data) return setSaid(errors?.[0]?.message ?? `The server answered with ${response.status}.`)
      const { text, filled: count, missing } = filled(variableEditor?.getValue() ?? '', idsIn(data))
      if (count > 0) variableEditor?.setValue(text)
      setSaid(wordsFor(count, missing))
    } catch (error) {
      setSaid(`It did not work: ${(error as Error).message}`)
    }
  }

  async function share() {
    try {
      const link = shareLink({ query: queryEditor?.getValue() ?? '', variables: variableEditor?.getValue() ?? '' }, window.location.href)
      window.history.replaceState(null, '', link)
      await navigator.clipboard.writeText(link)
      setSaid('The link is copied. It holds the document and the variables, and no token.')
    } catch (error) {
      setSaid(error instanceof DOMException ? 'The link is in the address of this page: copy it from there.' : (error as Error).message)
    }
  }

  return (
    <div className="tools">
      <button type="button" className="graphiql-toolbar-button" onClick={() => void fill()}>
        Fill in ids
      </button>
      <button type="button" className="graphiql-toolbar-button" onClick={() => void share()}>
        Copy a link
      </button>
      <span role="status">{said}</span>
    </div>
  )
}

function wordsFor(count: number, missing: string[]): string {
  const done = count === 0 ? 'There is nothing to fill in.' : `${count} ${count === 1 ? 'id is' : 'ids are'} filled in.`
  return missing.length === 0 ? done : `${count === 0 ? '' : `${done} `}There is none for: ${missing.join('; ')}.`
}

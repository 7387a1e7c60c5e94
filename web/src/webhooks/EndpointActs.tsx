import { useState } from 'react'
import { DeleteWebhookDocument, type EndpointFragment, RotateWebhookSecretDocument, SetWebhookStateDocument, TestWebhookDocument, type WebhookState } from '../../client/index'
import { Button } from '../design/Button'
import { about, type Acts, type Outcome } from './acts'
import { DeleteDialog } from './DeleteDialog'
import { Wrong } from './Field'
import { go } from './place'
import { RotateDialog } from './RotateDialog'
import type { Shown } from './SecretDialog'

interface Props {
  endpoint: EndpointFragment
  acts: Acts
  onDone: (words: string) => void
  onSecret: (shown: Shown) => void
  onEdit: () => void
}

const TURNED: Partial<Record<WebhookState, string>> = {
  ACTIVE: 'It is on, and goes on behind what was delivered last.',
  PAUSED: 'It is paused, and loses nothing.',
  DISABLED: 'It is off.',
}

/** What can be done with an endpoint. */
export function EndpointActs({ endpoint: { id, name, state }, acts, onDone, onSecret, onEdit }: Props) {
  const [asking, setAsking] = useState<'rotate' | 'delete' | null>(null)
  const [wrong, setWrong] = useState<string | null>(null)
  const off = state === 'DISABLED' ? 'Turn it on first' : null
  const rests = state === 'PAUSED' || state === 'DISABLED'

  function took<Done>(outcome: Outcome<Done> | null, words: string): Done | null {
    setWrong(outcome?.refused ? about(outcome.refused, null) : null)
    if (outcome?.done && words) onDone(words)
    return outcome?.done ?? null
  }
  const turn = async (to: WebhookState) =>
    void took(await acts.run(`turn ${to}`, id, async (by) => (await by.execute(SetWebhookStateDocument, { id, state: to })).setWebhookState), TURNED[to] ?? '')
  const test = async () => void took(await acts.run('test', id, async (by) => (await by.execute(TestWebhookDocument, { id })).testWebhook), 'A test is on its way.')
  async function rotate(overlapSeconds: number) {
    const done = took(await acts.run('rotate', [id, overlapSeconds], async (by) => (await by.execute(RotateWebhookSecretDocument, { id, overlapSeconds })).rotateWebhookSecret), 'It has another secret.')
    setAsking(null)
    if (done) onSecret({ name, secret: done.secret })
  }
  async function remove() {
    const done = took(await acts.run('delete', id, async (by) => (await by.execute(DeleteWebhookDocument, { id })).deleteWebhook), '')
    setAsking(null)
    if (done) go(null)
  }

  return (
    <>
      <div className="hooks-acts" role="group" aria-label="What can be done">
        <Button look={rests ? 'primary' : 'plain'} busy={acts.busy?.startsWith('turn ') ?? false} onClick={() => void turn(rests ? 'ACTIVE' : 'PAUSED')}>
          {rests ? 'Turn on' : 'Pause'}
        </Button>
        <Button busy={acts.busy === 'test'} denied={off} onClick={() => void test()}>
          Send a test
        </Button>
        <Button onClick={onEdit}>Edit</Button>
        <Button busy={acts.busy === 'rotate'} onClick={() => setAsking('rotate')}>
          Rotate secret
        </Button>
        <Button busy={acts.busy === 'turn DISABLED'} denied={state === 'DISABLED' ? 'It is off' : null} onClick={() => void turn('DISABLED')}>
          Turn off
        </Button>
        <Button look="danger" busy={acts.busy === 'delete'} onClick={() => setAsking('delete')}>
          Delete
        </Button>
      </div>
      <Wrong text={wrong} />
      {asking === 'rotate' && <RotateDialog name={name} busy={acts.busy === 'rotate'} onRotate={(overlap) => void rotate(overlap)} onCancel={() => setAsking(null)} />}
      {asking === 'delete' && <DeleteDialog name={name} busy={acts.busy === 'delete'} onDelete={() => void remove()} onCancel={() => setAsking(null)} />}
    </>
  )
}

// Follows an inbox in the terminal, and takes over what it is told to:
//
//   npm run example -- http://127.0.0.1:8080/graphql TOKEN [ID-TO-TAKE-OVER]
//
// Cut the network while it runs: it comes back where it stopped, and says whether anything is lost.
import WebSocket from 'ws' // where there is none built in: Node before 22
import { AssignmentEventsDocument, connect, ConversationsDocument, InboxChangesDocument, type InboxView, TakeOverDocument } from '..'

const [url, token, target] = process.argv.slice(2)
if (!url || !token) throw new Error('usage: follow URL TOKEN [CONVERSATION-ID]')

const desk = connect({ url, token, webSocket: WebSocket })
const mine: InboxView = { list: 'MINE', statuses: ['OPEN', 'UNSET'] }

desk.state.subscribe(() => {
  const state = desk.state.get()
  const back = state.phase === 'online' && state.back
  console.log(`connection: ${state.phase}${back ? (back.gap ? ', something was missed' : ', nothing was missed') : ''}`)
})

// A list that stays right: fetch it with its place in the stream, then apply what comes behind that place.
async function fetchMine() {
  const { conversations } = await desk.execute(ConversationsDocument, { view: mine, first: 50 })
  console.log(`mine: ${conversations.nodes.length} conversations`)
  return conversations.liveCursor
}

desk.subscribe(InboxChangesDocument, { view: mine, after: await fetchMine() }, {
  next: ({ inboxChanges: { change, reason, conversation } }) => {
    if (change) console.log(`${change.toLowerCase()}: ${conversation?.subject ?? 'out of sight'}${reason ? ` (${reason})` : ''}`)
  },
  missed: () => void fetchMine(),
  ended: (fault) => console.log(`ended: ${fault?.message ?? 'by the server'}`),
})

// Every change of ownership in the workspace that one may see.
desk.subscribe(AssignmentEventsDocument, { after: desk.position() ?? null }, {
  next: ({ assignmentEvents: { node } }) => {
    if (node) console.log(`${node.conversation.subject}: ${node.from.assignee?.name ?? 'nobody'} -> ${node.to.assignee?.name ?? 'nobody'}`)
  },
})

if (target) {
  const { takeOverConversation: taken } = await desk.execute(TakeOverDocument, { input: { conversationId: target, message: 'I take it from here.' } })
  const [refusal] = taken.userErrors
  console.log(refusal ? `refused: ${refusal.message}` : `taken over: ${taken.conversation?.subject}`)
}

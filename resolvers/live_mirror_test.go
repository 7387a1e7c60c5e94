package resolvers_test

import (
	"fmt"
	"maps"
	mathrand "math/rand/v2"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/contacts"
	"switchboard/inbox/desk"
	"switchboard/inbox/workspace"
	"switchboard/resolvers"
)

const (
	mirrored    = `id version status lastActivityAt assignee { id } team { id }`
	fetchMirror = `query($view: InboxView, $first: Int) { conversations(view: $view, first: $first) { liveCursor pageInfo { hasNextPage } nodes { ` + mirrored + ` } } }`
	keepMirror  = `subscription($view: InboxView!, $after: Cursor) { inboxChanges(view: $view, after: $after) {
		cursor gap change conversationId conversation { ` + mirrored + ` }
	} }`
)

// mirror is a client that keeps a page right as docs/clients.md says.
type mirror struct {
	*stream
	client *client
	view   object
	first  int
	cursor any
	rows   []object
	more   bool
}

func (c *client) mirror(view object, first int) *mirror {
	m := &mirror{client: c, view: view, first: first}
	m.cursor = m.fetch()
	m.stream = c.connect().subscribe(keepMirror, vars{"view": view, "after": m.cursor})
	return m
}

// page asks for the first rows of the view.
func (m *mirror) page(first int) (rows []object, more bool, live any) {
	a := m.client.do(fetchMirror, vars{"view": m.view, "first": first})
	nodes, _ := a.at("conversations.nodes").([]any)
	for _, n := range nodes {
		o, _ := n.(object)
		rows = append(rows, o)
	}
	return rows, a.at("conversations.pageInfo.hasNextPage") == true, a.at("conversations.liveCursor")
}

func (m *mirror) fetch() (live any) {
	m.rows, m.more, live = m.page(m.first)
	return live
}

// apply takes the next item.
func (m *mirror) apply() {
	item := m.item()
	m.cursor = item["cursor"]
	if item["gap"] == true {
		m.fetch()
		return
	}
	end := len(m.rows) - 1
	var last object
	if end >= 0 {
		last = m.rows[end]
	}
	m.rows = slices.DeleteFunc(slices.Clone(m.rows), func(r object) bool { return r["id"] == item["conversationId"] })
	shown, _ := item["conversation"].(object)
	if item["change"] != "LEFT" && (!m.more || last != nil && newestFirst(shown, last) < 0) {
		m.rows = append(m.rows, shown)
		slices.SortFunc(m.rows, newestFirst)
	}
	if m.more && len(m.rows) == 0 {
		m.fetch()
	}
}

func newestFirst(a, b object) int { return active(b).Compare(active(a)) }

func active(r object) time.Time {
	text, _ := r["lastActivityAt"].(string)
	at, _ := time.Parse(time.RFC3339, text)
	return at
}

// catchUp applies items until the page is what a fetch of as many gives.
func (m *mirror) catchUp() {
	m.client.t.Helper()
	for !m.right() {
		m.apply()
	}
}

func (m *mirror) right() bool {
	want, more, _ := m.page(max(1, len(m.rows)))
	same := slices.EqualFunc(want, m.rows, func(a, b object) bool { return reflect.DeepEqual(a, b) })
	return same && (m.more || !more)
}

// drama is random people doing random things.
type drama struct {
	*space
	dice  *mathrand.Rand
	chats []inbox.ConversationID
	last  inbox.EventID
	done  map[string]int
}

func (d *drama) who() inbox.Principal {
	return d.principal(pick(d.dice, "owner", "manager", "senior", "agent1", "agent2", "sales1", "ai"))
}

func pick[T any](dice *mathrand.Rand, all ...T) T { return all[dice.IntN(len(all))] }

func (d *drama) owner() access.Owner {
	if d.dice.IntN(3) == 0 {
		return access.Owner{Team: d.team(pick(d.dice, "support", "sales"))}
	}
	return access.Owner{Member: d.member(pick(d.dice, "agent1", "agent2", "sales1", "manager", "away"))}
}

// act lets somebody do something, if they may.
func (d *drama) act() {
	d.t.Helper()
	d.ahead.Add(int64(2 * time.Millisecond)) // no two activities at the same time
	if len(d.chats) < 4 || d.dice.IntN(9) == 0 {
		d.begin()
		return
	}
	verbs := d.verbs(d.who(), desk.Request{Conversation: pick(d.dice, d.chats...)})
	name := pick(d.dice, slices.Sorted(maps.Keys(verbs))...)
	e, err := verbs[name]()
	require.NotEqual(d.t, inbox.Internal, inbox.CodeOf(err), "%s: %v", name, err)
	if err == nil {
		d.last = e.ID
		d.done[name]++
	}
}

func (d *drama) begin() {
	d.t.Helper()
	n := desk.NewConversation{Subject: pick(d.dice, "Late parcel", "Broken mug"), Channel: pick(d.dice, "web", "email"), Contact: contacts.NewContact{Name: "Vera", Email: pick(d.dice, "vera@example.test", "Other@example.test")}}
	var out desk.Outcome
	var err error
	if d.dice.IntN(2) == 0 {
		n.Agent = d.agent("ai")
		out, err = d.service.Intake.StartLivechat(d.t.Context(), d.principal("website"), n)
	} else {
		n.To = d.owner()
		out, err = d.service.Intake.CreateTicket(d.t.Context(), d.principal("owner"), n)
	}
	require.NoError(d.t, err)
	d.chats = append(d.chats, out.Conversation.ID)
}

// verbs are all that can be done to a conversation.
func (d *drama) verbs(p inbox.Principal, r desk.Request) map[string]func() (inbox.Event, error) {
	ctx, text := d.t.Context(), "Hello"
	told := func(out desk.Outcome, err error) (inbox.Event, error) { return out.Event, err }
	sent := func(out desk.Sent, err error) (inbox.Event, error) { return out.Event, err }
	say := desk.SendRequest{Conversation: r.Conversation, Body: text, Internal: d.dice.IntN(3) == 0}
	status := pick(d.dice, inbox.Open, inbox.Unset, inbox.Closed)
	return map[string]func() (inbox.Event, error){
		"claim":    func() (inbox.Event, error) { return told(d.service.Desk.Claim(ctx, p, r)) },
		"assign":   func() (inbox.Event, error) { return told(d.service.Desk.Assign(ctx, p, r, d.owner(), "")) },
		"unassign": func() (inbox.Event, error) { return told(d.service.Desk.Unassign(ctx, p, r)) },
		"leave":    func() (inbox.Event, error) { return told(d.service.Desk.Leave(ctx, p, r)) },
		"transfer": func() (inbox.Event, error) { return told(d.service.Desk.Transfer(ctx, p, r, d.owner(), "")) },
		"takeOver": func() (inbox.Event, error) { return told(d.service.Desk.TakeOver(ctx, p, r, &text, "")) },
		"undo":     func() (inbox.Event, error) { return told(d.service.Desk.Undo(ctx, p, d.last, "")) },
		"status":   func() (inbox.Event, error) { return told(d.service.Desk.SetStatus(ctx, p, r, status)) },
		"handOff": func() (inbox.Event, error) {
			return told(d.service.Desk.RequestHandoff(ctx, d.principal("ai"), r, desk.HandoffTarget{Team: d.team("support")}))
		},
		"ask": func() (inbox.Event, error) {
			c := d.stored(r.Conversation)
			return sent(d.service.Messages.Send(ctx, contactOf(c), desk.SendRequest{Conversation: c.ID, Body: text}))
		},
		"star": func() (inbox.Event, error) {
			_, err := d.service.Shelf.SetStar(ctx, p, r.Conversation, d.dice.IntN(3) > 0)
			return inbox.Event{ID: d.last}, err
		},
		"send":   func() (inbox.Event, error) { return sent(d.service.Messages.Send(ctx, p, say)) },
		"reopen": func() (inbox.Event, error) { return sent(d.service.Messages.ReopenAndReply(ctx, p, say)) },
	}
}

// upheave changes somebody's rights.
func (d *drama) upheave() {
	d.t.Helper()
	switch d.dice.IntN(3) {
	case 0:
		d.editMember(pick(d.dice, "agent1", "agent2", "sales1"), func(m *workspace.Member) { m.Teams = []workspace.TeamID{d.team(pick(d.dice, "support", "sales"))} })
	case 1:
		d.editMember("agent2", func(m *workspace.Member) {
			m.Roles = []workspace.RoleName{pick[workspace.RoleName](d.dice, "agent", "manager")}
		})
	case 2:
		d.editWorkspace(func(ws *workspace.Workspace) {
			ws.Rules.Visibility = pick(d.dice, workspace.VisibleScoped, workspace.VisibleExclusive, workspace.VisibleOpen)
		})
	}
}

func (d *drama) view() object {
	v := object{"list": pick(d.dice, "ALL", "MINE", "UNASSIGNED", "QUEUED", "MY_TEAMS")}
	for field, values := range map[string][]string{
		"kinds": {"LIVECHAT", "TICKET"}, "statuses": {"OPEN", "CLOSED"}, "handlers": {"HUMAN", "QUEUED", "AI"},
		"channels": {"web", "email"}, "teamIds": {d.global("team support"), d.global("team sales")}, "assigneeIds": {d.global("member agent1")},
	} {
		if d.dice.IntN(8) == 0 {
			v[field] = []string{pick(d.dice, values...)}
		}
	}
	if d.dice.IntN(8) == 0 {
		v["search"] = pick(d.dice, "par", "ver mug", "vera@example.test")
	}
	return d.finding(v)
}

// finding adds some of the filters by which people find what is over.
func (d *drama) finding(v object) object {
	now := d.now()
	span := func() any {
		return pick(d.dice, object{"until": now.Add(20 * time.Millisecond)}, object{"from": now}, object{"from": now.Add(-10 * time.Millisecond), "until": now.Add(30 * time.Millisecond)})
	}
	for field, value := range map[string]func() any{
		"formerAssigneeIds": func() any { return []string{d.global(pick(d.dice, "member agent1", "member agent2"))} },
		"originAgentIds":    func() any { return []string{d.global("agent ai")} },
		"contactEmails":     func() any { return []string{pick(d.dice, "VERA@example.test", "other@example.test")} },
		"awaitingReply":     func() any { return d.dice.IntN(2) == 0 },
		"starred":           func() any { return true },
		"createdBetween":    span, "lastActivityBetween": span, "closedBetween": span,
	} {
		if d.dice.IntN(10) == 0 {
			v[field] = value()
		}
	}
	return v
}

// Whatever people do, a page that is kept right, figures and a wallboard are what
// is asked for anew. B:V4, B:V5, B:V6
func TestWhatIsKeptIsWhatIsAskedFor(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		done := map[string]int{}
		for seed := range uint64(6) {
			t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
				d := &drama{space: s.newSpace(t, "enterprise", nil), dice: mathrand.New(mathrand.NewPCG(seed, 7)), done: done}
				for range 12 {
					d.act()
				}
				var mirrors []*mirror
				var counts []*headcount
				for _, who := range []string{"agent1", "agent2", "sales1", "manager", "senior", "observer"} {
					mirrors = append(mirrors, d.as(who).mirror(d.view(), pick(d.dice, 1, 3, 50)))
					counts = append(counts, d.as(who).headcount(d.view(), d.view(), d.view()))
				}
				all, support := d.as("manager").followWorkloads(nil), d.as("agent1").followWorkloads(d.global("team support"))
				for round := range 3 {
					for range 15 {
						d.act()
					}
					if round == 1 {
						d.upheave()
						d.act()
					}
					for _, m := range mirrors {
						m.catchUp()
					}
					for _, a := range counts {
						a.catchUp()
					}
					all.catchUp(d, "")
					support.catchUp(d, d.team("support"))
				}
			})
		}
		require.GreaterOrEqual(t, len(done), 9, "hardly anything could be done: %v", done)
	})
}

// headcount is a client of inboxCounts that knows what it asked for.
type headcount struct {
	*figures
	client *client
	views  []object
}

func (c *client) headcount(views ...object) *headcount {
	return &headcount{figures: c.followCounts(views...), client: c, views: views}
}

// catchUp applies items until the figures are those of the query.
func (a *headcount) catchUp() {
	a.t.Helper()
	for {
		counts, _ := a.client.do(`query($v: [InboxView!]!) { inboxCounts(views: $v) { view count } }`, vars{"v": a.views}).at("inboxCounts").([]any)
		want := []int{}
		for _, c := range counts {
			want = append(want, integer(a.t, dig(a.t, c, "count")))
		}
		if a.are(want) {
			return
		}
		a.apply()
	}
}

// catchUp applies items until the board is a recount of all conversations.
func (b *wallboard) catchUp(d *drama, team workspace.TeamID) {
	b.t.Helper()
	open, waiting := d.recount(team)
	for {
		right := b.queue["waiting"] == number(waiting)
		for id, w := range b.members {
			right = right && w["openConversations"] == number(open[id])
		}
		if right {
			return
		}
		b.apply()
	}
}

// recount tells who has how much and how much waits, from the conversations.
func (d *drama) recount(team workspace.TeamID) (open map[string]int, waiting int) {
	d.t.Helper()
	found, err := d.store.Conversations(d.t.Context(), d.id, d.chats)
	require.NoError(d.t, err)
	open = map[string]int{}
	for _, c := range found {
		if c.CountsFor() != "" {
			open[resolvers.GlobalID("Member", c.Assignee)]++
		}
		if c.Waiting() && (team == "" || c.Team == team) {
			waiting++
		}
	}
	return open, waiting
}

// Many people at once change and say things: what is told is still what is
// there in the end, be it a row or a figure. B:V4, B:V5, B:V9
func TestWhatIsKeptWhileManyActAtOnce(t *testing.T) {
	onEngines(t, func(t *testing.T, s *server) {
		w := s.newSpace(t, "enterprise", nil)
		var chats []inbox.Conversation
		for range 5 {
			chats = append(chats, w.chat())
		}
		view := object{"list": "UNASSIGNED"}
		m, all := w.as("manager").mirror(view, 50), w.as("agent1").mirror(object{"list": "ALL"}, 50)
		counts := w.as("agent1").headcount(view, object{"list": "MINE"})
		errs := make(chan error, 2*len(chats))
		for _, c := range chats {
			go func() { errs <- w.hammer(c) }()
			go func() {
				for range 6 {
					if _, err := w.service.Messages.Send(t.Context(), w.principal("manager"), desk.SendRequest{Conversation: c.ID, Body: "A note", Internal: true}); err != nil {
						errs <- err
						return
					}
				}
				errs <- nil
			}()
		}
		for range cap(errs) {
			require.NoError(t, <-errs)
		}
		_, err := w.service.Desk.Claim(t.Context(), w.principal("agent1"), desk.Request{Conversation: chats[0].ID})
		require.NoError(t, err)
		counts.catchUp()
		for _, m := range []*mirror{m, all} {
			for !m.holdsAll() {
				m.apply()
			}
		}
	})
}

// holdsAll is right for rows that were active at the same time, whose order is
// not told.
func (m *mirror) holdsAll() bool {
	want, _, _ := m.page(50)
	byID := func(rows []object) map[any]object {
		out := map[any]object{}
		for _, r := range rows {
			out[r["id"]] = r
		}
		return out
	}
	return reflect.DeepEqual(byID(want), byID(m.rows))
}

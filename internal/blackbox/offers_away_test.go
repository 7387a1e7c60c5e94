package blackbox_test

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/workspace"
)

const awayQuery = `subscription($after: Cursor) { root: assignmentEvents(after: $after) {
	cursor gap node { id kind note offer { status note } conversation { id } } } }`

// awayStaff has a sender with a colleague, two who are asked by themselves, one with a team
// and one without, two whose team is asked, and one who is not.
func awayStaff(id workspace.WorkspaceID, sight workspace.Visibility) *workspace.Directory {
	d := staff(id, 0, func(r *workspace.Rules) { r.Visibility, r.OfferTimeout, r.AutoAssignTickets = sight, time.Hour, true })
	d.Teams = map[workspace.TeamID]workspace.Team{}
	for team, names := range map[string][]string{"sales": {"sender", "mate"}, "alone": {"target"}, "pair": {"one", "two"}, "": {"loner", "outsider"}} {
		for _, name := range names {
			m := workspace.Member{
				ID: workspace.MemberID(string(id) + "-" + name), Workspace: id, Name: name, Roles: []workspace.RoleName{"agent"}, Rev: 1,
				Availability: workspace.Online, OnlineSince: time.Now().UTC().Truncate(time.Millisecond),
			}
			if team != "" {
				m.Teams = []workspace.TeamID{workspace.TeamID(string(id) + "-" + team)}
			}
			d.Members[m.ID] = m
		}
		if team != "" {
			t := workspace.TeamID(string(id) + "-" + team)
			d.Teams[t] = workspace.Team{ID: t, Workspace: id, Name: team, Method: workspace.RoundRobin, Rev: 1}
		}
	}
	pool := workspace.TeamID(id + "-pool") // of the same two, who take conversations themselves
	d.Teams[pool] = workspace.Team{ID: pool, Workspace: id, Name: "pool", Method: workspace.Voluntary, Rev: 1}
	for _, name := range []string{"-one", "-two"} {
		m := d.Members[workspace.MemberID(string(id)+name)]
		m.Teams = append(m.Teams, pool)
		d.Members[m.ID] = m
	}
	return d
}

// lives are offers from their beginning to their end, each of another conversation.
func (s *shift) lives() map[string]func(id string) {
	offer := func(id string, to object) (offer any) {
		made := s.act("sender", "transferConversation", object{"conversationId": id, "to": to, "offer": true, "note": "Knows the customer."})
		return dig(made, "event", "offer", "id")
	}
	team := func(name string) object { return object{"teamId": globalID("Team", s.name(name))} }
	member := func(name string) object { return object{"memberId": globalID("Member", s.name(name))} }
	return map[string]func(id string){
		"accepted":  func(id string) { s.act("target", "acceptOffer", object{"offerId": offer(id, member("target"))}) },
		"declined":  func(id string) { s.act("loner", "declineOffer", object{"offerId": offer(id, member("loner"))}) },
		"withdrawn": func(id string) { s.act("sender", "withdrawOffer", object{"offerId": offer(id, member("target"))}) },
		"taken over": func(id string) {
			offer(id, member("loner"))
			s.act("boss", "takeOverConversation", object{"conversationId": id})
		},
		"closed": func(id string) {
			offer(id, member("target"))
			s.act("sender", "setConversationStatus", object{"conversationId": id, "status": "CLOSED"})
		},
		"offered anew": func(id string) {
			offer(id, member("target"))
			s.act("sender", "withdrawOffer", object{"offerId": offer(id, member("loner"))})
		},
		"expired": func(id string) {
			s.act("sender", "transferConversation", object{"conversationId": id, "to": member("target"), "offer": true, "offerTimeout": 1})
			s.event(id, inbox.EventOfferExpired)
		},
		"withdrawn from a team": func(id string) { s.act("sender", "withdrawOffer", object{"offerId": offer(id, team("pool"))}) },
		"declined by a team": func(id string) {
			o := offer(id, team("pair"))
			for range 2 {
				events := s.events(id)
				asked := string(events[len(events)-1].After.Offer.Member)
				s.act(strings.TrimPrefix(asked, s.name("")), "declineOffer", object{"offerId": o})
			}
		},
	}
}

// name is the whole id of a member of the shift.
func (s *shift) name(short string) string { return string(s.log.Start.Workspace.ID) + "-" + short }

// act sends a verb that must be done, in a member's name.
func (s *shift) act(name, verb string, input object) object {
	s.t.Helper()
	payload, err := s.send(s.t.Context(), 0, s.name(name), verb, input)
	require.NoError(s.t, err)
	require.Nil(s.t, refused(payload), "%s by %s", verb, name)
	return payload
}

// hears reports whether a member is told of e, a step of an offer of the sender, whoever
// has it afterwards. It knows nothing of permissions.
func hears(name string, exclusive bool, e inbox.Event) bool {
	before, _ := e.Before()
	switch name {
	case "boss", "sender":
		return true
	case "mate":
		return !exclusive
	}
	asks := func(o inbox.Offer) bool {
		all := o.Claimable() && (name == "one" || name == "two")
		return o.Open() && (all || string(o.Member) == string(e.Workspace)+"-"+name)
	}
	return asks(before.Offer) || asks(e.After.Offer) || string(e.To.Assignee) == string(e.Workspace)+"-"+name
}

// A subscriber that was away for the whole life of an offer is told each step behind its
// cursor, as one who was there is: the sender, who is asked, while they are, the sender's
// team, and who manages; nobody else is told anything. Row 8. B:T6, B:V3
func TestTheLifeOfAnOfferIsHeard(t *testing.T) {
	t.Parallel()
	for engine, open := range houses() {
		t.Run(engine, func(t *testing.T) {
			h := open(t, awayStaff("scoped", workspace.VisibleScoped), awayStaff("exclusive", workspace.VisibleExclusive))
			t.Run("under each rule", func(t *testing.T) {
				for id, s := range h.shifts {
					t.Run(string(id), func(t *testing.T) {
						t.Parallel()
						s.in(t).playLives(id == "exclusive")
					})
				}
			})
		})
	}
}

func (s *shift) playLives(exclusive bool) {
	names := []string{"boss", "sender", "mate", "target", "loner", "one", "two", "outsider"}
	marks, cursors, there := map[string]string{}, map[string]any{}, map[string]*stream{}
	for n, name := range names {
		marks[name] = s.tickets(1, s.name(name))[0]
		c := s.member(n, s.name(name))
		eventually(s.t, "the server names its place", func() bool {
			cursors[name] = c.do(`{ conversations(first: 1) { liveCursor } }`, nil).at("conversations.liveCursor")
			return cursors[name] != nil
		})
	}
	for n, name := range names {
		there[name] = s.member(n, s.name(name)).connect().subscribe(awayQuery, object{"after": cursors[name]})
	}
	lives, chats := s.lives(), map[string]string{}
	for _, life := range slices.Sorted(maps.Keys(lives)) {
		chats[life] = s.tickets(1, s.name("sender"))[0]
		lives[life](chats[life])
	}
	for _, name := range names {
		s.act(name, "setConversationStatus", object{"conversationId": marks[name], "status": "UNSET"})
	}
	for n, name := range names {
		away := s.member(n+1, s.name(name)).connect().subscribe(awayQuery, object{"after": cursors[name]})
		last := s.events(marks[name])
		end := globalID("AssignmentEvent", string(last[len(last)-1].ID))
		for life, id := range chats {
			var want []string
			for _, e := range s.events(id)[1:] { // behind its creation
				if hears(name, exclusive, e) {
					want = append(want, string(e.ID))
				}
			}
			for how, st := range map[string]*stream{"there": there[name], "away": away} {
				require.Equal(s.t, want, s.stepsTo(st, id, end), "%s, %s, %s", name, how, life)
			}
		}
		s.silent(away, name, chats["withdrawn"])
	}
}

// stepsTo are the events of a conversation behind its creation that came before another one.
func (s *shift) stepsTo(st *stream, conversation, end string) (ids []string) {
	s.t.Helper()
	st.item("its own change", func(item object) bool { return dig(item, "node", "id") == end })
	for _, item := range st.items() {
		require.NotEqual(s.t, true, item["gap"])
		if dig(item, "node", "conversation", "id") == conversation && dig(item, "node", "kind") != "CREATED" {
			ids = append(ids, plainID(dig(item, "node", "id")))
		}
	}
	return ids
}

// silent demands that what was said of an offer is shown only to those who may still see
// its conversation.
func (s *shift) silent(st *stream, name, conversation string) {
	s.t.Helper()
	for _, item := range st.items() {
		if dig(item, "node", "conversation", "id") == conversation && dig(item, "node", "kind") == "OFFERED" {
			want := any("Knows the customer.")
			if name == "target" {
				want = nil
			}
			require.Equal(s.t, want, dig(item, "node", "note"), name)
			require.Equal(s.t, want, dig(item, "node", "offer", "note"), name)
		}
	}
}

package blackbox_test

import (
	"context"
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/auth"
	"switchboard/authz"
	"switchboard/inbox"
	room "switchboard/inbox/desk" // desk is somebody else here
	"switchboard/inbox/workspace"
	"switchboard/internal/histcheck"
	"switchboard/internal/testdb"
	"switchboard/store/sqlite"
)

// house is some servers on one database, with workspaces of a test's own.
type house struct {
	t       *testing.T
	serve   func(t *testing.T) *server
	flags   []string // of each server, beside the usual ones
	servers []*server
	stored  histcheck.Source // beside the servers
	signer  *auth.Signer
	shifts  map[workspace.WorkspaceID]*shift
	mu      sync.Mutex
}

// shift is a workspace in a house, and what happened in it so far.
type shift struct {
	*house
	t      *testing.T
	secret string // of its website
	log    histcheck.History
	place  string // from which its events are read
	said   []inbox.MessageID
}

// houses are the engines of a house, with the number of its servers.
func houses() map[string]func(*testing.T, ...*workspace.Directory) *house {
	return map[string]func(*testing.T, ...*workspace.Directory) *house{
		"embedded": embeddedHouse, "four servers over the wire": wireHouse,
	}
}

func wireHouse(t *testing.T, all ...*workspace.Directory) *house {
	t.Helper()
	return serversOver(t, 4, all...)
}

// serversOver is so many servers on one database over the wire.
func serversOver(t *testing.T, servers int, all ...*workspace.Directory) *house {
	t.Helper()
	return serversWith(t, servers, nil, all...)
}

// serversWith is serversOver with more flags.
func serversWith(t *testing.T, servers int, flags []string, all ...*workspace.Directory) *house {
	t.Helper()
	uri := database(t)
	stored := openStored(t, uri)
	h := newHouse(t, stored, all)
	h.flags = flags
	h.stored = stored
	h.serve = func(t *testing.T) *server { return h.start(t, "--mongodb-uri", uri) }
	for range servers {
		h.servers = append(h.servers, h.serve(t))
	}
	return h
}

func embeddedHouse(t *testing.T, all ...*workspace.Directory) *house {
	t.Helper()
	return embeddedWith(t, nil, all...)
}

// embeddedWith is embeddedHouse with more flags.
func embeddedWith(t *testing.T, flags []string, all ...*workspace.Directory) *house {
	t.Helper()
	testdb.Record(t, testdb.Embedded)
	folder := t.TempDir()
	made, err := sqlite.Open(t.Context(), sqlite.Config{Dir: folder})
	require.NoError(t, err)
	require.NoError(t, made.Migrate(t.Context()))
	h := newHouse(t, made, all)
	h.flags = flags
	require.NoError(t, made.Close(t.Context()))
	h.serve = func(t *testing.T) *server { return h.start(t, "--data", folder) }
	h.servers = []*server{h.serve(t)}
	beside, err := sqlite.OpenReadOnly(t.Context(), sqlite.Config{Dir: folder})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, beside.Close(context.Background())) })
	h.stored = beside
	return h
}

func newHouse(t *testing.T, stored faultStore, all []*workspace.Directory) *house {
	t.Helper()
	secret, err := stored.Secret(t.Context())
	require.NoError(t, err)
	h := &house{t: t, shifts: map[workspace.WorkspaceID]*shift{}}
	h.signer, err = auth.NewSigner(secret)
	require.NoError(t, err)
	preset, err := authz.Preset("default")
	require.NoError(t, err)
	for _, d := range all {
		website, secret := workspace.APIKey{ID: workspace.KeyID("web-" + d.Workspace.ID), Workspace: d.Workspace.ID, Name: "Website", Role: workspace.RoleIntegration, Rev: 1}.WithSecret(make([]byte, 32))
		if d.Keys == nil {
			d.Keys = map[workspace.KeyID]workspace.APIKey{}
		}
		d.Keys[website.ID] = website
		require.NoError(t, stored.CreateWorkspace(t.Context(), *d))
		s := &shift{house: h, t: t, secret: secret, log: histcheck.History{Start: d, Policy: authz.New(preset)}}
		s.place, err = histcheck.Begin(t.Context(), stored)
		require.NoError(t, err)
		h.shifts[d.Workspace.ID] = s
	}
	return h
}

// start starts a server of the house.
func (h *house) start(t *testing.T, where ...string) *server {
	t.Helper()
	arguments := append([]string{"serve", "--addr", "127.0.0.1:0", "--cost-per-second", "0", "--max-operations-per-address", "0"}, append(where, h.flags...)...)
	s := &server{process: start(t, arguments), http: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 16}}}
	t.Cleanup(s.http.CloseIdleConnections)
	s.until(&s.out, "its address", addressLine.MatchString)
	s.addr = addressLine.FindStringSubmatch(s.out.String())[1]
	return s
}

// holder is the place of the server that does the duties of all.
func (h *house) holder() (place int) {
	h.t.Helper()
	eventually(h.t, "a server does the duties", func() bool {
		place = slices.IndexFunc(h.servers, doesDuties)
		return place >= 0
	})
	return place
}

// staff makes a workspace in which some are online, one manages, and the rules are set.
func staff(id workspace.WorkspaceID, online int, rules func(*workspace.Rules)) *workspace.Directory {
	d := &workspace.Directory{
		Workspace: workspace.Workspace{ID: id, Name: string(id), Plan: "enterprise", TimeZone: "UTC", Rules: workspace.DefaultRules(), Rev: 1},
		Members:   map[workspace.MemberID]workspace.Member{},
	}
	d.Workspace.Rules.MaxAutoAssigned = 1000
	rules(&d.Workspace.Rules)
	boss := workspace.MemberID(id + "-boss")
	d.Members[boss] = workspace.Member{ID: boss, Workspace: id, Name: "Boss", Roles: []workspace.RoleName{"manager"}, Rev: 1, Availability: workspace.Offline}
	for n := range online {
		m := workspace.MemberID(string(id) + "-" + string(rune('a'+n)))
		d.Members[m] = workspace.Member{
			ID: m, Workspace: id, Name: string(m), Roles: []workspace.RoleName{"agent"}, Rev: 1,
			Availability: workspace.Online, OnlineSince: time.Now().UTC().Truncate(time.Millisecond),
		}
	}
	return d
}

// in is the shift for another test, or for a part of one.
func (s *shift) in(t *testing.T) *shift {
	s.t = t
	return s
}

// on is a client with a token on the n-th server, counted round.
func (s *shift) on(n int, token string) *client {
	return s.servers[n%len(s.servers)].with(s.t, token)
}

// member is a client of a member, by the plain or the global id.
func (s *shift) member(n int, id string) *client {
	s.t.Helper()
	if plain := plainID(id); plain != "" {
		id = plain
	}
	token, err := s.signer.Sign(inbox.Principal{Workspace: s.log.Start.Workspace.ID, Actor: workspace.Actor{Kind: workspace.ActorMember, ID: id}}, time.Hour)
	require.NoError(s.t, err)
	return s.on(n, token)
}

func (s *shift) boss(n int) *client { return s.member(n, string(s.log.Start.Workspace.ID+"-boss")) }

// visit starts a chat in which the contact has written, and gives the contact's token.
func (s *shift) visit(n int) (id, contact string) {
	s.t.Helper()
	made := s.on(n, s.secret).must("startLivechat", object{"contact": object{"name": "Vera"}, "message": "Hello?"})
	return str(s.t, made, "conversation.id"), str(s.t, made, "contactToken")
}

// owner is who owns the conversation; empty for nobody.
func (s *shift) owner(n int, id string) string {
	s.t.Helper()
	owner, _ := dig(s.boss(n).read(id), "assignee", "id").(string)
	return owner
}

// owned waits until somebody owns the conversation who is none of these.
func (s *shift) owned(n int, id string, but ...string) (owner string) {
	s.t.Helper()
	eventually(s.t, "somebody else owns "+plainID(id), func() bool {
		owner = s.owner(n, id)
		return owner != "" && !slices.Contains(but, owner)
	})
	return owner
}

// say writes a message, and reports whether it was accepted.
func (s *shift) say(c *client, id, body string, internal bool) bool {
	s.t.Helper()
	input := object{"conversationId": id, "body": body}
	if internal {
		input["internal"] = true
	}
	ctx, cancel := context.WithTimeout(s.t.Context(), patience)
	defer cancel()
	a, err := c.try(ctx, `mutation($input: SendMessageInput!) { payload: sendMessage(input: $input) { message { id } userErrors { code } } }`, object{"input": input})
	require.NoError(s.t, err)
	require.Empty(s.t, a.Errors, a.text)
	message := plainID(dig(a.Data, "payload", "message", "id"))
	if message == "" {
		return false
	}
	s.house.mu.Lock()
	defer s.house.mu.Unlock()
	s.said = append(s.said, inbox.MessageID(message))
	return true
}

// turn sets a member's availability.
func (s *shift) turn(n int, member, availability string) {
	s.t.Helper()
	s.member(n, member).must("setAvailability", object{"availability": availability})
}

// read gives the history so far.
func (s *shift) read() histcheck.History {
	s.t.Helper()
	h := s.log
	h.End, h.Said = time.Now(), s.said
	ctx, cancel := context.WithTimeout(s.t.Context(), patience)
	defer cancel()
	require.NoError(s.t, h.Read(ctx, s.stored, s.place))
	return h
}

// events are those of a conversation so far, the oldest first.
func (s *shift) events(id string) []inbox.Event {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(s.t.Context(), patience)
	defer cancel()
	found, err := s.stored.ListHistory(ctx, room.HistoryQuery{
		Workspace: s.log.Start.Workspace.ID, Conversation: inbox.ConversationID(plainID(id)), Limit: 100,
	})
	require.NoError(s.t, err)
	slices.SortFunc(found.Items, func(a, b inbox.Event) int { return a.Version - b.Version })
	return found.Items
}

// event waits for an event of a kind in a conversation.
func (s *shift) event(id string, kind inbox.EventKind) (found inbox.Event) {
	s.t.Helper()
	eventually(s.t, string(kind)+" in "+plainID(id), func() bool {
		all := s.events(id)
		place := slices.IndexFunc(all, func(e inbox.Event) bool { return e.Kind == kind })
		if place >= 0 {
			found = all[place]
		}
		return place >= 0
	})
	return found
}

// sound demands that nothing in the history was wrong.
func (s *shift) sound() histcheck.History {
	s.t.Helper()
	h := s.read()
	faults := h.Check()
	require.Empty(s.t, faults[:min(5, len(faults))], "%d faults", len(faults))
	return h
}

package resolvers_test

import (
	"context"
	"crypto/rand"
	"reflect"
	"strings"
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

// space is a workspace of its own, with people named by keys such as agent1.
type space struct {
	*server
	t  *testing.T
	id workspace.WorkspaceID
}

// crew are the members of a space: key, name, role, teams, availability.
func crew() [][5]string {
	return [][5]string{
		{"owner", "Olivia Ohm", "owner", "support", "ONLINE"},
		{"admin", "Adrián Núñez", "admin", "sales", "ONLINE"},
		{"manager", "Mara Lindqvist", "manager", "support", "ONLINE"},
		{"senior", "Samira Haddad", "senior_agent", "support", "ONLINE"},
		{"agent1", "Anna Berg", "agent", "support", "ONLINE"},
		{"agent2", "Émile Okafor", "agent", "support", "ONLINE"},
		{"away", "Ada Awad", "agent", "support", "AWAY"},
		{"offline", "Otto Weiß", "agent", "support", "OFFLINE"},
		{"sales1", "Chiara Rossi", "agent", "sales", "ONLINE"},
		{"observer", "Oskar Vance", "observer", "", "ONLINE"},
	}
}

// newSpace makes a workspace on a plan; with changes when change is not nil.
func (s *server) newSpace(t *testing.T, plan string, change func(*workspace.Directory)) *space {
	t.Helper()
	w := &space{server: s, t: t, id: workspace.WorkspaceID(strings.ToLower(rand.Text()))}
	d := workspace.Directory{
		Workspace: workspace.Workspace{ID: w.id, Name: "Northwind", Plan: workspace.PlanName(plan), TimeZone: "Europe/Berlin", Rules: workspace.DefaultRules(), Sandbox: true, Rev: 1, Handovers: workspace.Handovers{"": w.key("website")}}, // what no key began
		Members:   map[workspace.MemberID]workspace.Member{}, Teams: map[workspace.TeamID]workspace.Team{}, Agents: map[workspace.AgentID]workspace.AIAgent{},
		Keys: map[workspace.KeyID]workspace.APIKey{},
	}
	for _, key := range []string{"support", "sales"} {
		d.Teams[w.team(key)] = workspace.Team{ID: w.team(key), Workspace: w.id, Name: strings.ToUpper(key[:1]) + key[1:], Rev: 1}
	}
	for _, u := range workspace.Usages() {
		d.Workspace.ReasonCodes = append(d.Workspace.ReasonCodes, workspace.ReasonCode{ID: w.reason(string(u)), Name: "For " + string(u), Usage: u, Rev: 1})
	}
	for _, key := range []string{"ai", "ai2"} {
		d.Agents[w.agent(key)] = workspace.AIAgent{ID: w.agent(key), Workspace: w.id, Name: "Ada " + key, Rev: 1}
	}
	for _, k := range w.keySet() {
		d.Keys[k.ID] = k
	}
	for _, c := range crew() {
		m := workspace.Member{
			ID: w.member(c[0]), Workspace: w.id, Name: c[1], Email: c[0] + "@example.test", Avatar: "https://example.test/" + c[0] + ".png",
			Roles: []workspace.RoleName{workspace.RoleName(c[2])}, Availability: workspace.Availability(c[4]), Rev: 1,
		}
		for team := range strings.FieldsSeq(c[3]) {
			m.Teams = append(m.Teams, w.team(team))
		}
		d.Members[m.ID] = m
	}
	if change != nil {
		change(&d)
	}
	require.NoError(t, s.store.CreateWorkspace(t.Context(), d))
	return w
}

// in is the space for another test.
func (w *space) in(t *testing.T) *space {
	return &space{server: w.server, t: t, id: w.id}
}

func (w *space) member(key string) workspace.MemberID {
	return workspace.MemberID(string(w.id) + "-" + key)
}
func (w *space) team(key string) workspace.TeamID {
	return workspace.TeamID(string(w.id) + "-team-" + key)
}
func (w *space) agent(key string) workspace.AgentID {
	return workspace.AgentID(string(w.id) + "-" + key)
}

// reason is the id of the code for a usage.
func (w *space) reason(usage string) workspace.ReasonCodeID {
	return workspace.ReasonCodeID(string(w.id) + "-" + strings.ToLower(usage))
}

// global gives the id that the API shows of "member agent1", "team support",
// "agent ai", "key website" or "workspace".
func (w *space) global(name string) string {
	what, key, _ := strings.Cut(name, " ")
	switch what {
	case "member":
		return resolvers.GlobalID("Member", w.member(key))
	case "team":
		return resolvers.GlobalID("Team", w.team(key))
	case "agent":
		return resolvers.GlobalID("AIAgent", w.agent(key))
	case "key":
		return resolvers.GlobalID("ApiKey", w.key(key))
	case "webhook":
		return w.webhook()
	case "reason":
		return resolvers.GlobalID("ReasonCode", w.reason(key))
	case "workspace":
		return resolvers.GlobalID("Workspace", w.id)
	}
	w.t.Fatalf("%q names nothing", name)
	return ""
}

// principal finds who a key is: ai and ai2 are the AI agents, website and
// partner the API keys.
func (w *space) principal(key string) inbox.Principal {
	p := inbox.Principal{Workspace: w.id, Actor: workspace.Actor{Kind: workspace.ActorMember, ID: string(w.member(key))}}
	if _, known := w.keySet()[key]; known {
		p.Actor = workspace.Actor{Kind: workspace.ActorPartner, ID: string(w.key(key))}
	}
	if strings.HasPrefix(key, "ai") {
		p.Actor = workspace.Actor{Kind: workspace.ActorAgent, ID: string(w.agent(key))}
	}
	return p
}

// as is a client with the token of a member or AI agent, or with an API key.
func (w *space) as(key string) *client {
	if _, known := w.keySet()[key]; known {
		return &client{t: w.t, server: w.server, token: w.secret(key), space: w}
	}
	return w.with(w.principal(key))
}

// contact is a client with the token of a conversation's contact.
func (w *space) contact(c inbox.Conversation) *client { return w.with(contactOf(c)) }

func (w *space) with(p inbox.Principal) *client {
	w.t.Helper()
	token, err := w.contacts.Sign(p, time.Hour)
	require.NoError(w.t, err)
	return &client{t: w.t, server: w.server, token: token, space: w}
}

// chat starts a chat that the AI agent answers.
func (w *space) chat() inbox.Conversation {
	return w.start(desk.NewConversation{Agent: w.agent("ai")})
}

func (w *space) start(n desk.NewConversation) inbox.Conversation {
	w.t.Helper()
	if reflect.ValueOf(n.Contact).IsZero() {
		n.Contact = contacts.NewContact{Name: "Vera Visitor", Email: "vera@example.test", ExternalID: "visitor-1"}
	}
	out, err := w.service.Intake.StartLivechat(w.t.Context(), w.principal("website"), n)
	require.NoError(w.t, err)
	return out.Conversation
}

// ticket makes a ticket of a member, or of a team when who begins with "team ".
func (w *space) ticket(who string) inbox.Conversation {
	w.t.Helper()
	n := desk.NewConversation{Subject: "A late parcel", Channel: "email", Contact: contacts.NewContact{Name: "Vera Visitor"}}
	if team, ok := strings.CutPrefix(who, "team "); ok {
		n.To.Team = w.team(team)
	} else {
		n.To.Member = w.member(who)
	}
	out, err := w.service.Intake.CreateTicket(w.t.Context(), w.principal("owner"), n)
	require.NoError(w.t, err)
	return out.Conversation
}

// owned is a chat that the member claimed.
func (w *space) owned(key string) inbox.Conversation {
	w.t.Helper()
	return w.claim(w.chat(), key)
}

func (w *space) claim(c inbox.Conversation, key string) inbox.Conversation {
	w.t.Helper()
	out, err := w.service.Desk.Claim(w.t.Context(), w.principal(key), desk.Request{Conversation: c.ID})
	require.NoError(w.t, err)
	return out.Conversation
}

// pass lets the owner of a conversation transfer it.
func (w *space) pass(id inbox.ConversationID, to access.Owner, note string) {
	w.t.Helper()
	owner := workspace.Actor{Kind: workspace.ActorMember, ID: string(w.stored(id).Assignee)}
	_, err := w.service.Desk.Transfer(w.t.Context(), inbox.Principal{Workspace: w.id, Actor: owner}, desk.Request{Conversation: id}, to, note)
	require.NoError(w.t, err)
}

// stored reads a conversation from the store.
func (w *space) stored(id inbox.ConversationID) inbox.Conversation {
	w.t.Helper()
	c, err := w.store.Conversation(w.t.Context(), w.id, id)
	require.NoError(w.t, err)
	return c
}

// edit changes the directory as another server would: by the database alone.
func (w *space) edit(change func(*workspace.Directory) workspace.DirectoryChange) {
	w.t.Helper()
	d, err := w.store.Directory(w.t.Context(), w.id)
	require.NoError(w.t, err)
	c := change(d)
	require.NoError(w.t, w.store.SaveDirectory(w.t.Context(), inbox.Event{
		ID: inbox.EventID(rand.Text()), Workspace: w.id, Type: inbox.DirectoryEvent, Actor: workspace.System(),
		At: time.Now().UTC().Truncate(time.Millisecond), Directory: &c,
	}))
}

// editMember changes one member so.
func (w *space) editMember(key string, change func(*workspace.Member)) {
	w.t.Helper()
	w.edit(func(d *workspace.Directory) workspace.DirectoryChange {
		m := d.Members[w.member(key)]
		change(&m)
		m.Rev++
		return workspace.DirectoryChange{Member: &m}
	})
}

// editWorkspace changes the workspace so.
func (w *space) editWorkspace(change func(*workspace.Workspace)) {
	w.t.Helper()
	w.edit(func(d *workspace.Directory) workspace.DirectoryChange {
		ws := d.Workspace
		change(&ws)
		ws.Rev++
		return workspace.DirectoryChange{Workspace: &ws}
	})
}

// settle waits until everything that was committed before was told to whoever
// listened.
func (w *space) settle() {
	w.t.Helper()
	ctx, stop := context.WithTimeout(w.t.Context(), patience)
	defer stop()
	heard, err := w.hub.Subscribe(ctx, w.id)
	require.NoError(w.t, err)
	marked := w.mark()
	for item := range heard.Items() {
		if marked(item.Event) {
			stop()
		}
	}
	require.ErrorIs(w.t, heard.Err(), context.Canceled, "the feed did not bring it")
}

// mark makes a change that matters to nobody, and tells its event.
func (w *space) mark() (is func(inbox.Event) bool) {
	w.t.Helper()
	rev := 0
	w.edit(func(d *workspace.Directory) workspace.DirectoryChange {
		agent := d.Agents[w.agent("ai2")]
		agent.Rev++
		rev = agent.Rev
		return workspace.DirectoryChange{Agent: &agent}
	})
	return func(e inbox.Event) bool {
		return e.Directory != nil && e.Directory.Agent != nil && e.Directory.Agent.Rev == rev
	}
}

// ticketOf is a ticket of a contact, by the website.
func (w *space) ticketOf(n contacts.NewContact) inbox.Conversation {
	w.t.Helper()
	out, err := w.service.Intake.CreateTicket(w.t.Context(), w.principal("website"), desk.NewConversation{
		Subject: "A late parcel", Contact: n, To: access.Owner{Team: w.team("support")},
	})
	require.NoError(w.t, err)
	return out.Conversation
}

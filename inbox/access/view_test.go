package access_test

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/workspace"
	"switchboard/internal/world"
)

// Whoever is filed under the keys of a view hears of every event that touches
// the view, and what makes no difference to it makes none.
func TestKeysMissNothing(t *testing.T) {
	w := world.NewWorld(t)
	touched := 0
	rapid.Check(t, func(t *rapid.T) {
		v, r, e := someView(t), someReach(t, w), someEvent(t)
		change, reason := v.Change(r, e, world.Words)
		if change == "" {
			return
		}
		touched++
		keys := v.Facets(r)
		if !slices.ContainsFunc(access.EventFacets(e), func(k access.Facet) bool { return slices.Contains(keys, k) }) {
			t.Fatalf("%s is not heard of: the view has %v, the event %v", change, keys, access.EventFacets(e))
		}
		same, why := v.Change(r.For(v), e, world.Words)
		if same != change || why != reason {
			t.Fatalf("%s for %+v is %s for %+v", change, r, same, r.For(v))
		}
	})
	require.Positive(t, touched, "no event touched a view: the test tests nothing")
}

// Callers for whom a view is the same are told the same, also when they are
// different people.
func TestForKeepsWhatMatters(t *testing.T) {
	w := world.NewWorld(t)
	agreed := 0
	rapid.Check(t, func(t *rapid.T) {
		v, a, b, e := someView(t), someReach(t, w), someReach(t, w), someEvent(t)
		if !a.For(v).Equal(b.For(v)) {
			return
		}
		mine, why := v.Change(a, e, world.Words)
		theirs, reason := v.Change(b, e, world.Words)
		if mine != theirs || why != reason {
			t.Fatalf("%s %s and %s %s", mine, why, theirs, reason)
		}
		if a.Member != b.Member {
			agreed++
		}
	})
	require.Positive(t, agreed, "no two people had the same view: the test tests nothing")
}

// someReach is that of somebody of the world, under some rule and role.
func someReach(t *rapid.T, shared *world.World) access.VisibilityFilter {
	w := shared.Clone()
	who := rapid.SampledFrom([]inbox.Principal{world.AsMember(world.Me), world.AsMember(world.Mate), world.AsMember(world.Senior), world.AsMember(world.Manager), world.AsMember(world.Stranger), world.AsMember(world.Owner), world.AsAgent(world.Bot), world.AsPartner(), world.AsSystem()}).Draw(t, "who")
	w.Roster.Workspace.Rules.Visibility = rapid.SampledFrom([]workspace.Visibility{workspace.VisibleScoped, workspace.VisibleExclusive, workspace.VisibleOpen}).Draw(t, "visibility")
	w.Roster.Workspace.CustomRoles = []workspace.CustomRole{
		{Name: "own", Permissions: []workspace.Permission{{Kind: workspace.Livechat, Action: workspace.PermView, Scope: workspace.ScopeOwn}, {Kind: workspace.Ticket, Action: workspace.PermView, Scope: workspace.ScopeOwn}}},
		{Name: "mixed", Permissions: []workspace.Permission{{Kind: workspace.Livechat, Action: workspace.PermView, Scope: workspace.ScopeTeam}, {Kind: workspace.Ticket, Action: workspace.PermView, Scope: workspace.ScopeAll}}},
	}
	for _, role := range rapid.SampledFrom([][]workspace.RoleName{nil, nil, {"own"}, {"mixed"}, {}}).Draw(t, "role") {
		w.Member(who.Actor.Member(), func(m *workspace.Member) { m.Roles = []workspace.RoleName{role} })
	}
	if rapid.Bool().Draw(t, "several teams") {
		w.Member(world.Me, func(m *workspace.Member) { m.Teams = []workspace.TeamID{world.Sales, world.Billing} })
	}
	a, err := access.NewAccess(who, w.Roster, w.Policy)
	if err != nil {
		t.Fatal(err)
	}
	r := a.VisibilityFilter()
	if rapid.Bool().Draw(t, "starred") && r.Member != "" {
		r.Starred = []inbox.ConversationID{"c"}
	}
	return r
}

func someView(t *rapid.T) access.View {
	few := func(label string) bool { return rapid.IntRange(0, 4).Draw(t, label) == 0 }
	v := access.View{List: rapid.SampledFrom([]access.List{access.ListAll, access.ListMine, access.ListUnassigned, access.ListQueued, access.ListMyTeams}).Draw(t, "list")}
	if few("teams?") {
		v.Teams = rapid.SliceOfN(rapid.SampledFrom([]workspace.TeamID{"", world.Billing, world.Sales}), 1, 2).Draw(t, "teams")
	}
	if few("assignees?") {
		v.Assignees = rapid.SliceOfN(rapid.SampledFrom([]workspace.MemberID{"", world.Me, world.Mate, world.Stranger}), 1, 2).Draw(t, "assignees")
	}
	if few("statuses?") {
		v.Statuses = []inbox.Status{rapid.SampledFrom([]inbox.Status{inbox.Open, inbox.Unset, inbox.Closed}).Draw(t, "status")}
	}
	if few("handlers?") {
		v.Handlers = []inbox.Handler{rapid.SampledFrom([]inbox.Handler{inbox.HandledByAI, inbox.HandledByPerson, inbox.HandledByQueue}).Draw(t, "handler")}
	}
	if few("contacts?") {
		v.Contacts = []inbox.ContactID{"visitor"}
	}
	if few("search?") {
		v.Search = []string{rapid.SampledFrom([]string{"par", "lost", "vera"}).Draw(t, "search")}
	}
	if few("formerly?") {
		v.FormerAssignees = []workspace.MemberID{rapid.SampledFrom([]workspace.MemberID{world.Me, world.Mate}).Draw(t, "formerly")}
	}
	if few("agents?") {
		v.OriginAgents = []workspace.AgentID{world.Bot}
	}
	if few("emails?") {
		v.ContactEmails = []string{"vera@example.test"}
	}
	span := access.Span{From: moments()[1], Until: moments()[2]}
	for label, into := range map[string]*access.Span{"active?": &v.Active, "closed?": &v.Closed, "created?": &v.Created} {
		if few(label) {
			*into = span
		}
	}
	if few("awaiting?") {
		awaiting := rapid.Bool().Draw(t, "awaiting")
		v.Awaiting = &awaiting
	}
	v.Starred = few("starred?")
	return v
}

// moments are some that lie before, in and after what views ask for.
func moments() []time.Time {
	begin := world.Start()
	return []time.Time{begin, begin.Add(time.Second), begin.Add(2 * time.Second)}
}

func somePast(t *rapid.T, label string) inbox.Past {
	at := func(what string, all ...time.Time) time.Time { return rapid.SampledFrom(all).Draw(t, label+" "+what) }
	all := moments()
	return inbox.Past{
		FormerAssignee: rapid.SampledFrom([]workspace.MemberID{"", world.Me, world.Mate}).Draw(t, label+" former"), LastActivityAt: at("active", all...),
		ClosedAt: at("closed", append(all, time.Time{})...), AwaitingReplySince: at("awaiting", append(all, time.Time{})...),
	}
}

func someEvent(t *rapid.T) inbox.Event {
	ownership := func(label string) inbox.Ownership {
		o := inbox.Ownership{
			Assignee: rapid.SampledFrom([]workspace.MemberID{"", world.Me, world.Mate, world.Stranger, world.Senior}).Draw(t, label+" assignee"),
			Team:     rapid.SampledFrom([]workspace.TeamID{"", world.Billing, world.Sales}).Draw(t, label+" team"),
			Status:   rapid.SampledFrom([]inbox.Status{inbox.Open, inbox.Unset, inbox.Closed}).Draw(t, label+" status"),
		}
		o.AIStopped = rapid.Bool().Draw(t, label+" stopped")
		return o
	}
	after := inbox.Conversation{
		ID: "c", Workspace: world.Home, Kind: rapid.SampledFrom(workspace.Kinds()).Draw(t, "kind"), Contact: "visitor", Subject: "Lost parcel", ContactName: "Vera",
		OriginAgent: rapid.SampledFrom([]workspace.AgentID{"", world.Bot}).Draw(t, "agent"), Ownership: ownership("after"),
	}
	now, was := somePast(t, "after"), somePast(t, "before")
	after.ContactEmail, after.CreatedAt = "Vera@example.test", rapid.SampledFrom(moments()).Draw(t, "created")
	after.FormerAssignee, after.LastActivityAt, after.ClosedAt, after.AwaitingReplySince = now.FormerAssignee, now.LastActivityAt, now.ClosedAt, now.AwaitingReplySince
	e := inbox.Event{Was: &was, Type: inbox.OwnershipEvent, Kind: inbox.EventAssigned, Conversation: "c", From: ownership("before"), To: after.Ownership, After: &after}
	switch rapid.IntRange(0, 3).Draw(t, "type") {
	case 0:
		e.Type, e.Kind, e.From = inbox.MessageEvent, "", e.To
	case 1:
		e.Kind = inbox.EventCreated
	}
	return e
}

// B:V4
func TestWhyAConversationLeaves(t *testing.T) {
	open := inbox.Ownership{Assignee: world.Me, Team: world.Billing, Status: inbox.Open}
	for name, c := range map[string]struct {
		view access.View
		to   inbox.Ownership
		want access.LeaveReason
	}{
		"closed":             {access.View{Statuses: []inbox.Status{inbox.Open}}, inbox.Ownership{Team: world.Billing, Status: inbox.Closed}, access.LeftStatusChanged},
		"given to another":   {access.View{List: access.ListMine}, inbox.Ownership{Assignee: world.Mate, Team: world.Billing, Status: inbox.Open}, access.LeftReassigned},
		"of another team":    {access.View{List: access.ListMyTeams}, inbox.Ownership{Assignee: world.Me, Team: world.Sales, Status: inbox.Open}, access.LeftReassigned},
		"out of sight":       {access.View{List: access.ListMine}, inbox.Ownership{Assignee: world.Stranger, Team: world.Sales, Status: inbox.Open}, access.LeftNoLongerPermitted},
		"answered by nobody": {access.View{Handlers: []inbox.Handler{inbox.HandledByPerson}}, inbox.Ownership{Team: world.Billing, Status: inbox.Open}, access.LeftReassigned},
	} {
		t.Run(name, func(t *testing.T) {
			a := world.NewWorld(t).Access(t, world.AsMember(world.Me))
			after := inbox.Conversation{Kind: workspace.Livechat, Ownership: c.to}
			change, reason := c.view.Change(a.VisibilityFilter(), inbox.Event{Kind: inbox.EventTransferred, From: open, To: c.to, After: &after}, world.Words)
			require.Equal(t, access.ViewLeft, change)
			require.Equal(t, c.want, reason)
		})
	}
	after := inbox.Conversation{Kind: workspace.Livechat, OriginAgent: world.Bot, Ownership: inbox.Ownership{Status: inbox.Open, AIStopped: true}}
	byAI := access.View{Handlers: []inbox.Handler{inbox.HandledByAI}}
	_, reason := byAI.Change(world.NewWorld(t).Access(t, world.AsMember(world.Me)).VisibilityFilter(), inbox.Event{From: inbox.Ownership{Status: inbox.Open}, After: &after}, world.Words)
	require.Equal(t, access.LeftHandlerChanged, reason)
}

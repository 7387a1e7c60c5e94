package storetest

import (
	"time"

	"pgregory.net/rapid"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/workspace"
)

// anyQuery draws a list request over a population.
func anyQuery(all []inbox.Conversation) *rapid.Generator[access.ConversationQuery] {
	return rapid.Custom(func(t *rapid.T) access.ConversationQuery {
		q := access.ConversationQuery{
			View: anyView().Draw(t, "view"), Visibility: anyReach(all).Draw(t, "reach"),
			Order: access.Order{
				Field: rapid.SampledFrom([]access.OrderField{access.ByLastActivity, access.ByCreated, access.ByWaiting, access.ByAwaitingReply}).Draw(t, "by"),
				Desc:  rapid.Bool().Draw(t, "desc"),
			},
		}
		q.Page = anyPage(all, positionIn(q.Order)).Draw(t, "page")
		return q
	})
}

func anyView() *rapid.Generator[access.View] {
	return rapid.Custom(func(t *rapid.T) access.View {
		return access.View{
			List: rapid.SampledFrom([]access.List{"", access.ListAll, access.ListMine, access.ListUnassigned, access.ListQueued, access.ListMyTeams, access.ListOfferedToMe, access.ListOfferedByMe, access.ListSnoozed}).Draw(t, "list"),

			Kinds:     few(t, "kinds", workspace.Livechat, workspace.Ticket),
			Statuses:  few(t, "statuses", inbox.Unset, inbox.Open, inbox.Closed),
			Handlers:  few(t, "handlers", inbox.HandledByAI, inbox.HandledByPerson, inbox.HandledByQueue),
			Assignees: few[workspace.MemberID](t, "assignees", "", "m1", "m2"),
			Teams:     few[workspace.TeamID](t, "teams", "", "t1"),
			Channels:  few(t, "channels", "web", "mail"),
			Contacts:  few[inbox.ContactID](t, "contacts", "c1", "c2"),

			FormerAssignees: few[workspace.MemberID](t, "formerly of", "", "m1", "m2"),
			OriginAgents:    few[workspace.AgentID](t, "from", "", "a1", "a2"),
			Feeders:         few[workspace.KeyID](t, "fed by", "", "k1", "k2"),
			ContactEmails:   few(t, "emails", "ada@example.org", "zoe@example.com"),
			Created:         fewSpans(t, "created"), Active: fewSpans(t, "active"), Closed: fewSpans(t, "closed"),
			Awaiting: fewBools(t, "awaiting"), Starred: rapid.IntRange(0, 5).Draw(t, "starred") == 0,
			Asleep: rapid.IntRange(0, 5).Draw(t, "sleepers") == 0,
			Search: few(t, "search", "par", "parcel", "e", "evr", "7", "zoe", "lost", "nothing", "?", "京都", "😀", "की", "example", "170", "0170", "@"),
		}
	})
}

// few draws no value at all in most cases: filters that all apply find nothing.
func few[T comparable](t *rapid.T, label string, values ...T) []T {
	if rapid.IntRange(0, 5).Draw(t, label+"?") != 0 {
		return nil
	}
	return rapid.SliceOfNDistinct(rapid.SampledFrom(values), 1, 2, rapid.ID).Draw(t, label)
}

func fewSpans(t *rapid.T, label string) access.Span {
	if rapid.IntRange(0, 5).Draw(t, label+"?") != 0 {
		return access.Span{}
	}
	end := rapid.SampledFrom([]time.Time{{}, at(0), at(1), at(3), at(5)})
	return access.Span{From: end.Draw(t, label+" from"), Until: end.Draw(t, label+" until")}
}

func fewBools(t *rapid.T, label string) *bool {
	if rapid.IntRange(0, 5).Draw(t, label+"?") != 0 {
		return nil
	}
	return new(rapid.Bool().Draw(t, label))
}

func anyReach(all []inbox.Conversation) *rapid.Generator[access.VisibilityFilter] {
	return rapid.Custom(func(t *rapid.T) access.VisibilityFilter {
		r := access.VisibilityFilter{
			Member:           rapid.SampledFrom([]workspace.MemberID{"m1", "m2", ""}).Draw(t, "member"),
			Teams:            rapid.SliceOfDistinct(rapid.SampledFrom([]workspace.TeamID{"t1", "t2"}), rapid.ID).Draw(t, "my teams"),
			Teammates:        rapid.SliceOfDistinct(rapid.SampledFrom([]workspace.MemberID{"m1", "m2", "m3"}), rapid.ID).Draw(t, "teammates"),
			Scopes:           map[workspace.Kind]workspace.Scope{},
			OwnedExclusively: map[workspace.Kind]bool{},
		}
		for _, c := range rapid.SliceOfN(rapid.SampledFrom(all), 0, 20).Draw(t, "stars") {
			r.Starred = append(r.Starred, c.ID)
		}
		same := rapid.Bool().Draw(t, "same for all kinds")
		for i, k := range workspace.Kinds() {
			r.Scopes[k] = rapid.SampledFrom([]workspace.Scope{workspace.ScopeAll, workspace.ScopeTeam, workspace.ScopeOwn, workspace.ScopeNone}).Draw(t, "scope")
			r.OwnedExclusively[k] = rapid.IntRange(0, 3).Draw(t, "exclusive") == 0
			if same && i > 0 {
				r.Scopes[k], r.OwnedExclusively[k] = r.Scopes[workspace.Kinds()[0]], r.OwnedExclusively[workspace.Kinds()[0]]
			}
		}
		switch rapid.IntRange(0, 9).Draw(t, "who") {
		case 0:
			r.Agent, r.Member = "a1", ""
		case 1:
			r.Conversation = rapid.SampledFrom(all).Draw(t, "only").ID
		}
		return r
	})
}

// anyPage draws a slice that begins or ends at items of the list, between them,
// or nowhere.
func anyPage[T any](all []T, position func(T) inbox.PageCursor) *rapid.Generator[inbox.PageRequest] {
	end := func(t *rapid.T, label string) *inbox.PageCursor {
		if rapid.IntRange(0, 2).Draw(t, label+"?") != 0 {
			return nil
		}
		p := position(rapid.SampledFrom(all).Draw(t, label))
		p.ID += rapid.SampledFrom([]string{"", "", "0"}).Draw(t, "between")
		return &p
	}
	return rapid.Custom(func(t *rapid.T) inbox.PageRequest {
		return inbox.PageRequest{
			Limit: rapid.IntRange(0, 12).Draw(t, "limit"), Backward: rapid.Bool().Draw(t, "backward"),
			After: end(t, "after"), Before: end(t, "before"),
		}
	})
}

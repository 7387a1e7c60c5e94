package storetest

import (
	_ "embed" // the table
	"encoding/json"
	"fmt"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/workspace"
)

// listTable is lists.json: views, visibilities, and numbers of teammates.
//
//go:embed lists.json
var listTable []byte

// ListRow is a row of the table of all lists, for all visibilities, among few and many
// teammates. Its query has neither workspace nor order, page or stars.
type ListRow struct {
	View, Visibility string
	Teammates        int
	Query            access.ConversationQuery
}

type listVisibility struct {
	Name, Livechats, Tickets string
	Exclusive                bool
	Agent                    workspace.AgentID
}

// ListRows returns the table. The caller is m0 in the teams t1 and t2, or the AI agent
// bot; the teammates are m0, m1, and so on.
func ListRows() ([]ListRow, error) {
	var table struct {
		Teammates    []int
		Visibilities []listVisibility
		Views        []struct {
			Name string
			View access.View
		}
	}
	if err := json.Unmarshal(listTable, &table); err != nil {
		return nil, fmt.Errorf("storetest: lists.json: %w", err)
	}
	var out []ListRow
	for _, view := range table.Views {
		for _, visibility := range table.Visibilities {
			for _, n := range table.Teammates {
				q := access.ConversationQuery{View: view.View, Visibility: visibility.among(n)}
				out = append(out, ListRow{view.Name, visibility.Name, n, q})
			}
		}
	}
	return out, nil
}

func (v listVisibility) among(teammates int) access.VisibilityFilter {
	livechats, _ := workspace.ParseScope(v.Livechats)
	tickets, _ := workspace.ParseScope(v.Tickets)
	r := access.VisibilityFilter{
		Scopes:           map[workspace.Kind]workspace.Scope{workspace.Livechat: livechats, workspace.Ticket: tickets},
		OwnedExclusively: map[workspace.Kind]bool{workspace.Livechat: v.Exclusive, workspace.Ticket: v.Exclusive},
	}
	if v.Agent != "" {
		r.Agent = v.Agent
		return r
	}
	r.Member, r.Teams = "m0", []workspace.TeamID{"t1", "t2"}
	for i := range teammates {
		r.Teammates = append(r.Teammates, member(i))
	}
	return r
}

func member(i int) workspace.MemberID { return workspace.MemberID(fmt.Sprintf("m%d", i)) }

// ListedConversations returns n conversations of a workspace as the table asks for them:
// a sixth of them live, their assignees among 2,000 members, their teams among 20. The
// ids begin with prefix.
func ListedConversations(ws workspace.WorkspaceID, prefix string, n int) []inbox.Conversation {
	out := make([]inbox.Conversation, n)
	for i := range out {
		out[i] = listed(i)
		out[i].ID, out[i].Workspace = inbox.ConversationID(fmt.Sprintf("%s%05d", prefix, i)), ws
	}
	return out
}

// listed is deterministic, and its properties are independent of each other: each comes
// from other bits of a hash of i.
func listed(i int) inbox.Conversation {
	h := uint64(i+1) * 0x9E3779B97F4A7C15
	draw := func(n uint64) int {
		h ^= h >> 29
		h *= 0xBF58476D1CE4E5B9
		h ^= h >> 32
		return int(h % n)
	}
	c := inbox.Conversation{
		Kind: workspace.Kinds()[draw(2)], Channel: []string{"web", "web", "web", "mail"}[draw(4)], Subject: "Lost letter", Version: 1, Epoch: 1,
		Contact: inbox.ContactID(fmt.Sprintf("p%d", draw(60))), LastActivityAt: at(i), CreatedAt: at(i - draw(100)),
	}
	c.ContactEmail = fmt.Sprintf("Ada%s@example.org", c.Contact[1:])
	if draw(10) == 0 {
		c.Subject = fmt.Sprintf("Lost parcel%d", draw(10))
	}
	if c.Kind == workspace.Livechat && draw(4) > 0 {
		c.OriginAgent = []workspace.AgentID{"bot", "other"}[draw(2)]
	}
	c.Status = []inbox.Status{inbox.Open, inbox.Closed}[min(draw(6), 1)]
	if c.Status == inbox.Open && draw(5) == 0 {
		c.Status = inbox.Unset
	}
	c.Team = workspace.TeamID([]string{"", "", fmt.Sprintf("t%d", 1+draw(2)), fmt.Sprintf("t%d", 1+draw(20))}[draw(4)])
	switch draw(4) {
	case 0:
		c.AIStopped = draw(3) > 0
	case 1:
		c.Assignee = []workspace.MemberID{"m0", "m3"}[draw(2)]
	default:
		c.Assignee = member(draw(2000))
	}
	if draw(4) == 0 {
		c.FormerAssignee = member(draw(4))
	}
	if c.Status == inbox.Closed {
		c.ClosedAt = c.LastActivityAt
	} else if draw(2) == 0 {
		c.AwaitingReplySince = c.LastActivityAt
	}
	if c.Waiting() {
		c.WaitingSince = c.LastActivityAt
	}
	return c
}

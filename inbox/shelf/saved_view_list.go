package shelf

import (
	"context"
	"slices"
	"strings"
	"time"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/workspace"
)

// Limits of saved views.
const (
	// MaxListViews bounds the saved views of one member, of one team, and of the
	// workspace, each.
	MaxListViews = 50
	// MaxViewName is the longest name of a saved view, in characters.
	MaxViewName = 60
)

// Sharing says who may use a saved view besides the member who made it.
type Sharing string

// The ways to share a view. A shared view shows to each what they may see.
const (
	NotShared           Sharing = "NOT_SHARED"
	SharedWithTeam      Sharing = "TEAM"
	SharedWithWorkspace Sharing = "WORKSPACE"
)

// SavedView is a filter and an order that somebody keeps under a name.
type SavedView struct {
	ID   inbox.SavedViewID
	Name string
	// Filter is the view without Search, and Search the text as it was typed: how
	// texts are folded may change.
	Filter access.View
	Search string
	Order  access.Order
	// By is the member who made it.
	By        workspace.MemberID
	CreatedAt time.Time
	UpdatedAt time.Time
}

// SavedViewListID names whose saved views a shelf holds.
type SavedViewListID string

const workspaceList SavedViewListID = "workspace"

func memberList(m workspace.MemberID) SavedViewListID { return "member:" + SavedViewListID(m) }

func teamList(t workspace.TeamID) SavedViewListID { return "team:" + SavedViewListID(t) }

// Sharing is how the views of the shelf are shared, and with which team.
func (id SavedViewListID) Sharing() (Sharing, workspace.TeamID) {
	if id == workspaceList {
		return SharedWithWorkspace, ""
	}
	if team, ok := strings.CutPrefix(string(id), "team:"); ok {
		return SharedWithTeam, workspace.TeamID(team)
	}
	return NotShared, ""
}

// SavedViewList holds all saved views of a member, of a team, or of the workspace, so that
// names and number are checked by the one write that changes them.
type SavedViewList struct {
	Workspace workspace.WorkspaceID
	ID        SavedViewListID
	Views     []SavedView
	// Rev grows by one with every change; 0 for a shelf that was never written.
	Rev int
}

// SavedViewStore keeps saved views.
type SavedViewStore interface {
	// SavedViewLists finds many at once; one that was never written is left out.
	SavedViewLists(ctx context.Context, ws workspace.WorkspaceID, ids []SavedViewListID) (map[SavedViewListID]SavedViewList, error)
	// SaveSavedViewLists replaces the shelves, all or none. The Rev of each must be one more
	// than the stored one; ErrStale otherwise.
	SaveSavedViewLists(ctx context.Context, shelves ...SavedViewList) error
	// DeleteSavedViewList removes a shelf with all its views.
	DeleteSavedViewList(ctx context.Context, ws workspace.WorkspaceID, id SavedViewListID) error
}

// at is the place of the view on the shelf; -1 when it is not there.
func (s SavedViewList) at(id inbox.SavedViewID) int {
	return slices.IndexFunc(s.Views, func(v SavedView) bool { return v.ID == id })
}

// put returns the shelf with v on it, in the place of the view with its id. It gives
// INVALID_INPUT when there are too many, or another view has the name.
func (s SavedViewList) put(v SavedView) (SavedViewList, error) {
	if at := s.at(v.ID); at < 0 || s.Views[at].Name != v.Name {
		if err := inbox.CheckLine("name", v.Name, MaxViewName); err != nil {
			return s, err
		}
	}
	s = s.without(v.ID)
	if slices.ContainsFunc(s.Views, func(o SavedView) bool { return strings.EqualFold(o.Name, v.Name) }) {
		return s, inbox.Invalid("name", "There is a saved view %s already. Pick another name.", v.Name)
	}
	if len(s.Views) >= MaxListViews {
		return s, inbox.Invalid("name", "There are %d saved views already, which is the most. Delete one first.", MaxListViews)
	}
	s.Views = append(s.Views, v)
	slices.SortFunc(s.Views, func(a, b SavedView) int { return workspace.ByName(a.Name, b.Name, a.ID, b.ID) })
	return s, nil
}

// without returns the shelf without a view, one revision later.
func (s SavedViewList) without(id inbox.SavedViewID) SavedViewList {
	s.Views = slices.DeleteFunc(slices.Clone(s.Views), func(v SavedView) bool { return v.ID == id })
	s.Rev++
	return s
}

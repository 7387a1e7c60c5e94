package shelf

import (
	"slices"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/workspace"
)

// visibleLists are those whose views the caller may use: the caller's own, those of the
// caller's teams, or of all teams with teams.manage, and the workspace's. There are
// none for a caller who is no member, or may see no conversations.
func visibleLists(a access.Access) []SavedViewListID {
	if a.Principal.Actor.Kind != workspace.ActorMember || a.ViewsAny() != nil {
		return nil
	}
	out := []SavedViewListID{memberList(a.Member.ID), workspaceList}
	for _, t := range a.Directory.SortedTeams() {
		if slices.Contains(a.Member.Teams, t.ID) || a.May(workspace.TeamsManage) {
			out = append(out, teamList(t.ID))
		}
	}
	return out
}

// MaySave gives PERMISSION_DENIED unless the caller may keep views at all: members
// who may see conversations of some kind.
func MaySave(a access.Access) error {
	if a.Principal.Actor.Kind != workspace.ActorMember {
		return &inbox.Error{Code: inbox.PermissionDenied, Permission: "member", Message: "Only members save views and star conversations. Use the token of a member."}
	}
	return a.ViewsAny()
}

// CanShare returns the reason why the caller may not put views on a shelf, change them
// there and take them away: PERMISSION_DENIED, or NOT_FOUND for no team.
func CanShare(a access.Access, id SavedViewListID) error {
	switch sharing, team := id.Sharing(); sharing {
	case SharedWithWorkspace:
		return a.Require(workspace.WorkspaceManage)
	case SharedWithTeam:
		if _, ok := a.Directory.Team(team); !ok {
			e := inbox.Missing("team")
			e.Field = []string{"teamId"}
			return e
		}
		if slices.Contains(a.Member.Teams, team) {
			return nil
		}
		return a.Require(workspace.TeamsManage)
	case NotShared:
	}
	return nil
}

// list is the one that the draft asks for; empty when it does not say.
func (d ViewDraft) list(a access.Access) SavedViewListID {
	if d.Sharing == nil {
		return ""
	}
	return map[Sharing]SavedViewListID{
		NotShared: memberList(a.Member.ID), SharedWithTeam: teamList(d.Team), SharedWithWorkspace: workspaceList,
	}[*d.Sharing]
}

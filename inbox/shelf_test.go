package inbox_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/shelf"
	"switchboard/inbox/workspace"
)

func draft(name string, sharing shelf.Sharing, team workspace.TeamID) shelf.ViewDraft {
	return shelf.ViewDraft{Name: &name, Sharing: &sharing, Team: team, Filter: &access.View{List: access.ListMine}, Search: "parcel"}
}

func namesOf(all []shelf.ListedView) []string {
	out := []string{}
	for _, v := range all {
		out = append(out, v.Name)
	}
	return out
}

// Who may save a view for whom, and who may use it then. B:V1
func TestWhoSavesViewsForWhom(t *testing.T) {
	const deniedTeam, deniedAll = "teams.manage", "workspace.manage"
	for _, row := range []struct {
		who        workspace.MemberID
		sharing    shelf.Sharing
		team       workspace.TeamID
		permission string // that is missing
		seenBy     []workspace.MemberID
	}{
		{me, shelf.NotShared, "", "", []workspace.MemberID{me}},
		{me, shelf.SharedWithTeam, billing, "", []workspace.MemberID{me, mate, manager, owner}},
		{me, shelf.SharedWithTeam, sales, deniedTeam, nil},
		{manager, shelf.SharedWithTeam, sales, "", []workspace.MemberID{stranger, manager, owner}},
		{me, shelf.SharedWithWorkspace, "", deniedAll, nil},
		{manager, shelf.SharedWithWorkspace, "", deniedAll, nil},
		{owner, shelf.SharedWithWorkspace, "", "", []workspace.MemberID{me, mate, stranger, manager, owner}},
		{owner, shelf.NotShared, "", "", []workspace.MemberID{owner}},
	} {
		t.Run(fmt.Sprint(row.who, " ", row.sharing, " ", row.team), func(t *testing.T) {
			d := newDesk(t)
			v, err := d.Shelf.CreateSavedView(t.Context(), asMember(row.who), draft("Mine", row.sharing, row.team))
			if row.permission != "" {
				require.Equal(t, row.permission, refused(t, err, inbox.PermissionDenied).Permission)
				return
			}
			require.NoError(t, err)
			for _, who := range []workspace.MemberID{me, mate, stranger, manager, owner} {
				sees := false
				for _, id := range row.seenBy {
					sees = sees || id == who
				}
				all, err := d.Shelf.SavedViews(t.Context(), asMember(who))
				require.NoError(t, err)
				require.Equal(t, sees, len(all) == 1, who)
				got, err := d.Shelf.SavedView(t.Context(), asMember(who), v.ID)
				if !sees {
					refused(t, err, inbox.NotFound)
					_, err = d.Shelf.UpdateSavedView(t.Context(), asMember(who), v.ID, draft("Stolen", shelf.NotShared, ""))
					refused(t, err, inbox.NotFound)
					_, err = d.Shelf.DeleteSavedView(t.Context(), asMember(who), v.ID)
					refused(t, err, inbox.NotFound)
					continue
				}
				require.Equal(t, v, got)
			}
		})
	}
	d := newDesk(t)
	for name, p := range map[string]inbox.Principal{"an AI agent": asAgent(bot), "a partner": asPartner()} {
		_, err := d.Shelf.CreateSavedView(t.Context(), p, draft("Mine", shelf.NotShared, ""))
		refused(t, err, inbox.PermissionDenied)
		_, err = d.Shelf.SavedViews(t.Context(), p)
		refused(t, err, inbox.PermissionDenied)
		_, err = d.Shelf.SavedView(t.Context(), p, "x")
		refused(t, err, inbox.NotFound)
		require.NotEmpty(t, name)
	}
}

// Names are unique on a shelf, and a shelf is bounded. B:V1
func TestShelvesAreBoundedAndNamed(t *testing.T) {
	d := newDesk(t)
	create := func(name string, sharing shelf.Sharing) (shelf.ListedView, error) {
		return d.Shelf.CreateSavedView(t.Context(), asMember(owner), draft(name, sharing, ""))
	}
	first, err := create("Closed today", shelf.NotShared)
	require.NoError(t, err)
	_, err = create("CLOSED today", shelf.NotShared)
	require.Equal(t, []string{"name"}, refused(t, err, inbox.InvalidInput).Field)
	shared, err := create("closed today", shelf.SharedWithWorkspace)
	require.NoError(t, err, "the name is free on another shelf")
	for _, bad := range []string{"", " \u200b\u3164", long(shelf.MaxViewName + 1), "a\x00b"} {
		_, err = create(bad, shelf.NotShared)
		require.Equal(t, []string{"name"}, refused(t, err, inbox.InvalidInput).Field, "%q", bad)
	}
	own := shelf.NotShared
	_, err = d.Shelf.UpdateSavedView(t.Context(), asMember(owner), shared.ID, shelf.ViewDraft{Sharing: &own})
	refused(t, err, inbox.InvalidInput) // it would meet its namesake
	renamed := "Today"
	moved, err := d.Shelf.UpdateSavedView(t.Context(), asMember(owner), shared.ID, shelf.ViewDraft{Sharing: &own, Name: &renamed})
	require.NoError(t, err)
	require.Equal(t, shared.Filter, moved.Filter)
	all, err := d.Shelf.SavedViews(t.Context(), asMember(owner))
	require.NoError(t, err)
	require.Equal(t, []string{"Closed today", "Today"}, namesOf(all))
	all, err = d.Shelf.SavedViews(t.Context(), asMember(me))
	require.NoError(t, err)
	require.Empty(t, all, "it is not shared any longer")

	for i := len(namesOf(nil)) + 2; i < shelf.MaxListViews; i++ {
		_, err = create(fmt.Sprint("view ", i), shelf.NotShared)
		require.NoError(t, err)
	}
	_, err = create("one too many", shelf.NotShared)
	refused(t, err, inbox.InvalidInput)
	_, err = d.Shelf.DeleteSavedView(t.Context(), asMember(owner), first.ID)
	require.NoError(t, err)
	_, err = create("one too many", shelf.NotShared)
	require.NoError(t, err)
}

// A removed team takes its views with it; a removed member takes their own, and leaves
// those that they shared. B:V1
func TestWhatBecomesOfSavedViews(t *testing.T) {
	d := newDesk(t)
	for _, v := range []shelf.ViewDraft{draft("own", shelf.NotShared, ""), draft("team", shelf.SharedWithTeam, billing)} {
		_, err := d.Shelf.CreateSavedView(t.Context(), asMember(me), v)
		require.NoError(t, err)
	}
	_, _, err := d.Admin.RemoveMember(t.Context(), asMember(owner), me)
	require.NoError(t, err)
	seen := func(who workspace.MemberID) []string {
		all, err := d.Shelf.SavedViews(t.Context(), asMember(who))
		require.NoError(t, err)
		return namesOf(all)
	}
	require.Equal(t, []string{"team"}, seen(mate))
	_, _, err = d.Admin.DeleteTeam(t.Context(), asMember(owner), billing)
	require.NoError(t, err)
	require.Empty(t, seen(mate))
	require.Empty(t, seen(owner))
	require.Empty(t, d.memory.shelves, "nothing is left behind")
}

// A filter names only what the workspace has. B:Z7
func TestSavedFiltersNameWhatExists(t *testing.T) {
	d := newDesk(t)
	for name, filter := range map[string]access.View{
		"member": {Assignees: []workspace.MemberID{"nobody"}}, "former": {FormerAssignees: []workspace.MemberID{"nobody"}},
		"team": {Teams: []workspace.TeamID{"none"}}, "agent": {OriginAgents: []workspace.AgentID{"none"}}, "contact": {Contacts: []inbox.ContactID{"nobody"}},
	} {
		v := draft(name, shelf.NotShared, "")
		v.Filter = &filter
		_, err := d.Shelf.CreateSavedView(t.Context(), asMember(owner), v)
		refused(t, err, inbox.NotFound)
	}
}

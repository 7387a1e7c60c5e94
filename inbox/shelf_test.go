package inbox_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
)

func draft(name string, sharing inbox.Sharing, team inbox.TeamID) inbox.ViewDraft {
	return inbox.ViewDraft{Name: &name, Sharing: &sharing, Team: team, Filter: &inbox.View{List: inbox.ListMine}, Search: "parcel"}
}

func namesOf(all []inbox.ShelvedView) []string {
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
		who        inbox.MemberID
		sharing    inbox.Sharing
		team       inbox.TeamID
		permission string // that is missing
		seenBy     []inbox.MemberID
	}{
		{me, inbox.NotShared, "", "", []inbox.MemberID{me}},
		{me, inbox.SharedWithTeam, billing, "", []inbox.MemberID{me, mate, manager, owner}},
		{me, inbox.SharedWithTeam, sales, deniedTeam, nil},
		{manager, inbox.SharedWithTeam, sales, "", []inbox.MemberID{stranger, manager, owner}},
		{me, inbox.SharedWithWorkspace, "", deniedAll, nil},
		{manager, inbox.SharedWithWorkspace, "", deniedAll, nil},
		{owner, inbox.SharedWithWorkspace, "", "", []inbox.MemberID{me, mate, stranger, manager, owner}},
		{owner, inbox.NotShared, "", "", []inbox.MemberID{owner}},
	} {
		t.Run(fmt.Sprint(row.who, " ", row.sharing, " ", row.team), func(t *testing.T) {
			d := newDesk(t)
			v, err := d.CreateSavedView(t.Context(), asMember(row.who), draft("Mine", row.sharing, row.team))
			if row.permission != "" {
				require.Equal(t, row.permission, refused(t, err, inbox.PermissionDenied).Permission)
				return
			}
			require.NoError(t, err)
			for _, who := range []inbox.MemberID{me, mate, stranger, manager, owner} {
				sees := false
				for _, id := range row.seenBy {
					sees = sees || id == who
				}
				all, err := d.SavedViews(t.Context(), asMember(who))
				require.NoError(t, err)
				require.Equal(t, sees, len(all) == 1, who)
				got, err := d.SavedView(t.Context(), asMember(who), v.ID)
				if !sees {
					refused(t, err, inbox.NotFound)
					_, err = d.UpdateSavedView(t.Context(), asMember(who), v.ID, draft("Stolen", inbox.NotShared, ""))
					refused(t, err, inbox.NotFound)
					_, err = d.DeleteSavedView(t.Context(), asMember(who), v.ID)
					refused(t, err, inbox.NotFound)
					continue
				}
				require.Equal(t, v, got)
			}
		})
	}
	d := newDesk(t)
	for name, p := range map[string]inbox.Principal{"an AI agent": asAgent(bot), "a partner": asPartner()} {
		_, err := d.CreateSavedView(t.Context(), p, draft("Mine", inbox.NotShared, ""))
		refused(t, err, inbox.PermissionDenied)
		_, err = d.SavedViews(t.Context(), p)
		refused(t, err, inbox.PermissionDenied)
		_, err = d.SavedView(t.Context(), p, "x")
		refused(t, err, inbox.NotFound)
		require.NotEmpty(t, name)
	}
}

// Names are unique on a shelf, and a shelf is bounded. B:V1
func TestShelvesAreBoundedAndNamed(t *testing.T) {
	d := newDesk(t)
	create := func(name string, sharing inbox.Sharing) (inbox.ShelvedView, error) {
		return d.CreateSavedView(t.Context(), asMember(owner), draft(name, sharing, ""))
	}
	first, err := create("Closed today", inbox.NotShared)
	require.NoError(t, err)
	_, err = create("CLOSED today", inbox.NotShared)
	require.Equal(t, []string{"name"}, refused(t, err, inbox.InvalidInput).Field)
	shared, err := create("closed today", inbox.SharedWithWorkspace)
	require.NoError(t, err, "the name is free on another shelf")
	for _, bad := range []string{"", " \u200b\u3164", long(inbox.MaxViewName + 1), "a\x00b"} {
		_, err = create(bad, inbox.NotShared)
		require.Equal(t, []string{"name"}, refused(t, err, inbox.InvalidInput).Field, "%q", bad)
	}
	own := inbox.NotShared
	_, err = d.UpdateSavedView(t.Context(), asMember(owner), shared.ID, inbox.ViewDraft{Sharing: &own})
	refused(t, err, inbox.InvalidInput) // it would meet its namesake
	renamed := "Today"
	moved, err := d.UpdateSavedView(t.Context(), asMember(owner), shared.ID, inbox.ViewDraft{Sharing: &own, Name: &renamed})
	require.NoError(t, err)
	require.Equal(t, shared.Filter, moved.Filter)
	all, err := d.SavedViews(t.Context(), asMember(owner))
	require.NoError(t, err)
	require.Equal(t, []string{"Closed today", "Today"}, namesOf(all))
	all, err = d.SavedViews(t.Context(), asMember(me))
	require.NoError(t, err)
	require.Empty(t, all, "it is not shared any longer")

	for i := len(namesOf(nil)) + 2; i < inbox.MaxShelfViews; i++ {
		_, err = create(fmt.Sprint("view ", i), inbox.NotShared)
		require.NoError(t, err)
	}
	_, err = create("one too many", inbox.NotShared)
	refused(t, err, inbox.InvalidInput)
	_, err = d.DeleteSavedView(t.Context(), asMember(owner), first.ID)
	require.NoError(t, err)
	_, err = create("one too many", inbox.NotShared)
	require.NoError(t, err)
}

// A removed team takes its views with it; a removed member takes their own, and leaves
// those that they shared. B:V1
func TestWhatBecomesOfSavedViews(t *testing.T) {
	d := newDesk(t)
	for _, v := range []inbox.ViewDraft{draft("own", inbox.NotShared, ""), draft("team", inbox.SharedWithTeam, billing)} {
		_, err := d.CreateSavedView(t.Context(), asMember(me), v)
		require.NoError(t, err)
	}
	_, _, err := d.RemoveMember(t.Context(), asMember(owner), me)
	require.NoError(t, err)
	seen := func(who inbox.MemberID) []string {
		all, err := d.SavedViews(t.Context(), asMember(who))
		require.NoError(t, err)
		return namesOf(all)
	}
	require.Equal(t, []string{"team"}, seen(mate))
	_, _, err = d.DeleteTeam(t.Context(), asMember(owner), billing)
	require.NoError(t, err)
	require.Empty(t, seen(mate))
	require.Empty(t, seen(owner))
	require.Empty(t, d.memory.shelves, "nothing is left behind")
}

// A filter names only what the workspace has. B:Z7
func TestSavedFiltersNameWhatExists(t *testing.T) {
	d := newDesk(t)
	for name, filter := range map[string]inbox.View{
		"member": {Assignees: []inbox.MemberID{"nobody"}}, "former": {FormerAssignees: []inbox.MemberID{"nobody"}},
		"team": {Teams: []inbox.TeamID{"none"}}, "agent": {OriginAgents: []inbox.AgentID{"none"}}, "contact": {Contacts: []inbox.ContactID{"nobody"}},
	} {
		v := draft(name, inbox.NotShared, "")
		v.Filter = &filter
		_, err := d.CreateSavedView(t.Context(), asMember(owner), v)
		refused(t, err, inbox.NotFound)
	}
}

package shelf_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/shelf"
	"switchboard/inbox/workspace"
	"switchboard/internal/world"
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
		{world.Me, shelf.NotShared, "", "", []workspace.MemberID{world.Me}},
		{world.Me, shelf.SharedWithTeam, world.Billing, "", []workspace.MemberID{world.Me, world.Mate, world.Manager, world.Owner}},
		{world.Me, shelf.SharedWithTeam, world.Sales, deniedTeam, nil},
		{world.Manager, shelf.SharedWithTeam, world.Sales, "", []workspace.MemberID{world.Stranger, world.Manager, world.Owner}},
		{world.Me, shelf.SharedWithWorkspace, "", deniedAll, nil},
		{world.Manager, shelf.SharedWithWorkspace, "", deniedAll, nil},
		{world.Owner, shelf.SharedWithWorkspace, "", "", []workspace.MemberID{world.Me, world.Mate, world.Stranger, world.Manager, world.Owner}},
		{world.Owner, shelf.NotShared, "", "", []workspace.MemberID{world.Owner}},
	} {
		t.Run(fmt.Sprint(row.who, " ", row.sharing, " ", row.team), func(t *testing.T) {
			d := world.New(t)
			v, err := d.Shelf.CreateSavedView(t.Context(), world.AsMember(row.who), draft("Mine", row.sharing, row.team))
			if row.permission != "" {
				require.Equal(t, row.permission, world.Refused(t, err, inbox.PermissionDenied).Permission)
				return
			}
			require.NoError(t, err)
			for _, who := range []workspace.MemberID{world.Me, world.Mate, world.Stranger, world.Manager, world.Owner} {
				sees := false
				for _, id := range row.seenBy {
					sees = sees || id == who
				}
				all, err := d.Shelf.SavedViews(t.Context(), world.AsMember(who))
				require.NoError(t, err)
				require.Equal(t, sees, len(all) == 1, who)
				got, err := d.Shelf.SavedView(t.Context(), world.AsMember(who), v.ID)
				if !sees {
					world.Refused(t, err, inbox.NotFound)
					_, err = d.Shelf.UpdateSavedView(t.Context(), world.AsMember(who), v.ID, draft("Stolen", shelf.NotShared, ""))
					world.Refused(t, err, inbox.NotFound)
					_, err = d.Shelf.DeleteSavedView(t.Context(), world.AsMember(who), v.ID)
					world.Refused(t, err, inbox.NotFound)
					continue
				}
				require.Equal(t, v, got)
			}
		})
	}
	d := world.New(t)
	for name, p := range map[string]inbox.Principal{"an AI agent": world.AsAgent(world.Bot), "a partner": world.AsPartner()} {
		_, err := d.Shelf.CreateSavedView(t.Context(), p, draft("Mine", shelf.NotShared, ""))
		world.Refused(t, err, inbox.PermissionDenied)
		_, err = d.Shelf.SavedViews(t.Context(), p)
		world.Refused(t, err, inbox.PermissionDenied)
		_, err = d.Shelf.SavedView(t.Context(), p, "x")
		world.Refused(t, err, inbox.NotFound)
		require.NotEmpty(t, name)
	}
}

// Names are unique on a shelf, and a shelf is bounded. B:V1
func TestShelvesAreBoundedAndNamed(t *testing.T) {
	d := world.New(t)
	create := func(name string, sharing shelf.Sharing) (shelf.ListedView, error) {
		return d.Shelf.CreateSavedView(t.Context(), world.AsMember(world.Owner), draft(name, sharing, ""))
	}
	first, err := create("Closed today", shelf.NotShared)
	require.NoError(t, err)
	_, err = create("CLOSED today", shelf.NotShared)
	require.Equal(t, []string{"name"}, world.Refused(t, err, inbox.InvalidInput).Field)
	shared, err := create("closed today", shelf.SharedWithWorkspace)
	require.NoError(t, err, "the name is free on another shelf")
	for _, bad := range []string{"", " \u200b\u3164", world.Long(shelf.MaxViewName + 1), "a\x00b"} {
		_, err = create(bad, shelf.NotShared)
		require.Equal(t, []string{"name"}, world.Refused(t, err, inbox.InvalidInput).Field, "%q", bad)
	}
	own := shelf.NotShared
	_, err = d.Shelf.UpdateSavedView(t.Context(), world.AsMember(world.Owner), shared.ID, shelf.ViewDraft{Sharing: &own})
	world.Refused(t, err, inbox.InvalidInput) // it would meet its namesake
	renamed := "Today"
	moved, err := d.Shelf.UpdateSavedView(t.Context(), world.AsMember(world.Owner), shared.ID, shelf.ViewDraft{Sharing: &own, Name: &renamed})
	require.NoError(t, err)
	require.Equal(t, shared.Filter, moved.Filter)
	all, err := d.Shelf.SavedViews(t.Context(), world.AsMember(world.Owner))
	require.NoError(t, err)
	require.Equal(t, []string{"Closed today", "Today"}, namesOf(all))
	all, err = d.Shelf.SavedViews(t.Context(), world.AsMember(world.Me))
	require.NoError(t, err)
	require.Empty(t, all, "it is not shared any longer")

	for i := len(namesOf(nil)) + 2; i < shelf.MaxListViews; i++ {
		_, err = create(fmt.Sprint("view ", i), shelf.NotShared)
		require.NoError(t, err)
	}
	_, err = create("one too many", shelf.NotShared)
	world.Refused(t, err, inbox.InvalidInput)
	_, err = d.Shelf.DeleteSavedView(t.Context(), world.AsMember(world.Owner), first.ID)
	require.NoError(t, err)
	_, err = create("one too many", shelf.NotShared)
	require.NoError(t, err)
}

// A removed team takes its views with it; a removed member takes their own, and leaves
// those that they shared. B:V1
func TestWhatBecomesOfSavedViews(t *testing.T) {
	d := world.New(t)
	for _, v := range []shelf.ViewDraft{draft("own", shelf.NotShared, ""), draft("team", shelf.SharedWithTeam, world.Billing)} {
		_, err := d.Shelf.CreateSavedView(t.Context(), world.AsMember(world.Me), v)
		require.NoError(t, err)
	}
	_, _, err := d.Admin.RemoveMember(t.Context(), world.AsMember(world.Owner), world.Me)
	require.NoError(t, err)
	seen := func(who workspace.MemberID) []string {
		all, err := d.Shelf.SavedViews(t.Context(), world.AsMember(who))
		require.NoError(t, err)
		return namesOf(all)
	}
	require.Equal(t, []string{"team"}, seen(world.Mate))
	_, _, err = d.Admin.DeleteTeam(t.Context(), world.AsMember(world.Owner), world.Billing)
	require.NoError(t, err)
	require.Empty(t, seen(world.Mate))
	require.Empty(t, seen(world.Owner))
	require.Empty(t, d.Memory.Shelved, "nothing is left behind")
}

// A filter names only what the workspace has. B:Z7
func TestSavedFiltersNameWhatExists(t *testing.T) {
	d := world.New(t)
	for name, filter := range map[string]access.View{
		"member": {Assignees: []workspace.MemberID{"nobody"}}, "former": {FormerAssignees: []workspace.MemberID{"nobody"}},
		"team": {Teams: []workspace.TeamID{"none"}}, "agent": {OriginAgents: []workspace.AgentID{"none"}}, "contact": {Contacts: []inbox.ContactID{"nobody"}},
	} {
		v := draft(name, shelf.NotShared, "")
		v.Filter = &filter
		_, err := d.Shelf.CreateSavedView(t.Context(), world.AsMember(world.Owner), v)
		world.Refused(t, err, inbox.NotFound)
	}
}

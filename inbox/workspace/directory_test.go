package workspace_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/workspace"
	"switchboard/internal/world"
)

func TestDirectoryWith(t *testing.T) {
	old := world.NewDirectory()
	ws, member, team, agent, key := old.Workspace, old.Members[world.Me], old.Teams[world.Billing], old.Agents[world.Bot], old.Keys[world.Feeder]
	ws.Name, member.Name, team.Name, agent.Name, key.Name = "W", "M", "T", "A", "K"
	for _, rev := range []int{0, 1, 2} {
		ws.Rev, member.Rev, team.Rev, agent.Rev, key.Rev = rev, rev, rev, rev, rev
		news := rev == 2
		require.Equal(t, news, old.With(workspace.DirectoryChange{Workspace: &ws}).Workspace.Name == "W")
		require.Equal(t, news, old.With(workspace.DirectoryChange{Member: &member}).Members[world.Me].Name == "M")
		require.Equal(t, news, old.With(workspace.DirectoryChange{Team: &team}).Teams[world.Billing].Name == "T")
		require.Equal(t, news, old.With(workspace.DirectoryChange{Agent: &agent}).Agents[world.Bot].Name == "A")
		require.Equal(t, news, old.With(workspace.DirectoryChange{Key: &key}).Keys[world.Feeder].Name == "K")
	}
	require.Equal(t, world.NewDirectory(), old, "the directory itself is never written to")
	added := old.With(workspace.DirectoryChange{Team: &workspace.Team{ID: "new", Rev: 1}})
	require.Len(t, added.Teams, 3)
	require.Len(t, added.Members, len(old.Members))
}

func TestDirectoryLeavesOutTheRemoved(t *testing.T) {
	w := world.NewWorld(t)
	d := w.Roster
	d.Teams["a"] = workspace.Team{ID: "a", Name: "Sales"}
	d.Teams["gone"] = workspace.Team{ID: "gone", Name: "Gone", Removed: true}
	d.Agents["gone"] = workspace.AIAgent{ID: "gone", Removed: true}
	d.Members["gone"] = workspace.Member{ID: "gone", Removed: true}
	d.Members["mia2"] = workspace.Member{ID: "mia2", Name: "Mia"}
	_, member := d.Member("gone")
	_, team := d.Team("gone")
	_, agent := d.Agent("gone")
	require.False(t, member || team || agent)
	var teams []workspace.TeamID
	for _, team := range d.SortedTeams() {
		teams = append(teams, team.ID)
	}
	require.Equal(t, []workspace.TeamID{world.Billing, "a", world.Sales}, teams, "by name, then by id")
	require.Equal(t, []workspace.MemberID{world.Mate, world.Me, "mia2", world.Manager, world.Owner, world.Observer, world.Stranger, world.Senior}, world.IDsOf(d.SortedMembers()))
	_, err := access.NewAccess(world.AsAgent("gone"), d, w.Policy)
	world.Refused(t, err, inbox.Unauthenticated)
}

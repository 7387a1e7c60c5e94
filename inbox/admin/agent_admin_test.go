package admin_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/admin"
	"switchboard/inbox/workspace"
	"switchboard/internal/world"
)

// What is stored may be older than the rule of texts of one line: it keeps nobody from
// changing the rest.
func TestWhatAnAgentHasAlreadyIsNotRefused(t *testing.T) {
	d := world.New(t)
	stored := d.Roster.Agents[world.Bot]
	stored.Name, stored.Subject = "a\tname", "a\tsubject"
	d.Roster.Agents[world.Bot] = stored
	change := func(e admin.AgentEdit) (workspace.AIAgent, error) {
		return d.Admin.UpdateAgent(t.Context(), world.AsMember(world.Owner), world.Bot, e)
	}
	name, subject, other := "Helper", "helper", "b\tsubject"
	got, err := change(admin.AgentEdit{Name: &name})
	require.NoError(t, err)
	require.Equal(t, "a\tsubject", got.Subject)
	_, err = change(admin.AgentEdit{Subject: &other})
	world.Refused(t, err, inbox.InvalidInput)
	got, err = change(admin.AgentEdit{Subject: &subject})
	require.NoError(t, err)
	require.Equal(t, name, got.Name)
}

package inbox_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/workspace"
)

// B:P1
func TestSetAvailability(t *testing.T) {
	d := newDesk(t)
	m, err := d.Admin.SetAvailability(t.Context(), asMember(me), workspace.Away, "")
	require.NoError(t, err)
	require.Equal(t, workspace.Away, m.Availability)
	require.Equal(t, start(), m.OnlineSince)
	require.Equal(t, 2, m.Rev)
	event := d.recorded()[0]
	require.Equal(t, inbox.DirectoryEvent, event.Type)
	require.Equal(t, m, *event.Directory.Member)
	require.Equal(t, asMember(me).Actor, event.Actor)

	_, err = d.Admin.SetAvailability(t.Context(), asMember(me), workspace.Away, me)
	require.NoError(t, err)
	require.Len(t, d.recorded(), 1, "nothing changed")

	d.pass(time.Hour)
	m, err = d.Admin.SetAvailability(t.Context(), asMember(me), workspace.Online, me)
	require.NoError(t, err)
	require.Equal(t, start().Add(time.Hour), m.OnlineSince, "a place in the round begins anew") // B:Q4

	_, err = d.Admin.SetAvailability(t.Context(), asMember(me), workspace.Away, mate)
	require.Equal(t, string(workspace.MembersManage), refused(t, err, inbox.PermissionDenied).Permission)
	_, err = d.Admin.SetAvailability(t.Context(), asMember(manager), workspace.Away, mate)
	refused(t, err, inbox.PermissionDenied)
	m, err = d.Admin.SetAvailability(t.Context(), asMember(owner), workspace.Away, mate)
	require.NoError(t, err)
	require.Equal(t, mate, m.ID)
	_, err = d.Admin.SetAvailability(t.Context(), asMember(owner), workspace.Away, "foreign")
	refused(t, err, inbox.NotFound)
	_, err = d.Admin.SetAvailability(t.Context(), asAgent(bot), workspace.Away, "")
	require.Equal(t, []string{"memberId"}, refused(t, err, inbox.InvalidInput).Field)
	_, err = d.Admin.SetAvailability(t.Context(), asMember("nobody"), workspace.Away, "")
	refused(t, err, inbox.Unauthenticated)
	m, err = d.Admin.SetAvailability(t.Context(), asSystem(), workspace.Offline, mate)
	require.NoError(t, err)
	require.Equal(t, workspace.Offline, m.Availability)
}

// remembered gives a directory that only Applied renews, as a server that the
// feed did not reach yet.
type remembered struct {
	mu        sync.Mutex
	directory *workspace.Directory
}

func (r *remembered) Directory(context.Context, workspace.WorkspaceID) (*workspace.Directory, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.directory, nil
}

func (r *remembered) Applied(_ workspace.WorkspaceID, c workspace.DirectoryChange) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.directory = r.directory.With(c)
}

func TestDirectoryEditsByTwoServers(t *testing.T) {
	d := newDesk(t)
	old := &remembered{directory: d.directory()}
	late := d.serve(old)
	_, err := d.Admin.SetAvailability(t.Context(), asMember(me), workspace.Away, "")
	require.NoError(t, err)
	m, err := late.Admin.SetAvailability(t.Context(), asMember(me), workspace.Offline, "")
	require.NoError(t, err)
	require.Equal(t, 3, m.Rev, "built on the newest, not on the old one")
	seen, err := old.Directory(t.Context(), home)
	require.NoError(t, err)
	require.Equal(t, workspace.Offline, seen.Members[me].Availability, "seen at once where it was made")

	// A right that was lost meanwhile counts.
	_, _, err = d.Admin.UpdateRules(t.Context(), asMember(owner), func(r *workspace.Rules) { r.MaxAutoAssigned = 5 })
	require.NoError(t, err)
	removed := d.memory.directory.Members[owner]
	removed.Removed, removed.Rev = true, removed.Rev+1
	d.memory.directory = d.memory.directory.With(workspace.DirectoryChange{Member: &removed})
	_, _, err = late.Admin.UpdateRules(t.Context(), asMember(owner), func(r *workspace.Rules) { r.MaxAutoAssigned = 6 })
	refused(t, err, inbox.Unauthenticated)
	require.Equal(t, 5, d.memory.directory.Workspace.Rules.MaxAutoAssigned)
}

func TestDirectoryEditsAreBounded(t *testing.T) {
	d := newDesk(t)
	stuck := d.serve(&remembered{directory: d.directory()})
	var again func()
	again = func() {
		d.memory.mu.Lock()
		d.memory.meanwhile = again
		d.memory.mu.Unlock()
		m := d.memory.directory.Members[me]
		m.Rev++
		d.memory.mu.Lock()
		d.memory.directory = d.memory.directory.With(workspace.DirectoryChange{Member: &m})
		d.memory.mu.Unlock()
	}
	d.meanwhile = again
	_, err := stuck.Admin.SetAvailability(t.Context(), asMember(me), workspace.Away, "")
	refused(t, err, inbox.Unavailable)
}

func TestUpdateRules(t *testing.T) {
	for name, c := range map[string]struct {
		by       inbox.Principal
		plan     workspace.PlanName
		edit     func(*workspace.Rules)
		want     inbox.Code
		field    string
		warnings []inbox.Warning
	}{
		"by who may manage":                {asMember(owner), "free", func(r *workspace.Rules) { r.SendPolicy = workspace.SendAnyone }, "", "", nil},
		"by a manager":                     {asMember(manager), "enterprise", func(r *workspace.Rules) { r.SendPolicy = workspace.SendAnyone }, inbox.PermissionDenied, "", nil},
		"by an AI agent":                   {asAgent(bot), "enterprise", func(r *workspace.Rules) { r.SendPolicy = workspace.SendAnyone }, inbox.PermissionDenied, "", nil},
		"by a contact":                     {asContact("c"), "enterprise", func(r *workspace.Rules) { r.SendPolicy = workspace.SendAnyone }, inbox.PermissionDenied, "", nil},
		"a method of the plan":             {asMember(owner), "lite", func(r *workspace.Rules) { r.Method = workspace.Random }, "", "", nil}, // B:Q3
		"a method above the plan":          {asMember(owner), "free", func(r *workspace.Rules) { r.Method = workspace.Random }, inbox.PlanRequired, "", nil},
		"round robin below pro":            {asMember(owner), "lite", func(r *workspace.Rules) { r.Method = workspace.RoundRobin }, inbox.PlanRequired, "", nil},
		"voluntary below total":            {asMember(owner), "pro", func(r *workspace.Rules) { r.Method = workspace.Voluntary }, inbox.PlanRequired, "", nil},
		"voluntary on total":               {asMember(owner), "total", func(r *workspace.Rules) { r.Method = workspace.Voluntary }, "", "", nil},
		"no such method":                   {asMember(owner), "enterprise", func(r *workspace.Rules) { r.Method = "BEST" }, inbox.InvalidInput, "method", nil},
		"a cap of none":                    {asMember(owner), "enterprise", func(r *workspace.Rules) { r.MaxAutoAssigned = 0 }, inbox.InvalidInput, "maxAutoAssigned", nil},
		"what is not in effect":            {asMember(owner), "enterprise", func(r *workspace.Rules) { r.TransferAcceptance = workspace.TransferOffered }, "", "", []inbox.Warning{inbox.WarnNotInEffect}},
		"what is not in effect yet either": {asMember(owner), "enterprise", func(r *workspace.Rules) { r.ReclaimAfter = time.Minute }, "", "", []inbox.Warning{inbox.WarnNotInEffect}},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			d.directory().Workspace.Plan = c.plan
			want := d.directory().Workspace
			c.edit(&want.Rules)
			got, warnings, err := d.Admin.UpdateRules(t.Context(), c.by, c.edit)
			require.Equal(t, c.want, inbox.CodeOf(err), "%v", err)
			if err != nil {
				require.Empty(t, d.recorded())
				refusal := refused(t, err, c.want)
				if c.field != "" {
					require.Equal(t, []string{c.field}, refusal.Field)
				}
				if c.want == inbox.PlanRequired { // B:Q9
					require.Equal(t, c.plan, refusal.CurrentPlan)
					require.NotEmpty(t, refusal.RequiredPlan)
				}
				return
			}
			require.Equal(t, want.Rules, got.Rules)
			require.Equal(t, 2, got.Rev)
			require.Equal(t, c.warnings, warnings)
			require.Equal(t, got, *d.recorded()[0].Directory.Workspace)
			_, _, err = d.Admin.UpdateRules(t.Context(), c.by, c.edit)
			require.NoError(t, err)
			require.Len(t, d.recorded(), 1, "what is so already is not written")
		})
	}
	// After a downgrade other rules can be set beside a method that the plan lost. B:Q9
	d := newDesk(t)
	d.directory().Workspace.Plan = "free"
	d.rules(func(r *workspace.Rules) { r.Method = workspace.Voluntary })
	_, _, err := d.Admin.UpdateRules(t.Context(), asMember(owner), func(r *workspace.Rules) { r.CloseActor = workspace.CloseByAnyone })
	require.NoError(t, err)
}

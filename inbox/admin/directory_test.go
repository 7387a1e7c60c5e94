package admin_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/workspace"
	"switchboard/internal/world"
)

// B:P1
func TestSetAvailability(t *testing.T) {
	d := world.New(t)
	m, err := d.Admin.SetAvailability(t.Context(), world.AsMember(world.Me), workspace.Away, "", "")
	require.NoError(t, err)
	require.Equal(t, workspace.Away, m.Availability)
	require.Equal(t, world.Start(), m.OnlineSince)
	require.Equal(t, 2, m.Rev)
	event := d.Recorded()[0]
	require.Equal(t, inbox.DirectoryEvent, event.Type)
	require.Equal(t, m, *event.Directory.Member)
	require.Equal(t, world.AsMember(world.Me).Actor, event.Actor)

	_, err = d.Admin.SetAvailability(t.Context(), world.AsMember(world.Me), workspace.Away, world.Me, "")
	require.NoError(t, err)
	require.Len(t, d.Recorded(), 1, "nothing changed")

	d.Pass(time.Hour)
	m, err = d.Admin.SetAvailability(t.Context(), world.AsMember(world.Me), workspace.Online, world.Me, "")
	require.NoError(t, err)
	require.Equal(t, world.Start().Add(time.Hour), m.OnlineSince, "a place in the round begins anew") // B:Q4

	_, err = d.Admin.SetAvailability(t.Context(), world.AsMember(world.Me), workspace.Away, world.Mate, "")
	require.Equal(t, string(workspace.MembersManage), world.Refused(t, err, inbox.PermissionDenied).Permission)
	_, err = d.Admin.SetAvailability(t.Context(), world.AsMember(world.Manager), workspace.Away, world.Mate, "")
	world.Refused(t, err, inbox.PermissionDenied)
	m, err = d.Admin.SetAvailability(t.Context(), world.AsMember(world.Owner), workspace.Away, world.Mate, "")
	require.NoError(t, err)
	require.Equal(t, world.Mate, m.ID)
	_, err = d.Admin.SetAvailability(t.Context(), world.AsMember(world.Owner), workspace.Away, "foreign", "")
	world.Refused(t, err, inbox.NotFound)
	_, err = d.Admin.SetAvailability(t.Context(), world.AsAgent(world.Bot), workspace.Away, "", "")
	require.Equal(t, []string{"memberId"}, world.Refused(t, err, inbox.InvalidInput).Field)
	_, err = d.Admin.SetAvailability(t.Context(), world.AsMember("nobody"), workspace.Away, "", "")
	world.Refused(t, err, inbox.Unauthenticated)
	m, err = d.Admin.SetAvailability(t.Context(), world.AsSystem(), workspace.Offline, world.Mate, "")
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
	d := world.New(t)
	old := &remembered{directory: d.Roster}
	late := d.Serve(old)
	_, err := d.Admin.SetAvailability(t.Context(), world.AsMember(world.Me), workspace.Away, "", "")
	require.NoError(t, err)
	m, err := late.Admin.SetAvailability(t.Context(), world.AsMember(world.Me), workspace.Offline, "", "")
	require.NoError(t, err)
	require.Equal(t, 3, m.Rev, "built on the newest, not on the old one")
	seen, err := old.Directory(t.Context(), world.Home)
	require.NoError(t, err)
	require.Equal(t, workspace.Offline, seen.Members[world.Me].Availability, "seen at once where it was made")

	// A right that was lost meanwhile counts.
	_, _, err = d.Admin.UpdateRules(t.Context(), world.AsMember(world.Owner), func(r *workspace.Rules) { r.MaxAutoAssigned = 5 })
	require.NoError(t, err)
	removed := d.Memory.Saved.Members[world.Owner]
	removed.Removed, removed.Rev = true, removed.Rev+1
	d.Memory.Saved = d.Memory.Saved.With(workspace.DirectoryChange{Member: &removed})
	_, _, err = late.Admin.UpdateRules(t.Context(), world.AsMember(world.Owner), func(r *workspace.Rules) { r.MaxAutoAssigned = 6 })
	world.Refused(t, err, inbox.Unauthenticated)
	require.Equal(t, 5, d.Memory.Saved.Workspace.Rules.MaxAutoAssigned)
}

// What a member chose a moment ago on another server is not taken for what they have: an
// answer without an error has saved it. B:P1
func TestSetAvailabilityToWhatAServerStillRemembers(t *testing.T) {
	d := world.New(t)
	late := d.Serve(&remembered{directory: d.Roster})
	_, err := d.Admin.SetAvailability(t.Context(), world.AsMember(world.Me), workspace.Away, "", "")
	require.NoError(t, err)
	d.Pass(time.Second)
	for range 2 { // the second finds nothing to do
		m, err := late.Admin.SetAvailability(t.Context(), world.AsMember(world.Me), workspace.Online, "", "")
		require.NoError(t, err)
		require.Equal(t, d.Memory.Saved.Members[world.Me], m)
		require.Equal(t, workspace.Online, m.Availability)
		require.Equal(t, d.Clock(), m.OnlineSince)
	}
	require.Len(t, d.Recorded(), 2)

	removed := d.Memory.Saved.Members[world.Me]
	removed.Removed, removed.Rev = true, removed.Rev+1
	d.Memory.Saved = d.Memory.Saved.With(workspace.DirectoryChange{Member: &removed})
	_, err = late.Admin.SetAvailability(t.Context(), world.AsMember(world.Me), workspace.Online, "", "")
	world.Refused(t, err, inbox.Unauthenticated)
}

func TestDirectoryEditsAreBounded(t *testing.T) {
	d := world.New(t)
	stuck := d.Serve(&remembered{directory: d.Roster})
	var again func()
	again = func() {
		d.Memory.Mu.Lock()
		d.Memory.Meanwhile = again
		d.Memory.Mu.Unlock()
		m := d.Memory.Saved.Members[world.Me]
		m.Rev++
		d.Memory.Mu.Lock()
		d.Memory.Saved = d.Memory.Saved.With(workspace.DirectoryChange{Member: &m})
		d.Memory.Mu.Unlock()
	}
	d.Meanwhile = again
	_, err := stuck.Admin.SetAvailability(t.Context(), world.AsMember(world.Me), workspace.Away, "", "")
	world.Refused(t, err, inbox.Unavailable)
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
		"by who may manage":           {world.AsMember(world.Owner), "free", func(r *workspace.Rules) { r.SendPolicy = workspace.SendAnyone }, "", "", nil},
		"by a manager":                {world.AsMember(world.Manager), "enterprise", func(r *workspace.Rules) { r.SendPolicy = workspace.SendAnyone }, inbox.PermissionDenied, "", nil},
		"by an AI agent":              {world.AsAgent(world.Bot), "enterprise", func(r *workspace.Rules) { r.SendPolicy = workspace.SendAnyone }, inbox.PermissionDenied, "", nil},
		"by a contact":                {world.AsContact("c"), "enterprise", func(r *workspace.Rules) { r.SendPolicy = workspace.SendAnyone }, inbox.PermissionDenied, "", nil},
		"a method of the plan":        {world.AsMember(world.Owner), "lite", func(r *workspace.Rules) { r.Method = workspace.Random }, "", "", nil}, // B:Q3
		"a method above the plan":     {world.AsMember(world.Owner), "free", func(r *workspace.Rules) { r.Method = workspace.Random }, inbox.PlanRequired, "", nil},
		"round robin below pro":       {world.AsMember(world.Owner), "lite", func(r *workspace.Rules) { r.Method = workspace.RoundRobin }, inbox.PlanRequired, "", nil},
		"voluntary below total":       {world.AsMember(world.Owner), "pro", func(r *workspace.Rules) { r.Method = workspace.Voluntary }, inbox.PlanRequired, "", nil},
		"voluntary on total":          {world.AsMember(world.Owner), "total", func(r *workspace.Rules) { r.Method = workspace.Voluntary }, "", "", nil},
		"no such method":              {world.AsMember(world.Owner), "enterprise", func(r *workspace.Rules) { r.Method = "BEST" }, inbox.InvalidInput, "method", nil},
		"a cap of none":               {world.AsMember(world.Owner), "enterprise", func(r *workspace.Rules) { r.MaxAutoAssigned = 0 }, inbox.InvalidInput, "maxAutoAssigned", nil},
		"offers":                      {world.AsMember(world.Owner), "pro", func(r *workspace.Rules) { r.TransferAcceptance = workspace.TransferOffered }, "", "", nil},
		"offers above the plan":       {world.AsMember(world.Owner), "lite", func(r *workspace.Rules) { r.TransferAcceptance = workspace.TransferOffered }, inbox.PlanRequired, "", nil},
		"taking back":                 {world.AsMember(world.Owner), "pro", func(r *workspace.Rules) { r.ReclaimAfter = time.Minute }, "", "", nil}, // B:R1
		"taking back below pro":       {world.AsMember(world.Owner), "lite", func(r *workspace.Rules) { r.ReclaimAfter = time.Minute }, inbox.PlanRequired, "", nil},
		"taking back from the absent": {world.AsMember(world.Owner), "lite", func(r *workspace.Rules) { r.ReclaimOffline = workspace.ReclaimOfflineOnInbound }, inbox.PlanRequired, "", nil},
		"no taking back":              {world.AsMember(world.Owner), "free", func(r *workspace.Rules) { r.Reclaim = workspace.ReclaimNothing }, "", "", nil},
	} {
		t.Run(name, func(t *testing.T) {
			d := world.New(t)
			d.Roster.Workspace.Plan = c.plan
			want := d.Roster.Workspace
			c.edit(&want.Rules)
			got, warnings, err := d.Admin.UpdateRules(t.Context(), c.by, c.edit)
			require.Equal(t, c.want, inbox.CodeOf(err), "%v", err)
			if err != nil {
				require.Empty(t, d.Recorded())
				refusal := world.Refused(t, err, c.want)
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
			require.Equal(t, got, *d.Recorded()[0].Directory.Workspace)
			_, _, err = d.Admin.UpdateRules(t.Context(), c.by, c.edit)
			require.NoError(t, err)
			require.Len(t, d.Recorded(), 1, "what is so already is not written")
		})
	}
	// After a downgrade other rules can be set beside a method that the plan lost. B:Q9
	d := world.New(t)
	d.Roster.Workspace.Plan = "free"
	d.Rules(func(r *workspace.Rules) { r.Method = workspace.Voluntary })
	_, _, err := d.Admin.UpdateRules(t.Context(), world.AsMember(world.Owner), func(r *workspace.Rules) { r.CloseActor = workspace.CloseByAnyone })
	require.NoError(t, err)
}

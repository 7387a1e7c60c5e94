package admin_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/admin"
	"switchboard/inbox/audit"
	"switchboard/inbox/workspace"
	"switchboard/internal/world"
)

// Who may manage rules makes, renames and archives reason codes; each act has its revision
// and its entry in the audit log, and a repeat makes no second one.
func TestReasonCodes(t *testing.T) {
	d := world.New(t)
	boss := world.AsMember(world.Owner)
	n := admin.NewReasonCode{Name: "Spam", Usage: workspace.ReasonClose, Key: "k"}
	made, err := d.Admin.CreateReasonCode(t.Context(), boss, n)
	require.NoError(t, err)
	require.Equal(t, workspace.ReasonCode{ID: made.ID, Name: "Spam", Usage: workspace.ReasonClose, Rev: 1}, made)
	again, err := d.Admin.CreateReasonCode(t.Context(), boss, n)
	require.NoError(t, err)
	require.Equal(t, made, again)
	_, err = d.Admin.CreateReasonCode(t.Context(), boss, admin.NewReasonCode{Name: "spam", Usage: workspace.ReasonClose})
	require.Equal(t, []string{"name"}, world.Refused(t, err, inbox.InvalidInput).Field)
	other, err := d.Admin.CreateReasonCode(t.Context(), boss, admin.NewReasonCode{Name: "spam", Usage: workspace.ReasonTransfer})
	require.NoError(t, err, "of another usage")
	renamed, err := d.Admin.UpdateReasonCode(t.Context(), boss, made.ID, admin.ReasonCodeEdit{Name: world.Ptr("Junk"), ExpectedRevision: world.Ptr(1)})
	require.NoError(t, err)
	require.Equal(t, 2, renamed.Rev)
	same, err := d.Admin.UpdateReasonCode(t.Context(), boss, made.ID, admin.ReasonCodeEdit{Name: world.Ptr("Junk")})
	require.NoError(t, err)
	require.Equal(t, renamed, same, "nothing changed")
	_, err = d.Admin.UpdateReasonCode(t.Context(), boss, made.ID, admin.ReasonCodeEdit{Archived: world.Ptr(true), ExpectedRevision: world.Ptr(1)})
	require.Equal(t, 2, world.Refused(t, err, inbox.Conflict).Revision)
	archived, err := d.Admin.UpdateReasonCode(t.Context(), boss, made.ID, admin.ReasonCodeEdit{Archived: world.Ptr(true)})
	require.NoError(t, err)
	require.True(t, archived.Archived)
	second, err := d.Admin.CreateReasonCode(t.Context(), boss, admin.NewReasonCode{Name: "Junk", Usage: workspace.ReasonClose})
	require.NoError(t, err, "the name of an archived one is free")
	_, err = d.Admin.UpdateReasonCode(t.Context(), boss, made.ID, admin.ReasonCodeEdit{Archived: world.Ptr(false)})
	world.Refused(t, err, inbox.InvalidInput)

	a := d.Access(t, world.AsMember(world.Me))
	a.Directory.Workspace = stored(t, d)
	require.Equal(t, []workspace.ReasonCode{other, second}, admin.ReasonCodes(a, "", false))
	require.Equal(t, []workspace.ReasonCode{archived, second}, sortedByRev(admin.ReasonCodes(a, workspace.ReasonClose, true)))
	page, err := d.Admin.AuditLog(t.Context(), boss, audit.AuditQuery{Page: inbox.PageRequest{Limit: 9}})
	require.NoError(t, err)
	var acts []string
	for _, e := range page.Items {
		require.Equal(t, audit.AuditReasonCode, e.Target.Kind)
		acts = append(acts, fmt.Sprint(e.Action, " ", e.Target.Name))
	}
	require.ElementsMatch(t, []string{
		"reason_code.create Spam", "reason_code.create spam", "reason_code.update Junk", "reason_code.update Junk", "reason_code.create Junk",
	}, acts)
	for _, by := range []inbox.Principal{world.AsMember(world.Me), world.AsMember(world.Manager), world.AsAgent(world.Bot), world.AsPartner()} {
		_, err = d.Admin.CreateReasonCode(t.Context(), by, admin.NewReasonCode{Name: "Mine", Usage: workspace.ReasonClose})
		world.Refused(t, err, inbox.PermissionDenied)
		_, err = d.Admin.UpdateReasonCode(t.Context(), by, made.ID, admin.ReasonCodeEdit{})
		world.Refused(t, err, inbox.PermissionDenied)
	}
	_, err = d.Admin.UpdateReasonCode(t.Context(), boss, "nothing", admin.ReasonCodeEdit{})
	world.Refused(t, err, inbox.NotFound)
	for i := range workspace.MaxReasonCodes {
		_, err = d.Admin.CreateReasonCode(t.Context(), boss, admin.NewReasonCode{Name: fmt.Sprint("Code ", i), Usage: workspace.ReasonAway})
		if err != nil {
			break
		}
	}
	world.Refused(t, err, inbox.InvalidInput)
}

func stored(t *testing.T, d *world.Inbox) workspace.Workspace {
	t.Helper()
	all, err := d.Memory.Directory(t.Context(), world.Home)
	require.NoError(t, err)
	return all.Workspace
}

func sortedByRev(codes []workspace.ReasonCode) []workspace.ReasonCode {
	if len(codes) == 2 && codes[0].Rev < codes[1].Rev {
		codes[0], codes[1] = codes[1], codes[0]
	}
	return codes
}

// AWAY has a reason, which a rule can demand of members. It outlasts a lost connection,
// ends with AWAY, and nothing else has one.
func TestAwayForAReason(t *testing.T) {
	d := world.New(t)
	d.Roster.Workspace.ReasonCodes = []workspace.ReasonCode{
		{ID: "lunch", Name: "Lunch", Usage: workspace.ReasonAway, Rev: 1}, {ID: "spam", Name: "Spam", Usage: workspace.ReasonClose, Rev: 1},
		{ID: "old", Name: "Old", Usage: workspace.ReasonAway, Archived: true, Rev: 2},
	}
	me := world.AsMember(world.Me)
	set := func(by inbox.Principal, to workspace.Availability, who workspace.MemberID, code workspace.ReasonCodeID) (workspace.Member, error) {
		return d.Admin.SetAvailability(t.Context(), by, to, who, code)
	}
	m, err := set(me, workspace.Away, "", "lunch")
	require.NoError(t, err)
	require.Equal(t, workspace.ReasonCodeID("lunch"), m.AwayReason())
	rules := workspace.DefaultRules()
	lost := m.TurnedTo(workspace.Offline, workspace.ConnectionLost, workspace.System(), d.Clock())
	require.Empty(t, lost.AwayReason())
	back, ok := lost.Restored(rules, d.Clock())
	require.True(t, ok)
	require.Equal(t, workspace.ReasonCodeID("lunch"), back.AwayReason(), "a lost connection changes no reason")
	m, err = set(me, workspace.Away, "", "")
	require.NoError(t, err)
	require.Empty(t, m.AwayReason(), "another reason is a change")
	m, err = set(me, workspace.Online, "", "")
	require.NoError(t, err)
	require.Empty(t, m.Turned.ReasonCode)
	for code, want := range map[workspace.ReasonCodeID]inbox.Code{"spam": inbox.InvalidInput, "old": inbox.InvalidInput, "nothing": inbox.NotFound} {
		_, err = set(me, workspace.Away, "", code)
		require.Equal(t, []string{"reasonCodeId"}, world.Refused(t, err, want).Field)
	}
	_, err = set(me, workspace.Online, "", "lunch")
	world.Refused(t, err, inbox.InvalidInput)

	_, _, err = d.Admin.UpdateRules(t.Context(), world.AsMember(world.Owner), func(r *workspace.Rules) { r.ReasonsRequired = "HOLIDAY" })
	require.Equal(t, []string{"reasonsRequired"}, world.Refused(t, err, inbox.InvalidInput).Field)
	_, _, err = d.Admin.UpdateRules(t.Context(), world.AsMember(world.Owner), func(r *workspace.Rules) { r.ReasonsRequired = workspace.UsagesOf(workspace.ReasonAway) })
	require.NoError(t, err)
	_, err = set(me, workspace.Away, "", "")
	require.Equal(t, workspace.ReasonAway, world.Refused(t, err, inbox.ReasonRequired).Usage)
	_, err = set(world.AsMember(world.Owner), workspace.Away, world.Me, "")
	world.Refused(t, err, inbox.ReasonRequired)
	m, err = set(world.AsMember(world.Owner), workspace.Away, world.Me, "lunch")
	require.NoError(t, err)
	require.Equal(t, workspace.ReasonCodeID("lunch"), m.AwayReason())
	_, err = set(me, workspace.Offline, "", "")
	require.NoError(t, err, "OFFLINE needs none")
	_, err = set(world.AsSystem(), workspace.Away, world.Me, "")
	require.NoError(t, err, "nor do the rules")
}

package admin_test

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/audit"
	"switchboard/inbox/webhooks"
	"switchboard/inbox/workspace"
	"switchboard/internal/world"
)

// hookConditions counts how often they are read.
type hookConditions struct {
	reads int
	asked []workspace.WebhookID
	err   error
}

func (s *hookSent) WebhookConditions(_ context.Context, _ workspace.WorkspaceID, ids []workspace.WebhookID) (map[workspace.WebhookID]webhooks.Condition, error) {
	s.conditions.reads++
	s.conditions.asked = ids
	out := map[workspace.WebhookID]webhooks.Condition{}
	for _, id := range ids {
		out[id] = webhooks.Condition{Failing: true, Parked: true}
	}
	return out, s.conditions.err
}

// withHooks gives the world an endpoint for each state and reason, whose names say which.
func withHooks(t *testing.T) (d hooks, ended int) {
	t.Helper()
	d = newHooks(t)
	add := func(state workspace.WebhookState, reason string) {
		id := workspace.WebhookID(string(state) + " " + reason)
		d.Roster.Webhooks[id] = workspace.Webhook{ID: id, Workspace: world.Home, Name: string(id), Key: "crm", State: state, StateReason: reason, Rev: 1, Secrets: []workspace.WebhookSecret{{}}}
	}
	for _, state := range []workspace.WebhookState{workspace.WebhookActive, workspace.WebhookPaused, workspace.WebhookDisabled} {
		add(state, "")
	}
	for _, reason := range webhooks.EndReasons() {
		add(workspace.WebhookDisabled, reason)
	}
	d.Roster.Webhooks["gone"] = workspace.Webhook{ID: "gone", Workspace: world.Home, Name: "gone", State: workspace.WebhookDisabled, StateReason: webhooks.EndGone, Removed: true, Rev: 1}
	d.Roster.Webhooks["revived"] = workspace.Webhook{ID: "revived", Workspace: world.Home, Name: "revived", Key: "crm", State: workspace.WebhookActive, Rev: 2}
	return d, len(webhooks.EndReasons())
}

// Each role hears of endpoints if it manages API keys, and costs no read otherwise. B:V12
func TestWhoIsWarnedOfWebhooks(t *testing.T) {
	roles := newHooks(t).Policy.Roles()
	require.Contains(t, roles, workspace.RoleName("owner"))
	for _, role := range roles {
		d, ended := withHooks(t)
		one := d.Roster.Members[world.Me]
		one.Roles = []workspace.RoleName{role}
		d.Roster.Members[world.Me] = one
		got, err := d.Webhooks.Warnings(t.Context(), world.AsMember(world.Me))
		require.NoError(t, err)
		if role != "owner" && role != "admin" {
			require.Empty(t, got, role)
			require.Zero(t, d.sent.conditions.reads, role)
			continue
		}
		require.Len(t, got, ended+3) // ACTIVE is failing and has parked deliveries, PAUSED has parked ones
		require.Equal(t, 1, d.sent.conditions.reads, "one read for all endpoints")
		require.Equal(t, []workspace.WebhookID{"ACTIVE ", "PAUSED "}, d.sent.conditions.asked)
		once := map[string]bool{}
		for _, w := range got {
			key := string(w.Warning) + " " + w.Webhook.Name
			require.False(t, once[key], "%s is there twice", key)
			once[key] = true
		}
	}
	d, _ := withHooks(t)
	for _, p := range []inbox.Principal{
		{Workspace: world.Home, Actor: workspace.Actor{Kind: workspace.ActorPartner, ID: "crm"}},
		{Workspace: world.Home, Actor: workspace.Actor{Kind: workspace.ActorPartner, ID: string(world.Feeder)}},
	} {
		got, err := d.Webhooks.Warnings(t.Context(), p)
		require.NoError(t, err)
		require.Empty(t, got)
	}
	require.Zero(t, d.sent.conditions.reads)
}

// Without an endpoint that is sent anything nothing is read, and a read that fails is no
// answer. B:V12
func TestWarningsOfWebhooksAreReadWhenNeeded(t *testing.T) {
	owner := world.AsMember(world.Owner)
	d := newHooks(t)
	got, err := d.Webhooks.Warnings(t.Context(), owner)
	require.NoError(t, err)
	require.Empty(t, got)
	require.Zero(t, d.sent.conditions.reads)

	d, _ = withHooks(t)
	d.sent.conditions.err = errors.New("no answer")
	got, err = d.Webhooks.Warnings(t.Context(), owner)
	require.ErrorIs(t, err, d.sent.conditions.err)
	require.Empty(t, got)
}

// That the program disabled an endpoint is in the audit log, with the reason and by
// nobody else, for each reason; a person who disables it says no reason. B:V12
func TestTheEndOfAWebhookIsAudited(t *testing.T) {
	for _, reason := range webhooks.EndReasons() {
		d := newHooks(t)
		w, _, err := d.Create(t.Context(), world.AsMember(world.Owner), newHook(), "")
		require.NoError(t, err)
		before := len(d.Audited())
		require.NoError(t, d.End(t.Context(), w, reason))
		require.NoError(t, d.End(t.Context(), d.Saved.Webhooks[w.ID], reason), "again")
		require.Len(t, d.Audited(), before+1, "it is said once")
		e := d.Audited()[0]
		require.Equal(t, audit.AuditWebhookState, e.Action)
		require.Equal(t, workspace.System(), e.Actor)
		require.Equal(t, audit.AuditTarget{Kind: audit.AuditWebhook, ID: string(w.ID), Name: w.Name}, e.Target)
		require.Equal(t, []audit.AuditField{{Field: "state", From: "ACTIVE", To: "DISABLED"}, {Field: "stateReason", To: reason}}, e.Fields)

		_, err = d.SetState(t.Context(), world.AsMember(world.Owner), w.ID, workspace.WebhookDisabled)
		require.NoError(t, err)
		got, err := d.Webhooks.Warnings(t.Context(), world.AsMember(world.Owner))
		require.NoError(t, err)
		require.Empty(t, got, "who disables it has seen it")
	}
}

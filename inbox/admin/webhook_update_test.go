package admin_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/admin"
	"switchboard/inbox/workspace"
	"switchboard/internal/world"
)

// A change says what changes, and is held to what creating is held to. B:V12
func TestWebhooksAreChanged(t *testing.T) {
	long := func(n int) *string { return new(strings.Repeat("x", n)) }
	for name, row := range map[string]struct {
		who  workspace.MemberID
		plan workspace.PlanName
		edit func(d hooks, u *admin.WebhookUpdate)
		code inbox.Code
	}{
		"a name":           {edit: func(_ hooks, u *admin.WebhookUpdate) { u.Name = new("ERP") }},
		"an address":       {edit: func(_ hooks, u *admin.WebhookUpdate) { u.URL = new("https://erp.example") }},
		"the same address": {edit: func(d hooks, u *admin.WebhookUpdate) { u.URL = new(newHook().URL) }},
		"a document":       {edit: func(_ hooks, u *admin.WebhookUpdate) { u.Document = new("{ sequence }") }},
		"an order":         {edit: func(_ hooks, u *admin.WebhookUpdate) { u.Order = new(workspace.AnyOrder) }},
		"records":          {edit: func(_ hooks, u *admin.WebhookUpdate) { u.Records = workspace.RecordKinds() }},
		"nothing":          {},
		"no name":          {edit: func(_ hooks, u *admin.WebhookUpdate) { u.Name = new("") }, code: inbox.InvalidInput},
		"no records":       {edit: func(_ hooks, u *admin.WebhookUpdate) { u.Records = []workspace.RecordKind{} }, code: inbox.InvalidInput},
		"a record twice": {edit: func(_ hooks, u *admin.WebhookUpdate) {
			u.Records = []workspace.RecordKind{workspace.MessageRecord, workspace.MessageRecord}
		}, code: inbox.InvalidInput},
		"an address that is not dialled": {edit: func(_ hooks, u *admin.WebhookUpdate) { u.URL = new("http://x") }, code: inbox.InvalidInput},
		"a long address":                 {edit: func(_ hooks, u *admin.WebhookUpdate) { u.URL = long(2001) }, code: inbox.InvalidInput},
		"a bad document":                 {edit: func(_ hooks, u *admin.WebhookUpdate) { u.Document = new("bad") }, code: inbox.InvalidInput},
		"a long document":                {edit: func(_ hooks, u *admin.WebhookUpdate) { u.Document = long(8001) }, code: inbox.InvalidInput},
		"another endpoint":               {edit: func(_ hooks, u *admin.WebhookUpdate) { u.Webhook = "none" }, code: inbox.NotFound},
		"a manager":                      {who: world.Manager, code: inbox.PermissionDenied},
		"below the plan":                 {plan: "pro", code: inbox.PlanRequired},
		"a key that was revoked": {code: inbox.NotFound, edit: func(d hooks, _ *admin.WebhookUpdate) {
			k := d.Saved.Keys["crm"]
			k.RevokedAt = world.Start()
			d.Saved.Keys["crm"] = k
		}},
		"a key with a permission that the caller lacks": {code: inbox.PermissionDenied, edit: func(d hooks, _ *admin.WebhookUpdate) {
			k := d.Saved.Keys["crm"]
			k.Permissions = append(k.Permissions, workspace.Permission{Kind: workspace.Livechat, Action: workspace.PermHandoff, Scope: workspace.ScopeOwn})
			d.Saved.Keys["crm"] = k
		}},
	} {
		t.Run(name, func(t *testing.T) {
			d := newHooks(t)
			w, _, err := d.Create(t.Context(), world.AsMember(world.Owner), newHook(), "")
			require.NoError(t, err)
			if row.plan != "" {
				d.Saved.Workspace.Plan = row.plan
			}
			if row.who == "" {
				row.who = world.Owner
			}
			u := admin.WebhookUpdate{Webhook: w.ID}
			if row.edit != nil {
				row.edit(d, &u)
			}
			got, err := d.Update(t.Context(), world.AsMember(row.who), u)
			if row.code != "" {
				world.Refused(t, err, row.code)
				require.Equal(t, w, d.Saved.Webhooks[w.ID], "it is as it was")
				return
			}
			require.NoError(t, err)
			want := w
			want.Rev = got.Rev
			for of, to := range map[*string]*string{&want.Name: u.Name, &want.URL: u.URL, &want.Document: u.Document} {
				if to != nil {
					*of = *to
				}
			}
			if want.URL != w.URL {
				want.AddressAt = world.Start()
			}
			if u.Order != nil {
				want.Order = *u.Order
			}
			if u.Records != nil {
				want.Records = u.Records
			}
			require.Equal(t, want, got)
			require.Equal(t, want, d.Saved.Webhooks[w.ID])
		})
	}
}

// What is deleted is in no list, has no secret, and cannot be turned on; there is room for
// another then. B:V12
func TestWebhooksAreDeleted(t *testing.T) {
	d := newHooks(t)
	owner := world.AsMember(world.Owner)
	var last workspace.Webhook
	for range admin.MaxWebhooks {
		var err error
		last, _, err = d.Create(t.Context(), owner, newHook(), "")
		require.NoError(t, err)
	}
	_, err := d.Delete(t.Context(), world.AsMember(world.Manager), last.ID)
	world.Refused(t, err, inbox.PermissionDenied)
	_, err = d.SetState(t.Context(), owner, last.ID, workspace.WebhookDisabled)
	require.NoError(t, err)
	gone, err := d.Delete(t.Context(), owner, last.ID)
	require.NoError(t, err)
	require.Equal(t, last.ID, gone.ID)
	stored := d.Saved.Webhooks[last.ID]
	require.True(t, stored.Removed)
	require.Empty(t, stored.Secrets)
	require.Equal(t, workspace.WebhookDisabled, stored.State)
	all, err := d.List(t.Context(), owner)
	require.NoError(t, err)
	require.Len(t, all, admin.MaxWebhooks-1)
	_, err = d.SetState(t.Context(), owner, last.ID, workspace.WebhookActive)
	world.Refused(t, err, inbox.NotFound)
	_, err = d.Delete(t.Context(), owner, last.ID)
	world.Refused(t, err, inbox.NotFound)
	_, _, err = d.Create(t.Context(), owner, newHook(), "")
	require.NoError(t, err)
}

// As a key that has expired nothing is sent, and it is given no conversations, until its end
// is moved. B:V12
func TestExpiredKeysAreGivenNothing(t *testing.T) {
	d := newHooks(t)
	owner := world.AsMember(world.Owner)
	w, _, err := d.Create(t.Context(), owner, newHook(), "")
	require.NoError(t, err)
	ends := func(at time.Time) {
		for _, id := range []workspace.KeyID{"crm", world.Feeder} {
			k := d.Saved.Keys[id]
			k.ExpiresAt = at
			d.Saved.Keys[id], d.Roster.Keys[id] = k, k
		}
	}
	refused := func(code inbox.Code) {
		t.Helper()
		_, _, created := d.Create(t.Context(), owner, newHook(), "")
		_, on := d.SetState(t.Context(), owner, w.ID, workspace.WebhookActive)
		_, given := d.Admin.HandOver(t.Context(), owner, "", world.Feeder)
		for _, err := range []error{created, on, given} {
			require.Equal(t, code, inbox.CodeOf(err), "%v", err)
		}
	}
	ends(world.Start())
	refused(inbox.InvalidInput)
	_, err = d.SetState(t.Context(), owner, w.ID, workspace.WebhookPaused)
	require.NoError(t, err, "turning off needs no key")
	ends(world.Start().Add(1000 * time.Hour))
	refused("")
}

// A deleted endpoint stays deleted although a server of a version without deletion has read
// it before, or turns it on and drops the mark. B:V12
func TestADeletedWebhookStaysDeleted(t *testing.T) {
	d := newHooks(t)
	owner := world.AsMember(world.Owner)
	w, _, err := d.Create(t.Context(), owner, newHook(), "")
	require.NoError(t, err)
	_, err = d.Delete(t.Context(), owner, w.ID)
	require.NoError(t, err)
	revived := d.Saved.Webhooks[w.ID]
	revived.Removed, revived.State, revived.Rev = false, workspace.WebhookActive, revived.Rev+1
	d.Saved.Webhooks[w.ID] = revived
	d.Roster.Webhooks[w.ID] = revived
	for name, do := range map[string]func() error{
		"find": func() error { _, err := d.Find(t.Context(), owner, w.ID); return err },
		"update": func() error {
			_, err := d.Update(t.Context(), owner, admin.WebhookUpdate{Webhook: w.ID, Name: new("back")})
			return err
		},
		"rotate": func() error { _, _, err := d.Rotate(t.Context(), owner, w.ID, 0); return err },
		"test":   func() error { _, err := d.Test(t.Context(), owner, w.ID); return err },
		"state":  func() error { _, err := d.SetState(t.Context(), owner, w.ID, workspace.WebhookActive); return err },
		"delete": func() error { _, err := d.Delete(t.Context(), owner, w.ID); return err },
	} {
		require.Equal(t, inbox.NotFound, inbox.CodeOf(do()), name)
	}
	listed, err := d.List(t.Context(), owner)
	require.NoError(t, err)
	require.Empty(t, listed)
}

package admin_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/admin"
	"switchboard/inbox/eventlog"
	"switchboard/inbox/webhooks"
	"switchboard/inbox/workspace"
	"switchboard/internal/world"
)

// hooks are the use cases of endpoints in a world whose log has 100 records.
type hooks struct {
	*world.Inbox
	*admin.Webhooks
	sent *hookSent
}

type hookGate struct{}

func (hookGate) Seal(_ context.Context, secret []byte) ([]byte, error) {
	return append([]byte("sealed "), secret[:4]...), nil
}

func (hookGate) CheckURL(url string) error {
	if !strings.HasPrefix(url, "https://") {
		return inbox.Invalid("url", "no")
	}
	return nil
}

func (hookGate) CheckSelection(key access.Access, document string) error {
	if document == "closed" && eventlog.OnlyFeeds(key) {
		return inbox.Invalid("document", "closed")
	}
	return nil
}

func (hookGate) CheckDocument(_ context.Context, document string) error {
	if document == "bad" {
		return inbox.Invalid("document", "no")
	}
	return nil
}

func (hookGate) Release() string { return "1.0" }

// hookSent says which replays are over.
type hookSent struct {
	admin.WebhookDeliveries
	ended      []string
	conditions hookConditions
}

func (s *hookSent) WebhookProgress(context.Context, workspace.WorkspaceID, workspace.WebhookID) (webhooks.Progress, error) {
	return webhooks.Progress{Rev: 1, Ended: s.ended}, nil
}

type hookLog struct{ eventlog.Records }

func (hookLog) Bounds(context.Context, workspace.WorkspaceID) (eventlog.Bounds, error) {
	return eventlog.Bounds{Oldest: 1, Newest: 100}, nil
}

func (hookLog) Place(_ context.Context, _ workspace.WorkspaceID, at eventlog.Place) (eventlog.Sequence, error) {
	if at.Sequence != nil {
		return *at.Sequence - 1, nil
	}
	if !at.At.IsZero() {
		return 50, nil
	}
	return 100, nil
}

func newHooks(t *testing.T) hooks {
	t.Helper()
	d := world.New(t)
	for id, kinds := range map[workspace.KeyID][]workspace.Kind{"crm": workspace.Kinds(), "chats": {workspace.Livechat}} {
		k := workspace.APIKey{ID: id, Workspace: world.Home, Name: string(id), Role: workspace.RolePartner, Rev: 1}
		for _, kind := range kinds {
			k.Permissions = append(k.Permissions, workspace.Permission{Kind: kind, Action: workspace.PermView, Scope: workspace.ScopeAll})
		}
		d.Roster.Keys[id] = k
	}
	for id, action := range map[workspace.KeyID]workspace.PermAction{"assigns": workspace.PermAssign, "replies": workspace.PermReply} {
		d.Roster.Keys[id] = workspace.APIKey{ID: id, Workspace: world.Home, Name: string(id), Role: workspace.RolePartner, Rev: 1, Permissions: []workspace.Permission{
			{Kind: workspace.Livechat, Action: action, Scope: workspace.ScopeAll},
		}}
	}
	d.Roster.Webhooks = map[workspace.WebhookID]workspace.Webhook{}
	sent := &hookSent{}
	return hooks{d, admin.NewWebhooks(d.Admin, admin.WebhookConfig{Gate: hookGate{}, Log: hookLog{}, Sent: sent}), sent}
}

func newHook(edit ...func(*admin.NewWebhook)) admin.NewWebhook {
	n := admin.NewWebhook{Name: "CRM", URL: "https://crm.example", Key: "crm", Records: []workspace.RecordKind{workspace.OwnershipRecord}, Order: workspace.PerConversation, From: eventlog.Place{Now: true}}
	for _, e := range edit {
		e(&n)
	}
	return n
}

// Who may make which endpoint. B:V12
func TestWhoMakesWebhooks(t *testing.T) {
	feeds := func(records ...workspace.RecordKind) func(*admin.NewWebhook) {
		return func(n *admin.NewWebhook) { n.Key, n.Records = world.Feeder, records }
	}
	for name, row := range map[string]struct {
		who  workspace.MemberID
		plan workspace.PlanName
		edit func(*admin.NewWebhook)
		code inbox.Code
	}{
		"an owner":                        {world.Owner, "total", nil, ""},
		"a manager":                       {world.Manager, "total", nil, inbox.PermissionDenied},
		"an agent":                        {world.Me, "total", nil, inbox.PermissionDenied},
		"below the plan":                  {world.Owner, "pro", nil, inbox.PlanRequired},
		"a feeder's messages on any plan": {world.Owner, "free", feeds(workspace.MessageRecord), ""},
		"a feeder's owners":               {world.Owner, "total", feeds(workspace.OwnershipRecord), inbox.InvalidInput},
		"a feeder's owners too":           {world.Owner, "total", feeds(workspace.MessageRecord, workspace.OwnershipRecord), inbox.InvalidInput},
		"no key":                          {world.Owner, "total", func(n *admin.NewWebhook) { n.Key = "none" }, inbox.NotFound},
		"no records":                      {world.Owner, "total", func(n *admin.NewWebhook) { n.Records = nil }, inbox.InvalidInput},
		"no name":                         {world.Owner, "total", func(n *admin.NewWebhook) { n.Name = "" }, inbox.InvalidInput},
		"an address that is not dialled":  {world.Owner, "total", func(n *admin.NewWebhook) { n.URL = "http://x" }, inbox.InvalidInput},
		"a long address":                  {world.Owner, "total", func(n *admin.NewWebhook) { n.URL = "https://" + strings.Repeat("x", 2000) }, inbox.InvalidInput},
		"a bad document":                  {world.Owner, "total", func(n *admin.NewWebhook) { n.Document = "bad" }, inbox.InvalidInput},
		"a feeder's closed field": {world.Owner, "total", func(n *admin.NewWebhook) {
			feeds(workspace.MessageRecord)(n)
			n.Document = "closed"
		}, inbox.InvalidInput},
		"a field that the key reads":        {world.Owner, "total", func(n *admin.NewWebhook) { n.Document = "closed" }, ""},
		"a key that sees and feeds nothing": {world.Owner, "total", func(n *admin.NewWebhook) { n.Key = "assigns" }, inbox.InvalidInput},
		"an availability without view": {world.Owner, "total", func(n *admin.NewWebhook) {
			n.Key, n.Records = "replies", []workspace.RecordKind{workspace.AvailabilityRecord}
		}, inbox.InvalidInput},
		"the ends and messages of what it feeds": {world.Owner, "total", func(n *admin.NewWebhook) {
			n.Key, n.Records = "replies", []workspace.RecordKind{workspace.OwnershipRecord, workspace.MessageRecord}
		}, ""},
		"a long document": {world.Owner, "total", func(n *admin.NewWebhook) { n.Document = strings.Repeat("x", 8001) }, inbox.InvalidInput},
	} {
		t.Run(name, func(t *testing.T) {
			d := newHooks(t)
			d.Roster.Workspace.Plan = row.plan
			n := newHook()
			if row.edit != nil {
				row.edit(&n)
			}
			w, secret, err := d.Create(t.Context(), world.AsMember(row.who), n, "")
			if row.code != "" {
				world.Refused(t, err, row.code)
				require.Empty(t, d.Roster.Webhooks)
				return
			}
			require.NoError(t, err)
			require.True(t, strings.HasPrefix(secret, "whsec_"))
			require.EqualValues(t, 100, w.From)
			require.NotContains(t, string(w.Secrets[0].Sealed), secret)
			require.True(t, strings.HasSuffix(secret, w.Secrets[0].Hint))
		})
	}
}

// A repeat returns the endpoint that exists, and no secret. The audit log has no secret
// either. B:V12
func TestWebhookSecretsAreShownOnce(t *testing.T) {
	d := newHooks(t)
	owner := world.AsMember(world.Owner)
	first, secret, err := d.Create(t.Context(), owner, newHook(), "key")
	require.NoError(t, err)
	again, none, err := d.Create(t.Context(), owner, newHook(), "key")
	require.NoError(t, err)
	require.Equal(t, first.ID, again.ID)
	require.Empty(t, none)
	_, _, err = d.Create(t.Context(), owner, newHook(func(n *admin.NewWebhook) { n.Name = "Other" }), "key")
	world.Refused(t, err, inbox.InvalidInput)

	rotated, second, err := d.Rotate(t.Context(), owner, first.ID, time.Hour)
	require.NoError(t, err)
	require.NotEqual(t, secret, second)
	now := rotated.Secrets[0].Since
	require.Len(t, rotated.Signing(now), 2)
	require.Len(t, rotated.Signing(now.Add(59*time.Minute)), 2, "both sign until the overlap is over")
	require.Len(t, rotated.Signing(now.Add(time.Hour)), 1)
	at, _, err := d.Rotate(t.Context(), owner, first.ID, 0)
	require.NoError(t, err)
	require.Len(t, at.Secrets, 1, "without an overlap the ones before end at once")
	for _, bad := range []time.Duration{-time.Second, admin.MaxSecretOverlap + time.Second} {
		_, _, err = d.Rotate(t.Context(), owner, first.ID, bad)
		world.Refused(t, err, inbox.InvalidInput)
	}
	for _, e := range d.Audited() {
		for _, f := range e.Fields {
			require.NotContains(t, f.From+f.To, "whsec_")
		}
	}
}

// States: what may be set, and what the program sets. B:V12
func TestWebhookStates(t *testing.T) {
	d := newHooks(t)
	owner := world.AsMember(world.Owner)
	w, _, err := d.Create(t.Context(), owner, newHook(), "")
	require.NoError(t, err)
	set := func(to workspace.WebhookState) error {
		_, err := d.SetState(t.Context(), owner, w.ID, to)
		return err
	}
	for _, to := range []workspace.WebhookState{workspace.WebhookPaused, workspace.WebhookActive, workspace.WebhookDisabled, workspace.WebhookActive} {
		require.NoError(t, set(to))
		require.Equal(t, to, d.Saved.Webhooks[w.ID].State)
	}
	world.Refused(t, set(workspace.WebhookFailing), inbox.InvalidInput)
	_, err = d.SetState(t.Context(), owner, "none", workspace.WebhookPaused)
	world.Refused(t, err, inbox.NotFound)
	_, err = d.SetState(t.Context(), world.AsMember(world.Me), w.ID, workspace.WebhookPaused)
	world.Refused(t, err, inbox.PermissionDenied)

	judged := d.Saved.Webhooks[w.ID]
	_, _, err = d.Rotate(t.Context(), owner, w.ID, 0)
	require.NoError(t, err)
	require.NoError(t, d.End(t.Context(), judged, "SECRET_LOST"))
	require.Equal(t, workspace.WebhookActive, d.Saved.Webhooks[w.ID].State, "it has another secret since")
	judged = d.Saved.Webhooks[w.ID]
	require.NoError(t, set(workspace.WebhookDisabled))
	require.NoError(t, set(workspace.WebhookActive))
	require.NoError(t, d.End(t.Context(), judged, "GONE"))
	require.Equal(t, workspace.WebhookActive, d.Saved.Webhooks[w.ID].State, "it was turned on since")
	require.NoError(t, d.End(t.Context(), d.Saved.Webhooks[w.ID], "GONE"))
	require.Equal(t, "GONE", d.Saved.Webhooks[w.ID].StateReason)
	require.NoError(t, set(workspace.WebhookActive))
	require.Empty(t, d.Saved.Webhooks[w.ID].StateReason)

	d.Saved.Workspace.Plan = "pro"
	require.NoError(t, set(workspace.WebhookPaused), "turning off needs no plan")
	world.Refused(t, set(workspace.WebhookActive), inbox.PlanRequired)
	d.Saved.Workspace.Plan = "total"
	k := d.Saved.Keys["crm"]
	k.RevokedAt = world.Start()
	d.Saved.Keys["crm"] = k
	world.Refused(t, set(workspace.WebhookActive), inbox.InvalidInput)
}

// 25 endpoints that are not disabled. B:V12
func TestWebhooksAreBounded(t *testing.T) {
	d := newHooks(t)
	owner := world.AsMember(world.Owner)
	var last workspace.Webhook
	for range admin.MaxWebhooks {
		var err error
		last, _, err = d.Create(t.Context(), owner, newHook(), "")
		require.NoError(t, err)
	}
	_, _, err := d.Create(t.Context(), owner, newHook(), "")
	world.Refused(t, err, inbox.InvalidInput)
	_, err = d.SetState(t.Context(), owner, last.ID, workspace.WebhookDisabled)
	require.NoError(t, err)
	_, _, err = d.Create(t.Context(), owner, newHook(), "")
	require.NoError(t, err)
	_, err = d.SetState(t.Context(), owner, last.ID, workspace.WebhookActive)
	world.Refused(t, err, inbox.InvalidInput)
}

// Replays name a span, the places included, and only the last are kept. B:V12
func TestReplaysAreOrdered(t *testing.T) {
	d := newHooks(t)
	owner := world.AsMember(world.Owner)
	w, _, err := d.Create(t.Context(), owner, newHook(), "")
	require.NoError(t, err)
	at := func(n eventlog.Sequence) eventlog.Place { return eventlog.Place{Sequence: &n} }
	to := at(20)
	r, events, err := d.Replay(t.Context(), owner, admin.Replay{Webhook: w.ID, From: at(11), To: &to, Parked: true}, "key")
	require.NoError(t, err)
	require.EqualValues(t, 10, events)
	require.Equal(t, []int64{11, 20}, []int64{r.From, r.To})
	again, events, err := d.Replay(t.Context(), owner, admin.Replay{Webhook: w.ID, From: at(11), To: &to, Parked: true}, "key")
	require.NoError(t, err)
	require.Equal(t, r.ID, again.ID)
	require.EqualValues(t, 10, events)
	_, events, err = d.Replay(t.Context(), owner, admin.Replay{Webhook: w.ID, From: at(91)}, "")
	require.NoError(t, err)
	require.EqualValues(t, 10, events)
	until := eventlog.Place{At: world.Start()} // behind sequence 50
	r, _, err = d.Replay(t.Context(), owner, admin.Replay{Webhook: w.ID, From: at(41), To: &until}, "")
	require.NoError(t, err)
	require.EqualValues(t, 50, r.To, "not the first record behind the time")
	_, _, err = d.Replay(t.Context(), owner, admin.Replay{Webhook: w.ID, From: until, To: &until}, "")
	world.Refused(t, err, inbox.InvalidInput)
	_, _, err = d.Replay(t.Context(), owner, admin.Replay{Webhook: w.ID, From: eventlog.Place{Now: true}}, "")
	world.Refused(t, err, inbox.InvalidInput)
	_, _, err = d.Replay(t.Context(), owner, admin.Replay{Webhook: w.ID, From: at(1), Conversations: make([]string, 101)}, "")
	world.Refused(t, err, inbox.InvalidInput)
	for range 20 {
		test, err := d.Test(t.Context(), owner, w.ID)
		require.NoError(t, err)
		require.True(t, test.Test)
	}
	require.Len(t, d.Saved.Webhooks[w.ID].Replays, 10)
	_, err = d.SetState(t.Context(), owner, w.ID, workspace.WebhookDisabled)
	require.NoError(t, err)
	_, err = d.Test(t.Context(), owner, w.ID)
	world.Refused(t, err, inbox.InvalidInput)
	_, err = d.Test(t.Context(), world.AsPartner(), w.ID)
	world.Refused(t, err, inbox.PermissionDenied)
}

// A replay that was accepted and waits is pushed out by nothing that is ordered later: tests
// make room, and so do replays that are over. B:V12
func TestAcceptedReplaysAreNotLost(t *testing.T) {
	d := newHooks(t)
	owner := world.AsMember(world.Owner)
	w, _, err := d.Create(t.Context(), owner, newHook(), "")
	require.NoError(t, err)
	first := eventlog.Sequence(1)
	order := func() (workspace.WebhookReplay, error) {
		made, _, err := d.Replay(t.Context(), owner, admin.Replay{Webhook: w.ID, From: eventlog.Place{Sequence: &first}}, "")
		return made, err
	}
	waits, err := order()
	require.NoError(t, err)
	for range 30 {
		_, err = d.Test(t.Context(), owner, w.ID)
		require.NoError(t, err)
	}
	kept := func() []workspace.WebhookReplay { return d.Saved.Webhooks[w.ID].Replays }
	require.Len(t, kept(), 10)
	require.Contains(t, kept(), waits)
	var last workspace.WebhookReplay
	for range 9 {
		last, err = order()
		require.NoError(t, err)
	}
	_, err = order()
	world.Refused(t, err, inbox.InvalidInput)
	_, err = d.Test(t.Context(), owner, w.ID)
	world.Refused(t, err, inbox.InvalidInput)
	d.sent.ended = []string{last.ID}
	_, err = order()
	require.NoError(t, err)
	require.Len(t, kept(), 10)
	require.Contains(t, kept(), waits)
	require.NotContains(t, kept(), last)
}

// Without a gate nothing can be made. B:V12
func TestNoWebhooks(t *testing.T) {
	d := world.New(t)
	none := admin.NewWebhooks(d.Admin, admin.WebhookConfig{})
	_, _, err := none.Create(t.Context(), world.AsMember(world.Owner), newHook(), "")
	world.Refused(t, err, inbox.InvalidInput)
	all, err := none.List(t.Context(), world.AsMember(world.Owner))
	require.NoError(t, err)
	require.Empty(t, all)
}

package blackbox_test

import (
	"fmt"
	"slices"

	"switchboard/inbox"
	"switchboard/inbox/workspace"
	"switchboard/internal/histcheck"
	"switchboard/internal/logcheck"
)

// The API keys of the run: one sees everything, one only chats. With the website's key,
// which feeds, they have the endpoints.
const (
	faultAllKey   workspace.KeyID = "f-all"
	faultChatsKey workspace.KeyID = "f-chats"
)

// faultDowns is the endpoint that is down twice.
const faultDowns = "down twice"

// faultKeys are the keys, with the secrets of those that read.
func faultKeys() (keys map[workspace.KeyID]workspace.APIKey, secrets map[workspace.KeyID]string) {
	website, secret := faultWebsite()
	keys, secrets = map[workspace.KeyID]workspace.APIKey{website.ID: website}, map[workspace.KeyID]string{website.ID: secret}
	for n, id := range []workspace.KeyID{faultAllKey, faultChatsKey} {
		k := workspace.APIKey{ID: id, Workspace: "faults", Name: string(id), Role: workspace.RolePartner, Rev: 1}
		for _, kind := range workspace.Kinds() {
			if id == faultAllKey || kind == workspace.Livechat {
				k.Permissions = append(k.Permissions, workspace.Permission{Kind: kind, Action: workspace.PermView, Scope: workspace.ScopeAll})
			}
		}
		raw := make([]byte, 32)
		raw[0] = byte(n + 1)
		keys[id], secrets[id] = k.WithSecret(raw)
	}
	return keys, secrets
}

func seesAll(inbox.Conversation) bool { return true }

func seesChats(c inbox.Conversation) bool { return c.Kind == workspace.Livechat }

func seesFed(c inbox.Conversation) bool { return c.ExternalID != "" }

// faultHooks are the endpoints. The one that goes down is asked for little where a run is
// too short for an endpoint that is tried once a minute.
func faultHooks(short bool) []*logHook {
	downs := []logcheck.Kind{logcheck.Ownership}
	if short {
		downs = []logcheck.Kind{logcheck.Availability}
	}
	changes := []logcheck.Kind{logcheck.Ownership}
	hooks := []*logHook{
		{name: "everything", order: logcheck.InLanes, key: faultAllKey, sees: seesAll, records: []logcheck.Kind{logcheck.Ownership, logcheck.Message, logcheck.Availability, logcheck.Contact}},
		{name: "fails", order: logcheck.InLanes, key: faultChatsKey, sees: seesChats, records: changes, fails: 30, hangs: 1},
		{name: "fails, in any order", order: logcheck.AnyOrder, key: faultChatsKey, sees: seesChats, records: []logcheck.Kind{logcheck.Ownership, logcheck.Message}, fails: 30, hangs: 1},
		{name: faultDowns, order: logcheck.InLanes, key: faultAllKey, sees: seesAll, records: downs},
		{name: "feeds", order: logcheck.InLanes, key: "f-website", sees: seesFed, records: []logcheck.Kind{logcheck.Message}},
		{name: "dead", order: logcheck.InLanes, key: faultAllKey, sees: seesAll, records: changes, dead: true},
	}
	for _, h := range hooks {
		h.mercy = 1
		if quiet() {
			h.mercy = 2
		}
	}
	return hooks
}

// readLog makes the subscribers of eventLog: keys, and members of each role, of whom half
// come back by cursor and half by sequence.
func (r *faultRun) readLog(tokens func(inbox.Principal) string) {
	_, secrets := faultKeys()
	for n, key := range []workspace.KeyID{faultAllKey, faultChatsKey} {
		sees := []func(inbox.Conversation) bool{seesAll, seesChats}[n]
		r.watch.readers = append(r.watch.readers, newLogReader(string(key), secrets[key], r.any, n%2 == 0, sees))
	}
	for n, member := range []int{0, 1, 5, 8, 9, 10, faultMembers - 1} {
		p := faultPrincipal(workspace.ActorMember, string(faultMember(member)))
		name := fmt.Sprintf("%s, %s", faultMember(member), faultRole(member))
		r.watch.readers = append(r.watch.readers, newLogReader(name, tokens(p), r.any, n%2 == 0, r.access(p).Sees))
	}
}

// owner is a client of the member who may make endpoints.
func (r *faultRun) owner(tokens func(inbox.Principal) string) *client {
	token := tokens(faultPrincipal(workspace.ActorMember, string(faultMember(0))))
	return &client{server: &server{addr: r.any(), http: faultHTTP(r.t, 1)}, t: r.t, token: token}
}

// checkReceivers proves that everybody got the log, as it was committed, whatever broke
// meanwhile. What is still to be sent is waited for.
func (r *faultRun) checkReceivers(log histcheck.History) {
	verdicts := r.watch.await(func() []inbox.Event {
		log = r.read()
		return log.Events
	})
	for _, v := range verdicts {
		for _, fault := range v.faults {
			r.result.fault("log", fault)
		}
		r.result.check(v.name, v.of, len(v.faults))
	}
	r.result.check("receivers know the last state", fmt.Sprintf("%d conversations", len(log.Conversations)), outdated(log))
	r.result.check("a lost delivery would be seen", "1 planted", r.watch.blind(log.Events))
}

// outdated counts the conversations whose state is another than the log's last record, with
// which that of each receiver was compared.
func outdated(log histcheck.History) int {
	ends := logcheck.Of(log.Events).Ends()
	return len(slices.DeleteFunc(slices.Clone(log.Conversations), func(c inbox.Conversation) bool {
		return ends[string(c.ID)] == logcheck.State{Owner: string(c.Assignee), Status: string(c.Status), Version: c.Version}
	}))
}

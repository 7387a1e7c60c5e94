package inbox_test

import (
	"context"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"switchboard/inbox"
)

const talker inbox.RoleName = "talker"

// office is a desk on which people act, directories change, and every committed
// owner is judged.
type office struct {
	*desk
	t *testing.T
	r *rapid.T
	// behind is a server whose directory is the one of the beginning.
	behind *inbox.Service
	last   map[inbox.ConversationID]inbox.EventID
	doers  map[inbox.ConversationID]inbox.Principal
	lax    bool // commits of the server behind are not judged
	// focus is what most steps are about, so that they build on one another.
	focus inbox.ConversationID
}

func newOffice(t *testing.T, r *rapid.T) *office {
	o := &office{desk: newDesk(t), t: t, r: r, last: map[inbox.ConversationID]inbox.EventID{}, doers: map[inbox.ConversationID]inbox.Principal{}}
	dir := o.world.directory
	dir.Workspace.CustomRoles = []inbox.CustomRole{{Name: talker, Permissions: permissionsOf(inbox.Kinds(), inbox.PermView, inbox.PermReply, inbox.PermAssign, inbox.PermTransfer, inbox.PermTakeover, inbox.PermClose)}}
	for _, id := range []inbox.MemberID{stranger, senior} {
		o.member(id, func(m *inbox.Member) { m.Roles = []inbox.RoleName{talker} })
	}
	dir.Workspace.Rules = inbox.DefaultRules()
	dir.Workspace.Rules.AutoAssignTickets = true
	dir.Workspace.Rules.UndoWindow = time.Hour
	dir.Workspace.Rules.OnReopen = rapid.SampledFrom([]inbox.OnReopen{inbox.ReopenWithOriginAI, inbox.ReopenWithFormerOwner, inbox.ReopenByRoute}).Draw(r, "onReopen")
	dir.Workspace.Rules.ReopenWindow = rapid.SampledFrom([]time.Duration{0, 3 * time.Second}).Draw(r, "reopenWindow")
	dir.Workspace.Rules.CloseIdleAfter = rapid.SampledFrom([]time.Duration{0, 20 * time.Second}).Draw(r, "closeIdleAfter")
	dir.Workspace.Rules.OnCloseChat = rapid.SampledFrom([]inbox.OnCloseChat{inbox.ReturnToOriginAI, inbox.KeepAssignee, inbox.UnassignWhenClose}).Draw(r, "onCloseChat")
	dir.Workspace.Rules.TransferActor = rapid.SampledFrom([]inbox.TransferActor{inbox.TransferByAssignee, inbox.TransferByAnyone}).Draw(r, "transferActor")
	dir.Workspace.Rules.AIAfterUnassign = rapid.SampledFrom([]inbox.AIAfterUnassign{inbox.AIStaysStopped, inbox.AIResumes}).Draw(r, "aiAfterUnassign")
	o.behind = o.serve(frozen{dir})
	o.focus = inbox.ConversationID(rapid.SampledFrom(names(states(me))).Draw(r, "focus"))
	for name, c := range states(me) {
		c.ID = inbox.ConversationID(name)
		o.put(c)
	}
	o.memory.judge = o.judge
	return o
}

func permissionsOf(kinds []inbox.Kind, actions ...inbox.PermAction) (out []inbox.Permission) {
	for _, kind := range kinds {
		for _, action := range actions {
			out = append(out, inbox.Permission{Kind: kind, Action: action, Scope: inbox.ScopeAll})
		}
	}
	return out
}

// frozen is a directory that hears of no change.
type frozen struct{ d *inbox.Directory }

func (f frozen) Directory(context.Context, inbox.WorkspaceID) (*inbox.Directory, error) {
	return f.d, nil
}
func (frozen) Applied(inbox.WorkspaceID, inbox.DirectoryChange) {}

// wrong says what of c an assign of the system would refuse by d.
func (o *office) wrong(d *inbox.Directory, c inbox.Conversation) string {
	if c.Status == inbox.Closed {
		return ""
	}
	a, err := inbox.NewAccess(asSystem(), d, o.policy)
	require.NoError(o.t, err)
	if m, ok := d.Member(c.Assignee); c.Owned() && (!ok || !a.LiveAgent(m, c.Kind)) {
		return fmt.Sprintf("%s of kind %s belongs to %s, who may not own it", c.ID, c.Kind, c.Assignee)
	}
	if _, ok := d.Team(c.Team); c.Team != "" && !ok {
		return fmt.Sprintf("%s is with the team %s, which is gone", c.ID, c.Team)
	}
	if _, ok := d.Agent(c.OriginAgent); c.Handler() == inbox.HandledByAI && !ok {
		return fmt.Sprintf("%s is answered by %s, which is gone", c.ID, c.OriginAgent)
	}
	return ""
}

// judge runs within each commit, with the directory of that moment.
func (o *office) judge(c inbox.Change, d *inbox.Directory) {
	if c.Event.Type != inbox.OwnershipEvent {
		return
	}
	o.last[c.Conversation.ID] = c.Event.ID
	o.doers[c.Conversation.ID] = inbox.Principal{Workspace: home, Actor: c.Event.Actor}
	if what := o.wrong(d, c.Conversation); what != "" && !o.lax {
		o.r.Fatalf("%s by %v: %s", c.Event.Kind, c.Event.Actor, what)
	}
}

// door is one way to an owner.
type door func(ctx context.Context, s *inbox.Service, p inbox.Principal, r inbox.Request) error

func (o *office) target() inbox.Owner {
	if team := someTeam(o.r); team != "" {
		return inbox.Owner{Team: team}
	}
	return inbox.Owner{Member: someMember(o.r)}
}

// doors has every action of the vocabulary, and every door that is no person's
// verb on a conversation.
func (o *office) doors() map[inbox.Action]door {
	of := func(f func(ctx context.Context, s *inbox.Service, p inbox.Principal, r inbox.Request) (inbox.Outcome, error)) door {
		return func(ctx context.Context, s *inbox.Service, p inbox.Principal, r inbox.Request) error {
			_, err := f(ctx, s, p, r)
			return err
		}
	}
	status := func(to inbox.Status) door {
		return of(func(ctx background, s *service, p principal, r request) (outcome, error) {
			return s.SetStatus(ctx, p, r, to)
		})
	}
	reply := func(f func(s *service) func(background, principal, inbox.SendRequest) (inbox.Sent, error)) door {
		return func(ctx background, s *service, p principal, r request) error {
			c, err := o.memory.Conversation(ctx, home, r.Conversation)
			if err == nil {
				_, err = f(s)(ctx, p, inbox.SendRequest{Conversation: r.Conversation, Body: "Hello", Epoch: &c.Epoch})
			}
			return err
		}
	}
	none := func(background, *service, principal, request) error { return nil }
	begin := func(kind inbox.Kind) door {
		return func(ctx background, s *service, p principal, _ request) error {
			n := inbox.NewConversation{Kind: kind, Subject: "New", Agent: rapid.SampledFrom([]inbox.AgentID{"", bot, otherBot}).Draw(o.r, "agent")}
			n.To = o.target()
			_, err := s.CreateTicket(ctx, p, n)
			if kind == inbox.Livechat {
				_, err = s.StartLivechat(ctx, p, n)
			}
			return err
		}
	}
	return map[inbox.Action]door{
		inbox.ActionView:    none,
		inbox.ActionMonitor: none,
		inbox.ActionReply: reply(func(s *service) func(background, principal, inbox.SendRequest) (inbox.Sent, error) {
			return s.Send
		}),
		inbox.ActionAssign: of(func(ctx background, s *service, p principal, r request) (outcome, error) {
			return s.Assign(ctx, p, r, o.target(), "")
		}),
		inbox.ActionTransfer: of(func(ctx background, s *service, p principal, r request) (outcome, error) {
			return s.Transfer(ctx, p, r, o.target(), "")
		}),
		inbox.ActionClaim: of(func(ctx background, s *service, p principal, r request) (outcome, error) { return s.Claim(ctx, p, r) }),
		inbox.ActionUnassign: of(func(ctx background, s *service, p principal, r request) (outcome, error) {
			return s.Unassign(ctx, p, r)
		}),
		inbox.ActionLeave: of(func(ctx background, s *service, p principal, r request) (outcome, error) { return s.Leave(ctx, p, r) }),
		inbox.ActionTakeOver: of(func(ctx background, s *service, p principal, r request) (outcome, error) {
			return s.TakeOver(ctx, p, r, nil, "")
		}),
		inbox.ActionHandOff: of(func(ctx background, s *service, p principal, r request) (outcome, error) {
			to := o.target()
			return s.RequestHandoff(ctx, p, r, inbox.HandoffTarget{Member: to.Member, Team: to.Team})
		}),
		inbox.ActionClose:  status(inbox.Closed),
		inbox.ActionReopen: status(inbox.Open),
		inbox.ActionReopenSend: reply(func(s *service) func(background, principal, inbox.SendRequest) (inbox.Sent, error) {
			return s.ReopenAndReply
		}),
		inbox.ActionStartNew: func(ctx background, s *service, p principal, r request) error {
			_, err := s.StartNew(ctx, p, r.Conversation, "Again", "")
			return err
		},
		inbox.ActionReturn: of(func(ctx background, s *service, p principal, r request) (outcome, error) {
			return s.ReturnToAgent(ctx, p, r, "")
		}),
		"UNSET": status(inbox.Unset),
		"POST": func(ctx background, s *service, _ principal, r request) error {
			_, err := s.Post(ctx, asPartner(), inbox.Posting{Conversation: inbox.ConversationRef{ID: r.Conversation}, Body: "Said elsewhere"})
			return err
		},
		"IDLE": func(ctx background, s *service, _ principal, _ request) error { return s.CloseIdle(ctx) },
		"UNDO": func(ctx background, s *service, _ principal, r request) error {
			_, err := s.Undo(ctx, o.doers[r.Conversation], o.last[r.Conversation], "")
			return err
		},
		"CREATE_TICKET":  begin(inbox.Ticket),
		"START_LIVECHAT": begin(inbox.Livechat),
		"DRAIN": func(ctx background, s *service, _ principal, _ request) error {
			_, err := s.Drain(ctx, home, inbox.Queue{Team: someTeam(o.r), Kind: rapid.SampledFrom(inbox.Kinds()).Draw(o.r, "kind")})
			return err
		},
		"EMPTY":  func(ctx background, s *service, _ principal, _ request) error { return s.Empty(ctx) },
		"REVIEW": func(ctx background, s *service, _ principal, _ request) error { return s.ReviewOwners(ctx) },
	}
}

// acts are what an administrator can do that takes from somebody the right to own,
// to be owned by, or to answer, and what gives it back.
func (o *office) acts() map[string]func(context.Context) error {
	boss := asMember(owner)
	roles := func(roles ...inbox.RoleName) func(context.Context) error {
		return func(ctx context.Context) error {
			_, _, err := o.UpdateMember(ctx, boss, o.victim(), inbox.MemberEdit{Roles: roles})
			return err
		}
	}
	custom := func(kinds []inbox.Kind, actions ...inbox.PermAction) func(context.Context) error {
		return func(ctx context.Context) error {
			_, _, err := o.UpdateRole(ctx, boss, inbox.CustomRole{Name: talker, Permissions: permissionsOf(kinds, actions...)})
			return err
		}
	}
	plan := func(plan inbox.PlanName) func(context.Context) error {
		return func(ctx context.Context) error { _, _, _, err := o.SetPlan(ctx, boss, plan); return err }
	}
	return map[string]func(context.Context) error{
		"observer": roles("observer"), "talker": roles(talker), "agent": roles("agent"),
		"remove a member": func(ctx context.Context) error {
			_, _, err := o.RemoveMember(ctx, boss, o.victim())
			return err
		},
		"remove a team":     func(ctx context.Context) error { _, _, err := o.DeleteTeam(ctx, boss, sales); return err },
		"remove the bot":    func(ctx context.Context) error { _, _, err := o.RemoveAgent(ctx, boss, bot); return err },
		"the lowest plan":   plan("free"),
		"the highest plan":  plan("enterprise"),
		"the role is blind": custom(inbox.Kinds(), inbox.PermView),
		"the role is for tickets": custom([]inbox.Kind{inbox.Ticket}, inbox.PermView, inbox.PermReply, inbox.PermAssign, inbox.PermTransfer, inbox.PermTakeover,
			inbox.PermClose),
		"the role takes over only": custom(inbox.Kinds(), inbox.PermView, inbox.PermTakeover),
	}
}

// victim is often who has the focus, or had it.
func (o *office) victim() inbox.MemberID {
	c := o.stored(o.t, o.focus)
	return rapid.SampledFrom(nonEmpty(c.FormerAssignee, c.FormerAssignee, c.Assignee, me, mate, senior, manager, stranger)).Draw(o.r, "victim")
}

func nonEmpty(ids ...inbox.MemberID) []inbox.MemberID {
	return slices.DeleteFunc(ids, func(id inbox.MemberID) bool { return id == "" })
}

// expected lets refusals pass, and nothing else.
func (o *office) expected(what string, err error) {
	var refusal *inbox.Error
	if err != nil && !errors.As(err, &refusal) {
		o.r.Fatalf("%s: %v", what, err)
	}
}

func (o *office) someone() inbox.Principal {
	return rapid.SampledFrom([]inbox.Principal{asMember(me), asMember(mate), asMember(stranger), asMember(senior), asMember(manager), asMember(observer), asAgent(bot), asPartner(), asSystem()}).Draw(o.r, "who")
}

func (o *office) conversation() inbox.Request {
	if rapid.IntRange(0, 4).Draw(o.r, "elsewhere") > 0 {
		return inbox.Request{Conversation: o.focus}
	}
	return inbox.Request{Conversation: inbox.ConversationID(rapid.SampledFrom(names(states(me))).Draw(o.r, "conversation"))}
}

// step lets somebody go through some door of server.
func (o *office) step(server *inbox.Service) {
	o.pass(time.Second)
	all := o.doors()
	often := []string{"TRANSFER", "TAKE_OVER", "UNDO", "CLOSE", "REOPEN"}
	name := rapid.SampledFrom(append(names(stringKeys(all)), append(often, often...)...)).Draw(o.r, "door")
	r, p := o.conversation(), o.someone()
	if rapid.IntRange(0, 4).Draw(o.r, "contact") == 0 {
		p = asContact(r.Conversation)
	}
	o.expected(name, all[inbox.Action(name)](context.Background(), server, p, r))
}

func stringKeys[V any](m map[inbox.Action]V) map[string]V {
	out := map[string]V{}
	for k, v := range m {
		out[string(k)] = v
	}
	return out
}

func (o *office) administer() {
	o.pass(time.Second)
	all := o.acts()
	name := rapid.SampledFrom(names(all)).Draw(o.r, "act")
	o.expected(name, all[name](context.Background()))
}

// Whatever door an owner came by, and whatever became of the directory, an assign
// of the system could have given it at the moment of the commit. B:A1, B:K5, B:E1
func TestEveryCommittedOwnerMayOwn(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		o := newOffice(t, r)
		for _, action := range inbox.Actions() {
			require.Contains(t, o.doors(), action, "a new action needs its door here")
		}
		for range rapid.IntRange(1, 120).Draw(r, "steps") {
			if rapid.IntRange(0, 3).Draw(r, "administer") == 0 {
				o.administer()
				continue
			}
			o.step(o.Service)
		}
	})
}

// A demotion between a choice and its commit, and a server that does not know of
// it yet, leave an owner for moments only: what empties finds it. B:E1, B:Z6
func TestNobodyKeepsWhatTheyMayNotOwn(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		o := newOffice(t, r)
		o.lax = true
		for range rapid.IntRange(1, 20).Draw(r, "steps") {
			switch rapid.IntRange(0, 3).Draw(r, "what") {
			case 0:
				o.administer()
			case 1:
				o.meanwhile = o.administer
				o.step(o.Service)
				o.meanwhile = nil
			default:
				o.step(o.behind)
			}
		}
		require.NoError(t, o.Empty(context.Background()))
		for _, c := range o.sorted() {
			if what := o.wrong(o.memory.directory, c); what != "" {
				r.Fatal(what)
			}
		}
	})
}

// Moves are committed in one place, which asks: no verb can forget to.
func TestMovesAreCommittedInOnePlace(t *testing.T) {
	files, err := os.ReadDir(".")
	require.NoError(t, err)
	calls := map[string][]string{}
	for _, f := range files {
		if !strings.HasSuffix(f.Name(), ".go") || strings.HasSuffix(f.Name(), "_test.go") {
			continue
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), f.Name(), nil, 0)
		require.NoError(t, err)
		for _, decl := range parsed.Decls {
			in, _ := decl.(*ast.FuncDecl)
			ast.Inspect(decl, func(n ast.Node) bool {
				call, _ := n.(*ast.CallExpr)
				if call == nil {
					return true
				}
				if fun, ok := call.Fun.(*ast.SelectorExpr); ok && (fun.Sel.Name == "Commit" || fun.Sel.Name == "commit") {
					calls[fun.Sel.Name] = append(calls[fun.Sel.Name], in.Name.Name)
				}
				return true
			})
		}
	}
	require.Equal(t, map[string][]string{"commit": {"conclude"}, "Commit": {"commit", "writeMessage", "RevokeContactTokens"}}, calls)
}

// What undo asks: the right to the change that it takes back, and that the former
// owner may still own the result. B:K5
func TestUndoAsksAboutWhatIsSoNow(t *testing.T) {
	transfer := func(d *desk) (inbox.Outcome, error) {
		return d.Transfer(context.Background(), asMember(me), inbox.Request{Conversation: "c"}, inbox.Owner{Member: senior}, "")
	}
	takeOver := func(d *desk) (inbox.Outcome, error) {
		return d.TakeOver(context.Background(), asMember(me), inbox.Request{Conversation: "c"}, nil, "")
	}
	roles := func(id inbox.MemberID, roles ...inbox.RoleName) func(*desk) error {
		return func(d *desk) error {
			_, _, err := d.UpdateMember(context.Background(), asMember(owner), id, inbox.MemberEdit{Roles: roles})
			return err
		}
	}
	remove := func(id inbox.MemberID) func(*desk) error {
		return func(d *desk) error {
			_, _, err := d.RemoveMember(context.Background(), asMember(owner), id)
			return err
		}
	}
	plan := func(d *desk) error {
		_, _, _, err := d.SetPlan(context.Background(), asMember(owner), "free")
		return err
	}
	for name, c := range map[string]struct {
		state  string
		do     func(*desk) (inbox.Outcome, error)
		change func(*desk) error
		want   inbox.Code
		reason inbox.TargetReason
	}{
		"transfer, nothing changed":             {"chat: mine", transfer, roles(stranger, "observer"), "", ""},
		"transfer, the actor is an observer":    {"chat: mine", transfer, roles(me, "observer"), inbox.PermissionDenied, ""},
		"transfer, the actor may not transfer":  {"chat: mine", transfer, roles(me, "mute"), inbox.PermissionDenied, ""},
		"transfer, the actor was removed":       {"chat: mine", transfer, remove(me), inbox.Unauthenticated, ""},
		"transfer, the plan is too low":         {"chat: mine", transfer, plan, inbox.PlanRequired, ""},
		"takeover, nothing changed":             {"chat: a teammate's", takeOver, roles(stranger, "observer"), "", ""},
		"takeover, the plan includes it still":  {"chat: a teammate's", takeOver, plan, "", ""},
		"takeover, the actor may not take over": {"chat: a teammate's", takeOver, roles(me, "mute"), inbox.PermissionDenied, ""},
		"takeover, the former owner observes":   {"chat: a teammate's", takeOver, roles(mate, "observer"), inbox.TargetNotPermitted, inbox.TargetNotLiveAgent},
		"takeover, the former owner is gone":    {"chat: a teammate's", takeOver, remove(mate), inbox.TargetNotPermitted, inbox.TargetNotMember},
		"a ticket, the former owner observes":   {"ticket: a teammate's", takeOver, roles(mate, "observer"), inbox.TargetNotPermitted, inbox.TargetNotLiveAgent},
	} {
		for at, meanwhile := range map[string]bool{"before": false, "while it commits": true} {
			t.Run(name+" "+at, func(t *testing.T) {
				d := newDesk(t)
				d.directory().Workspace.CustomRoles = []inbox.CustomRole{{Name: "mute", Permissions: permissionsOf(inbox.Kinds(), inbox.PermView, inbox.PermReply)}}
				d.begin(t, c.state)
				done, err := c.do(d)
				require.NoError(t, err)
				if meanwhile {
					// The choice was made; the first commit meets another one and is made anew.
					d.meanwhile = func() {
						require.NoError(t, c.change(d))
						d.refuse = append(d.refuse, inbox.ErrStale)
					}
				} else {
					require.NoError(t, c.change(d))
				}
				out, err := d.Undo(t.Context(), asMember(me), done.Event.ID, "")
				require.Equal(t, c.want, inbox.CodeOf(err), "%v", err)
				if err == nil {
					require.Equal(t, done.Event.From.Assignee, out.Conversation.Assignee)
					return
				}
				require.NotEqual(t, done.Event.From.Assignee, d.stored(t, "c").Assignee)
				var refusal *inbox.Error
				require.ErrorAs(t, err, &refusal)
				require.Equal(t, c.reason, refusal.Target)
				require.NotEmpty(t, refusal.Message)
			})
		}
	}
}

// Whatever step a conversation takes, an owner who may no longer own it is let go,
// and those who may claim it are notified. B:E1, B:L1
func TestAStepLetsGoOfAnOwnerWhoMayNotOwn(t *testing.T) {
	for _, state := range []string{"ticket: closed and a teammate's", "chat: closed and a teammate's", "ticket: a teammate's", "chat: a teammate's"} {
		t.Run(state, func(t *testing.T) {
			d := newDesk(t)
			r := d.begin(t, state)
			before := d.stored(t, r.Conversation)
			d.member(mate, func(m *inbox.Member) { m.Roles = []inbox.RoleName{"observer"} })
			to := inbox.Open
			if before.Status == inbox.Open {
				to = inbox.Unset
			}
			d.alone()
			out, err := d.SetStatus(t.Context(), asMember(manager), r, to)
			require.NoError(t, err)
			after := out.Conversation
			require.Empty(t, after.Assignee)
			require.True(t, after.Waiting())
			require.Equal(t, mate, after.FormerAssignee)
			require.Equal(t, before.Epoch+1, after.Epoch)
			require.Equal(t, before.Status == inbox.Open, after.Left)
			require.Equal(t, after.Ownership, out.Event.To)
			require.Equal(t, inbox.NotifyUpForGrabs, after.Announced)
		})
	}
}

// A contact is never refused because of who had the closed ticket, or which AI
// agent had the closed chat. B:C4
func TestAContactStartsAnewAfterADemotion(t *testing.T) {
	d := newDesk(t)
	r := d.begin(t, "ticket: closed and a teammate's")
	d.member(mate, func(m *inbox.Member) { m.Roles = []inbox.RoleName{"observer"} })
	sent, err := d.StartNew(t.Context(), asContact("c"), r.Conversation, "Hello?", "")
	require.NoError(t, err)
	require.True(t, sent.Conversation.Waiting())

	d = newDesk(t)
	r = d.begin(t, "chat: closed and back with the AI")
	_, _, err = d.RemoveAgent(t.Context(), asMember(owner), bot)
	require.NoError(t, err)
	sent, err = d.StartNew(t.Context(), asContact("c"), r.Conversation, "Hello?", "")
	require.NoError(t, err)
	require.NotEqual(t, inbox.HandledByAI, sent.Conversation.Handler())
}

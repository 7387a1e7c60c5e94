package desk_test

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
	"switchboard/inbox/access"
	"switchboard/inbox/admin"
	"switchboard/inbox/commit"
	"switchboard/inbox/desk"
	"switchboard/inbox/services"
	"switchboard/inbox/workspace"
	"switchboard/internal/world"
)

const talker workspace.RoleName = "talker"

type (
	background = context.Context
	request    = desk.Request
	outcome    = desk.Outcome
	principal  = inbox.Principal
	service    = services.Services
)

// office is a desk on which people act, directories change, and every committed
// owner is judged.
type office struct {
	*world.Inbox
	t *testing.T
	r *rapid.T
	// behind is a server whose directory is the one of the beginning.
	behind *services.Services
	last   map[inbox.ConversationID]inbox.EventID
	doers  map[inbox.ConversationID]inbox.Principal
	lax    bool // commits of the server behind are not judged
	// focus is what most steps are about, so that they build on one another.
	focus inbox.ConversationID
}

func newOffice(t *testing.T, r *rapid.T) *office {
	o := &office{Inbox: world.New(t), t: t, r: r, last: map[inbox.ConversationID]inbox.EventID{}, doers: map[inbox.ConversationID]inbox.Principal{}}
	dir := o.World.Roster
	dir.Workspace.CustomRoles = []workspace.CustomRole{{Name: talker, Permissions: permissionsOf(workspace.Kinds(), workspace.PermView, workspace.PermReply, workspace.PermAssign, workspace.PermTransfer, workspace.PermTakeover, workspace.PermClose)}}
	for _, id := range []workspace.MemberID{world.Stranger, world.Senior} {
		o.Member(id, func(m *workspace.Member) { m.Roles = []workspace.RoleName{talker} })
	}
	dir.Workspace.Rules = workspace.DefaultRules()
	dir.Workspace.Rules.AutoAssignTickets = true
	dir.Workspace.Rules.UndoWindow = time.Hour
	dir.Workspace.Rules.OnReopen = rapid.SampledFrom([]workspace.OnReopen{workspace.ReopenWithOriginAI, workspace.ReopenWithFormerOwner, workspace.ReopenByRoute}).Draw(r, "onReopen")
	dir.Workspace.Rules.ReopenWindow = rapid.SampledFrom([]time.Duration{0, 3 * time.Second}).Draw(r, "reopenWindow")
	dir.Workspace.Rules.CloseIdleAfter = rapid.SampledFrom([]time.Duration{0, 20 * time.Second}).Draw(r, "closeIdleAfter")
	dir.Workspace.Rules.OnCloseChat = rapid.SampledFrom([]workspace.OnCloseChat{workspace.ReturnToOriginAI, workspace.KeepAssignee, workspace.UnassignWhenClose}).Draw(r, "onCloseChat")
	dir.Workspace.Rules.TransferActor = rapid.SampledFrom([]workspace.TransferActor{workspace.TransferByAssignee, workspace.TransferByAnyone}).Draw(r, "transferActor")
	dir.Workspace.Rules.AIAfterUnassign = rapid.SampledFrom([]workspace.AIAfterUnassign{workspace.AIStaysStopped, workspace.AIResumes}).Draw(r, "aiAfterUnassign")
	o.behind = o.Serve(frozen{dir})
	o.focus = inbox.ConversationID(rapid.SampledFrom(world.Names(world.States(world.Me))).Draw(r, "focus"))
	for name, c := range world.States(world.Me) {
		c.ID = inbox.ConversationID(name)
		o.Put(c)
	}
	o.Memory.Judge = o.judge
	return o
}

func permissionsOf(kinds []workspace.Kind, actions ...workspace.PermAction) (out []workspace.Permission) {
	for _, kind := range kinds {
		for _, action := range actions {
			out = append(out, workspace.Permission{Kind: kind, Action: action, Scope: workspace.ScopeAll})
		}
	}
	return out
}

// frozen is a directory that hears of no change.
type frozen struct{ d *workspace.Directory }

func (f frozen) Directory(context.Context, workspace.WorkspaceID) (*workspace.Directory, error) {
	return f.d, nil
}

func (frozen) Applied(workspace.WorkspaceID, workspace.DirectoryChange) {}

// wrong says what of c an assign of the system would refuse by d.
func (o *office) wrong(d *workspace.Directory, c inbox.Conversation) string {
	if c.Status == inbox.Closed {
		return ""
	}
	a, err := access.NewAccess(world.AsSystem(), d, o.Policy)
	require.NoError(o.t, err)
	if m, ok := d.Member(c.Assignee); c.Owned() && (!ok || !a.LiveAgent(m, c.Kind)) {
		return fmt.Sprintf("%s of kind %s belongs to %s, who may not own it", c.ID, c.Kind, c.Assignee)
	}
	if c.Offer.Open() && c.Offer.Sender != c.Assignee {
		return fmt.Sprintf("%s is offered by %s and owned by %s", c.ID, c.Offer.Sender, c.Assignee)
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
func (o *office) judge(c commit.Change, d *workspace.Directory) {
	if c.Event.Type != inbox.OwnershipEvent {
		return
	}
	o.last[c.Conversation.ID] = c.Event.ID
	o.doers[c.Conversation.ID] = inbox.Principal{Workspace: world.Home, Actor: c.Event.Actor}
	if what := o.wrong(d, c.Conversation); what != "" && !o.lax {
		o.r.Fatalf("%s by %v: %s", c.Event.Kind, c.Event.Actor, what)
	}
}

// rotationLock is one way to an owner.
type rotationLock func(ctx context.Context, s *services.Services, p inbox.Principal, r desk.Request) error

func (o *office) target() access.Owner {
	if team := world.SomeTeam(o.r); team != "" {
		return access.Owner{Team: team}
	}
	return access.Owner{Member: world.SomeMember(o.r)}
}

// doors has every action of the vocabulary, and every door that is no person's
// verb on a conversation.
func (o *office) doors() map[inbox.Action]rotationLock {
	of := func(f func(ctx context.Context, s *services.Services, p inbox.Principal, r desk.Request) (desk.Outcome, error)) rotationLock {
		return func(ctx context.Context, s *services.Services, p inbox.Principal, r desk.Request) error {
			_, err := f(ctx, s, p, r)
			return err
		}
	}
	status := func(to inbox.Status) rotationLock {
		return of(func(ctx background, s *service, p principal, r request) (outcome, error) {
			return s.Desk.SetStatus(ctx, p, r, to)
		})
	}
	reply := func(f func(s *service) func(background, principal, desk.SendRequest) (desk.Sent, error)) rotationLock {
		return func(ctx background, s *service, p principal, r request) error {
			c, err := o.Memory.Conversation(ctx, world.Home, r.Conversation)
			if err == nil {
				_, err = f(s)(ctx, p, desk.SendRequest{Conversation: r.Conversation, Body: "Hello", Epoch: &c.Epoch})
			}
			return err
		}
	}
	answering := func(f func(s *service) func(background, principal, inbox.OfferID) (outcome, error)) rotationLock {
		return func(ctx background, s *service, p principal, r request) error {
			c, err := o.Memory.Conversation(ctx, world.Home, r.Conversation)
			if err == nil {
				_, err = f(s)(ctx, p, c.Offer.ID)
			}
			return err
		}
	}
	none := func(background, *service, principal, request) error { return nil }
	begin := func(kind workspace.Kind) rotationLock {
		return func(ctx background, s *service, p principal, _ request) error {
			n := desk.NewConversation{Kind: kind, Subject: "New", Agent: rapid.SampledFrom([]workspace.AgentID{"", world.Bot, world.OtherBot}).Draw(o.r, "agent")}
			n.To = o.target()
			_, err := s.Intake.CreateTicket(ctx, p, n)
			if kind == workspace.Livechat {
				_, err = s.Intake.StartLivechat(ctx, p, n)
			}
			return err
		}
	}
	return map[inbox.Action]rotationLock{
		inbox.ActionView:    none,
		inbox.ActionMonitor: none,
		inbox.ActionReply: reply(func(s *service) func(background, principal, desk.SendRequest) (desk.Sent, error) {
			return s.Messages.Send
		}),
		inbox.ActionAssign: of(func(ctx background, s *service, p principal, r request) (outcome, error) {
			return s.Desk.Assign(ctx, p, r, o.target(), "")
		}),
		inbox.ActionTransfer: of(func(ctx background, s *service, p principal, r request) (outcome, error) {
			return s.Desk.Transfer(ctx, p, r, o.target(), "")
		}),
		inbox.ActionClaim: of(func(ctx background, s *service, p principal, r request) (outcome, error) {
			return s.Desk.Claim(ctx, p, r)
		}),
		inbox.ActionUnassign: of(func(ctx background, s *service, p principal, r request) (outcome, error) {
			return s.Desk.Unassign(ctx, p, r)
		}),
		inbox.ActionLeave: of(func(ctx background, s *service, p principal, r request) (outcome, error) {
			return s.Desk.Leave(ctx, p, r)
		}),
		inbox.ActionTakeOver: of(func(ctx background, s *service, p principal, r request) (outcome, error) {
			return s.Desk.TakeOver(ctx, p, r, nil, "")
		}),
		inbox.ActionHandOff: of(func(ctx background, s *service, p principal, r request) (outcome, error) {
			to := o.target()
			return s.Desk.RequestHandoff(ctx, p, r, desk.HandoffTarget{Member: to.Member, Team: to.Team})
		}),
		inbox.ActionClose:  status(inbox.Closed),
		inbox.ActionReopen: status(inbox.Open),
		inbox.ActionReopenSend: reply(func(s *service) func(background, principal, desk.SendRequest) (desk.Sent, error) {
			return s.Messages.ReopenAndReply
		}),
		inbox.ActionStartNew: func(ctx background, s *service, p principal, r request) error {
			_, err := s.Messages.StartNew(ctx, p, r.Conversation, "Again", "")
			return err
		},
		inbox.ActionReturn: of(func(ctx background, s *service, p principal, r request) (outcome, error) {
			return s.Desk.ReturnToAgent(ctx, p, r, "")
		}),
		inbox.ActionAccept: answering(func(s *service) func(background, principal, inbox.OfferID) (outcome, error) {
			return func(ctx background, p principal, id inbox.OfferID) (outcome, error) {
				return s.Desk.AcceptOffer(ctx, p, id, "")
			}
		}),
		inbox.ActionDecline: answering(func(s *service) func(background, principal, inbox.OfferID) (outcome, error) {
			return func(ctx background, p principal, id inbox.OfferID) (outcome, error) {
				return s.Desk.DeclineOffer(ctx, p, id, desk.Declining{})
			}
		}),
		inbox.ActionWithdraw: answering(func(s *service) func(background, principal, inbox.OfferID) (outcome, error) {
			return func(ctx background, p principal, id inbox.OfferID) (outcome, error) {
				return s.Desk.WithdrawOffer(ctx, p, id, "")
			}
		}),
		"OFFER": of(func(ctx background, s *service, p principal, r request) (outcome, error) {
			return s.Desk.TransferAs(ctx, p, r, o.target(), "", desk.OfferWish{Offer: world.Ptr(true)})
		}),
		"EXPIRE": func(ctx background, s *service, _ principal, _ request) error {
			_, err := s.Queues.ExpireOffers(ctx)
			return err
		},
		"TARGETS": func(ctx background, s *service, _ principal, _ request) error {
			return s.Queues.CheckOffers(ctx, world.Home)
		},
		inbox.ActionSnooze: of(func(ctx background, s *service, p principal, r request) (outcome, error) {
			return s.Desk.Snooze(ctx, p, r, o.Clock().Add(rapid.SampledFrom([]time.Duration{time.Second, time.Hour}).Draw(o.r, "sleep")))
		}),
		inbox.ActionWake: of(func(ctx background, s *service, p principal, r request) (outcome, error) {
			return s.Desk.Wake(ctx, p, r)
		}),
		"DEADLINES": func(ctx background, s *service, _ principal, _ request) error { return s.Queues.QueueLeft(ctx) },
		"UNSET":     status(inbox.Unset),
		"POST": func(ctx background, s *service, _ principal, r request) error {
			_, err := s.Messages.Post(ctx, world.AsPartner(), desk.Posting{Conversation: desk.ConversationRef{ID: r.Conversation}, Body: "Said elsewhere"})
			return err
		},
		"IDLE": func(ctx background, s *service, _ principal, _ request) error { return s.Queues.CloseIdle(ctx) },
		"RECLAIM": func(ctx background, s *service, _ principal, _ request) error {
			return s.Queues.Reclaim(ctx, world.Home)
		},
		"UNDO": func(ctx background, s *service, _ principal, r request) error {
			_, err := s.Desk.Undo(ctx, o.doers[r.Conversation], o.last[r.Conversation], "")
			return err
		},
		"CREATE_TICKET":  begin(workspace.Ticket),
		"START_LIVECHAT": begin(workspace.Livechat),
		"DRAIN": func(ctx background, s *service, _ principal, _ request) error {
			_, err := s.Queues.Drain(ctx, world.Home, inbox.Queue{Team: world.SomeTeam(o.r), Kind: rapid.SampledFrom(workspace.Kinds()).Draw(o.r, "kind")})
			return err
		},
		"EMPTY":  func(ctx background, s *service, _ principal, _ request) error { return s.Offboarding.Run(ctx) },
		"REVIEW": func(ctx background, s *service, _ principal, _ request) error { return s.Offboarding.ReviewOwners(ctx) },
	}
}

// acts are what an administrator can do that takes from somebody the right to own,
// to be owned by, or to answer, and what gives it back.
func (o *office) acts() map[string]func(context.Context) error {
	boss := world.AsMember(world.Owner)
	roles := func(roles ...workspace.RoleName) func(context.Context) error {
		return func(ctx context.Context) error {
			_, _, err := o.Admin.UpdateMember(ctx, boss, o.victim(), admin.MemberEdit{Roles: roles})
			return err
		}
	}
	custom := func(kinds []workspace.Kind, actions ...workspace.PermAction) func(context.Context) error {
		return func(ctx context.Context) error {
			_, _, err := o.Admin.UpdateRole(ctx, boss, workspace.CustomRole{Name: talker, Permissions: permissionsOf(kinds, actions...)})
			return err
		}
	}
	plan := func(plan workspace.PlanName) func(context.Context) error {
		return func(ctx context.Context) error { _, _, _, err := o.Admin.SetPlan(ctx, boss, plan); return err }
	}
	return map[string]func(context.Context) error{
		"observer": roles("observer"), "talker": roles(talker), "agent": roles("agent"),
		"remove a member": func(ctx context.Context) error {
			_, _, err := o.Admin.RemoveMember(ctx, boss, o.victim())
			return err
		},
		"remove a team":     func(ctx context.Context) error { _, _, err := o.Admin.DeleteTeam(ctx, boss, world.Sales); return err },
		"remove the bot":    func(ctx context.Context) error { _, _, err := o.Admin.RemoveAgent(ctx, boss, world.Bot); return err },
		"the lowest plan":   plan("free"),
		"the highest plan":  plan("enterprise"),
		"the role is blind": custom(workspace.Kinds(), workspace.PermView),
		"the role is for tickets": custom([]workspace.Kind{workspace.Ticket}, workspace.PermView, workspace.PermReply, workspace.PermAssign, workspace.PermTransfer, workspace.PermTakeover,
			workspace.PermClose),
		"the role takes over only": custom(workspace.Kinds(), workspace.PermView, workspace.PermTakeover),
	}
}

// victim is often who has the focus, or had it.
func (o *office) victim() workspace.MemberID {
	c := o.Stored(o.t, o.focus)
	return rapid.SampledFrom(nonEmpty(c.FormerAssignee, c.FormerAssignee, c.Assignee, world.Me, world.Mate, world.Senior, world.Manager, world.Stranger)).Draw(o.r, "victim")
}

func nonEmpty(ids ...workspace.MemberID) []workspace.MemberID {
	return slices.DeleteFunc(ids, func(id workspace.MemberID) bool { return id == "" })
}

// expected lets refusals pass, and nothing else.
func (o *office) expected(what string, err error) {
	var refusal *inbox.Error
	if err != nil && !errors.As(err, &refusal) {
		o.r.Fatalf("%s: %v", what, err)
	}
}

func (o *office) someone() inbox.Principal {
	return rapid.SampledFrom([]inbox.Principal{world.AsMember(world.Me), world.AsMember(world.Mate), world.AsMember(world.Stranger), world.AsMember(world.Senior), world.AsMember(world.Manager), world.AsMember(world.Observer), world.AsAgent(world.Bot), world.AsPartner(), world.AsSystem()}).Draw(o.r, "who")
}

func (o *office) conversation() desk.Request {
	if rapid.IntRange(0, 4).Draw(o.r, "elsewhere") > 0 {
		return desk.Request{Conversation: o.focus}
	}
	return desk.Request{Conversation: inbox.ConversationID(rapid.SampledFrom(world.Names(world.States(world.Me))).Draw(o.r, "conversation"))}
}

// step lets somebody go through some door of server.
func (o *office) step(server *services.Services) {
	o.Pass(time.Second)
	all := o.doors()
	often := []string{"TRANSFER", "TAKE_OVER", "UNDO", "CLOSE", "REOPEN"}
	name := rapid.SampledFrom(append(world.Names(stringKeys(all)), append(often, often...)...)).Draw(o.r, "door")
	r, p := o.conversation(), o.someone()
	if rapid.IntRange(0, 4).Draw(o.r, "contact") == 0 {
		p = world.AsContact(r.Conversation)
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
	o.Pass(time.Second)
	all := o.acts()
	name := rapid.SampledFrom(world.Names(all)).Draw(o.r, "act")
	o.expected(name, all[name](context.Background()))
}

// Whatever door an owner came by, and whatever became of the directory, an assign
// of the system could have given it at the moment of the commit. B:A1, B:K5, B:E1
func TestEveryCommittedOwnerMayOwn(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		o := newOffice(t, r)
		for _, action := range access.Actions() {
			require.Contains(t, o.doors(), action, "a new action needs its door here")
		}
		for range rapid.IntRange(1, 120).Draw(r, "steps") {
			if rapid.IntRange(0, 3).Draw(r, "administer") == 0 {
				o.administer()
				continue
			}
			o.step(o.Services)
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
				o.Meanwhile = o.administer
				o.step(o.Services)
				o.Meanwhile = nil
			default:
				o.step(o.behind)
			}
		}
		require.NoError(t, o.Offboarding.Run(context.Background()))
		for _, c := range o.Sorted() {
			if what := o.wrong(o.Memory.Saved, c); what != "" {
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
	require.Equal(t, map[string][]string{"commit": {"conclude"}, "Commit": {"Receive", "RevokeContactTokens", "commit", "writeMessage"}}, calls)
}

// What undo asks: the right to the change that it takes back, and that the former
// owner may still own the result. B:K5
func TestUndoAsksAboutWhatIsSoNow(t *testing.T) {
	transfer := func(d *world.Inbox) (desk.Outcome, error) {
		return d.Desk.Transfer(context.Background(), world.AsMember(world.Me), desk.Request{Conversation: "c"}, access.Owner{Member: world.Senior}, "")
	}
	takeOver := func(d *world.Inbox) (desk.Outcome, error) {
		return d.Desk.TakeOver(context.Background(), world.AsMember(world.Me), desk.Request{Conversation: "c"}, nil, "")
	}
	roles := func(id workspace.MemberID, roles ...workspace.RoleName) func(*world.Inbox) error {
		return func(d *world.Inbox) error {
			_, _, err := d.Admin.UpdateMember(context.Background(), world.AsMember(world.Owner), id, admin.MemberEdit{Roles: roles})
			return err
		}
	}
	remove := func(id workspace.MemberID) func(*world.Inbox) error {
		return func(d *world.Inbox) error {
			_, _, err := d.Admin.RemoveMember(context.Background(), world.AsMember(world.Owner), id)
			return err
		}
	}
	plan := func(d *world.Inbox) error {
		_, _, _, err := d.Admin.SetPlan(context.Background(), world.AsMember(world.Owner), "free")
		return err
	}
	for name, c := range map[string]struct {
		state  string
		do     func(*world.Inbox) (desk.Outcome, error)
		change func(*world.Inbox) error
		want   inbox.Code
		reason inbox.TargetReason
	}{
		"transfer, nothing changed":             {"chat: mine", transfer, roles(world.Stranger, "observer"), "", ""},
		"transfer, the actor is an observer":    {"chat: mine", transfer, roles(world.Me, "observer"), inbox.PermissionDenied, ""},
		"transfer, the actor may not transfer":  {"chat: mine", transfer, roles(world.Me, "mute"), inbox.PermissionDenied, ""},
		"transfer, the actor was removed":       {"chat: mine", transfer, remove(world.Me), inbox.Unauthenticated, ""},
		"transfer, the plan is too low":         {"chat: mine", transfer, plan, inbox.PlanRequired, ""},
		"takeover, nothing changed":             {"chat: a teammate's", takeOver, roles(world.Stranger, "observer"), "", ""},
		"takeover, the plan includes it still":  {"chat: a teammate's", takeOver, plan, "", ""},
		"takeover, the actor may not take over": {"chat: a teammate's", takeOver, roles(world.Me, "mute"), inbox.PermissionDenied, ""},
		"takeover, the former owner observes":   {"chat: a teammate's", takeOver, roles(world.Mate, "observer"), inbox.TargetNotPermitted, inbox.TargetNotLiveAgent},
		"takeover, the former owner is gone":    {"chat: a teammate's", takeOver, remove(world.Mate), inbox.TargetNotPermitted, inbox.TargetNotMember},
		"a ticket, the former owner observes":   {"ticket: a teammate's", takeOver, roles(world.Mate, "observer"), inbox.TargetNotPermitted, inbox.TargetNotLiveAgent},
	} {
		for at, meanwhile := range map[string]bool{"before": false, "while it commits": true} {
			t.Run(name+" "+at, func(t *testing.T) {
				d := world.New(t)
				d.Roster.Workspace.CustomRoles = []workspace.CustomRole{{Name: "mute", Permissions: permissionsOf(workspace.Kinds(), workspace.PermView, workspace.PermReply)}}
				d.Begin(t, c.state)
				done, err := c.do(d)
				require.NoError(t, err)
				if meanwhile {
					// The choice was made; the first commit meets another one and is made anew.
					d.Meanwhile = func() {
						require.NoError(t, c.change(d))
						d.Refuse = append(d.Refuse, commit.ErrStale)
					}
				} else {
					require.NoError(t, c.change(d))
				}
				out, err := d.Desk.Undo(t.Context(), world.AsMember(world.Me), done.Event.ID, "")
				require.Equal(t, c.want, inbox.CodeOf(err), "%v", err)
				if err == nil {
					require.Equal(t, done.Event.From.Assignee, out.Conversation.Assignee)
					return
				}
				require.NotEqual(t, done.Event.From.Assignee, d.Stored(t, "c").Assignee)
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
			d := world.New(t)
			r := d.Begin(t, state)
			before := d.Stored(t, r.Conversation)
			d.Member(world.Mate, func(m *workspace.Member) { m.Roles = []workspace.RoleName{"observer"} })
			to := inbox.Open
			if before.Status == inbox.Open {
				to = inbox.Unset
			}
			d.Alone()
			out, err := d.Desk.SetStatus(t.Context(), world.AsMember(world.Manager), r, to)
			require.NoError(t, err)
			after := out.Conversation
			require.Empty(t, after.Assignee)
			require.True(t, after.Waiting())
			require.Equal(t, world.Mate, after.FormerAssignee)
			require.Equal(t, before.Epoch+1, after.Epoch)
			require.Equal(t, before.Status == inbox.Open, after.Left)
			require.Equal(t, after.Ownership, out.Event.To)
			told := out.Event
			if before.Status == inbox.Open { // the release has an event of its own, before the step's
				told = d.Recorded()[len(d.Recorded())-2]
				require.Equal(t, inbox.EventLeft, told.Kind)
				require.Equal(t, inbox.ReasonNotLiveAgent, told.Reason)
				require.Equal(t, before.Epoch+1, told.Epoch)
				require.Empty(t, out.Event.From.Assignee, "the step takes it from nobody")
			}
			require.Equal(t, inbox.NotifyUpForGrabs, told.To.Announced)
		})
	}
}

// A contact is never refused because of who had the closed ticket, or which AI
// agent had the closed chat. B:C4
func TestAContactStartsAnewAfterADemotion(t *testing.T) {
	d := world.New(t)
	r := d.Begin(t, "ticket: closed and a teammate's")
	d.Member(world.Mate, func(m *workspace.Member) { m.Roles = []workspace.RoleName{"observer"} })
	sent, err := d.Messages.StartNew(t.Context(), world.AsContact("c"), r.Conversation, "Hello?", "")
	require.NoError(t, err)
	require.True(t, sent.Conversation.Waiting())

	d = world.New(t)
	r = d.Begin(t, "chat: closed and back with the AI")
	_, _, err = d.Admin.RemoveAgent(t.Context(), world.AsMember(world.Owner), world.Bot)
	require.NoError(t, err)
	sent, err = d.Messages.StartNew(t.Context(), world.AsContact("c"), r.Conversation, "Hello?", "")
	require.NoError(t, err)
	require.NotEqual(t, inbox.HandledByAI, sent.Conversation.Handler())
}

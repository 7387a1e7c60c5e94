package desk_test

import (
	"cmp"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/contacts"
	"switchboard/inbox/desk"
	"switchboard/inbox/workspace"
	"switchboard/internal/world"
)

// useCase is a way to a verb: prepare puts what it needs into the desk and returns the
// call.
type useCase struct {
	prepare func(t *testing.T, d *world.Inbox) (do func() error)
	// judged is the verb whose verdict decides, if that is another one.
	judged inbox.Action
}

func (u useCase) judgedAs(action inbox.Action) inbox.Action { return cmp.Or(u.judged, action) }

// on is a use case of the service on a conversation in a state of world.States.
func on(state string, by inbox.Principal, do func(t *testing.T, s *desk.Service, p inbox.Principal, r desk.Request) (desk.Outcome, error)) useCase {
	return useCase{prepare: func(t *testing.T, d *world.Inbox) func() error {
		r := d.Begin(t, state)
		return func() error {
			_, err := do(t, d.Services.Desk, by, r)
			return err
		}
	}}
}

// saying is a use case that writes a message into a conversation in a state.
func saying(judged inbox.Action, state string, say func(t *testing.T, d *world.Inbox, id inbox.ConversationID) error) useCase {
	return useCase{judged: judged, prepare: func(t *testing.T, d *world.Inbox) func() error {
		r := d.Begin(t, state)
		return func() error { return say(t, d, r.Conversation) }
	}}
}

// system is a use case by which the rules act on c.
func system(c inbox.Conversation, do func(t *testing.T, d *world.Inbox) error) useCase {
	return useCase{prepare: func(t *testing.T, d *world.Inbox) func() error {
		d.Alone(world.Me)
		d.Put(c)
		return func() error { return do(t, d) }
	}}
}

// useCases are all of the desk, by the declaration that they run.
func useCases() map[inbox.Action]map[string]useCase {
	mate, me := access.Owner{Member: world.Mate}, access.Owner{Member: world.Me}
	asMe := world.AsMember(world.Me)
	assign := func(to access.Owner) func(*testing.T, *desk.Service, inbox.Principal, desk.Request) (desk.Outcome, error) {
		return func(t *testing.T, s *desk.Service, p inbox.Principal, r desk.Request) (desk.Outcome, error) {
			return s.Assign(t.Context(), p, r, to, "")
		}
	}
	status := func(to inbox.Status) func(*testing.T, *desk.Service, inbox.Principal, desk.Request) (desk.Outcome, error) {
		return func(t *testing.T, s *desk.Service, p inbox.Principal, r desk.Request) (desk.Outcome, error) {
			return s.SetStatus(t.Context(), p, r, to)
		}
	}
	return map[inbox.Action]map[string]useCase{
		inbox.ActionAssign: {"panel": on("chat: AI answers", asMe, assign(mate))},
		inbox.ActionClaim: {
			"claim": on("chat: AI answers", asMe, func(t *testing.T, s *desk.Service, p inbox.Principal, r desk.Request) (desk.Outcome, error) {
				return s.Claim(t.Context(), p, r)
			}),
			"panel": on("chat: AI answers", asMe, assign(me)),
		},
		inbox.ActionUnassign: {"unassign": on("chat: mine", asMe, func(t *testing.T, s *desk.Service, p inbox.Principal, r desk.Request) (desk.Outcome, error) {
			return s.Unassign(t.Context(), p, r)
		})},
		inbox.ActionTransfer: {
			"transfer": on("chat: mine", asMe, func(t *testing.T, s *desk.Service, p inbox.Principal, r desk.Request) (desk.Outcome, error) {
				return s.Transfer(t.Context(), p, r, mate, "")
			}),
			"panel": on("chat: mine", asMe, assign(mate)),
		},
		inbox.ActionTakeOver: {
			"take over": on("chat: a teammate's", asMe, func(t *testing.T, s *desk.Service, p inbox.Principal, r desk.Request) (desk.Outcome, error) {
				return s.TakeOver(t.Context(), p, r, nil, "")
			}),
			"panel": on("chat: a teammate's", asMe, assign(me)),
		},
		inbox.ActionLeave: {"leave": on("chat: mine", asMe, func(t *testing.T, s *desk.Service, p inbox.Principal, r desk.Request) (desk.Outcome, error) {
			return s.Leave(t.Context(), p, r)
		})},
		inbox.ActionClose: {
			"close": on("chat: mine", asMe, func(t *testing.T, s *desk.Service, p inbox.Principal, r desk.Request) (desk.Outcome, error) {
				return s.Close(t.Context(), p, r, desk.Closing{Note: "Done", EndTokens: true})
			}),
			"status": on("chat: mine", asMe, status(inbox.Closed)),
		},
		inbox.ActionReopen: {
			"status": on("chat: closed and a teammate's", asMe, status(inbox.Open)),
			"contact": saying(inbox.ActionReply, "chat: closed and a teammate's", func(t *testing.T, d *world.Inbox, id inbox.ConversationID) error {
				_, err := d.Messages.Send(t.Context(), world.AsContact(id), desk.SendRequest{Conversation: id, Body: "Again"})
				return err
			}),
		},
		inbox.ActionHandOff: {"hand off": on("chat: AI answers", world.AsAgent(world.Bot), func(t *testing.T, s *desk.Service, p inbox.Principal, r desk.Request) (desk.Outcome, error) {
			return s.RequestHandoff(t.Context(), p, r, desk.HandoffTarget{})
		})},
		inbox.ActionReturn: {"return": on("chat: mine", asMe, func(t *testing.T, s *desk.Service, p inbox.Principal, r desk.Request) (desk.Outcome, error) {
			return s.ReturnToAgent(t.Context(), p, r, "")
		})},
		inbox.ActionSnooze: {"snooze": on("chat: mine", asMe, func(t *testing.T, s *desk.Service, p inbox.Principal, r desk.Request) (desk.Outcome, error) {
			return s.Snooze(t.Context(), p, r, world.Start().Add(time.Hour))
		})},
		inbox.ActionWake: {"wake": {prepare: sleeping(func(t *testing.T, d *world.Inbox) error {
			_, err := d.Desk.Wake(t.Context(), asMe, desk.Request{Conversation: "c"})
			return err
		})}},
		access.StepWake: {
			"time": {prepare: sleeping(func(t *testing.T, d *world.Inbox) error {
				d.Pass(time.Hour)
				return d.Queues.QueueLeft(t.Context())
			})},
			"contact": {judged: inbox.ActionReply, prepare: sleeping(func(t *testing.T, d *world.Inbox) error {
				_, err := d.Messages.Send(t.Context(), world.AsContact("c"), desk.SendRequest{Conversation: "c", Body: "Hello?"})
				return err
			})},
		},
		inbox.ActionReply: {
			"send": saying("", "chat: mine", func(t *testing.T, d *world.Inbox, id inbox.ConversationID) error {
				_, err := d.Messages.Send(t.Context(), asMe, desk.SendRequest{Conversation: id, Body: "Hello"})
				return err
			}),
			"post": saying("", "chat: mine", func(t *testing.T, d *world.Inbox, id inbox.ConversationID) error {
				_, err := d.Messages.Post(t.Context(), world.AsPartner(), desk.Posting{Conversation: desk.ConversationRef{ID: id}, Body: "Hello"})
				return err
			}),
		},
		inbox.ActionReopenSend: {"reply": saying("", "chat: closed and a teammate's", func(t *testing.T, d *world.Inbox, id inbox.ConversationID) error {
			_, err := d.Messages.ReopenAndReply(t.Context(), asMe, desk.SendRequest{Conversation: id, Body: "Again"})
			return err
		})},
		inbox.ActionStartNew: {
			"start": saying("", "chat: closed and a teammate's", func(t *testing.T, d *world.Inbox, id inbox.ConversationID) error {
				_, err := d.Messages.StartNew(t.Context(), asMe, id, "Once more", "")
				return err
			}),
			"contact": saying(inbox.ActionReply, "chat: closed and a teammate's", func(t *testing.T, d *world.Inbox, id inbox.ConversationID) error {
				d.Pass(time.Hour)
				d.Rules(func(r *workspace.Rules) { r.ReopenWindow = time.Second })
				_, err := d.Messages.Send(t.Context(), world.AsContact(id), desk.SendRequest{Conversation: id, Body: "Again"})
				return err
			}),
		},
		access.StepCreate: {
			"ticket": saying("", "chat: mine", func(t *testing.T, d *world.Inbox, _ inbox.ConversationID) error {
				_, err := d.Intake.CreateTicket(t.Context(), asMe, desk.NewConversation{Subject: "S", Contact: contacts.NewContact{Name: "Ada"}, To: mate})
				return err
			}),
			"livechat": saying("", "chat: mine", func(t *testing.T, d *world.Inbox, _ inbox.ConversationID) error {
				_, err := d.Intake.StartLivechat(t.Context(), asMe, desk.NewConversation{Contact: contacts.NewContact{Name: "Ada"}})
				return err
			}),
		},
		access.StepSetStatus:        {"status": on("chat: mine", asMe, status(inbox.Unset))},
		access.StepUndo:             {"undo": {prepare: undoing}},
		access.StepAutoAssign:       {"queue": system(waiting(), drained)},
		access.StepQueueAgain:       {"unclaimed": system(unclaimed(), func(t *testing.T, d *world.Inbox) error { return d.Queues.QueueLeft(t.Context()) })},
		access.StepCloseIdle:        {"idle": {prepare: idling}},
		access.StepReclaim:          {"unanswered": {prepare: unanswered(0)}},
		access.StepReportUnanswered: {"unanswered": {prepare: unanswered(1)}},
		access.StepGiveBack:         {"answer": {prepare: takenBack}},
		access.StepReclaimOffline: {
			"absent": {prepare: stranded},
			"contact": saying("", "chat: mine", func(t *testing.T, d *world.Inbox, id inbox.ConversationID) error {
				d.Rules(func(r *workspace.Rules) { r.ReclaimOffline = workspace.ReclaimOfflineOnInbound })
				d.Member(world.Me, func(m *workspace.Member) { m.Availability = workspace.Offline })
				_, err := d.Messages.Send(t.Context(), world.AsContact(id), desk.SendRequest{Conversation: id, Body: "Hello?"})
				return err
			}),
		},
		inbox.ActionAccept: {"accept": offered(func(t *testing.T, d *world.Inbox, id inbox.OfferID) error {
			_, err := d.Desk.AcceptOffer(t.Context(), world.AsMember(world.Mate), id, "")
			return err
		})},
		inbox.ActionDecline: {"decline": offered(func(t *testing.T, d *world.Inbox, id inbox.OfferID) error {
			_, err := d.Desk.DeclineOffer(t.Context(), world.AsMember(world.Mate), id, desk.Declining{})
			return err
		})},
		inbox.ActionWithdraw: {"withdraw": offered(func(t *testing.T, d *world.Inbox, id inbox.OfferID) error {
			_, err := d.Desk.WithdrawOffer(t.Context(), asMe, id, "")
			return err
		})},
		access.StepOffer: {
			"transfer": offering(func(t *testing.T, d *world.Inbox, r desk.Request) error {
				_, err := d.Desk.Transfer(t.Context(), asMe, r, mate, "")
				return err
			}),
			"panel": offering(func(t *testing.T, d *world.Inbox, r desk.Request) error {
				_, err := d.Desk.Assign(t.Context(), asMe, r, mate, "")
				return err
			}),
		},
		access.StepExpireOffer: {
			"lapsed": offered(func(t *testing.T, d *world.Inbox, _ inbox.OfferID) error {
				d.Pass(time.Hour)
				_, err := d.Queues.ExpireOffers(t.Context())
				return err
			}),
			"offline": offered(func(t *testing.T, d *world.Inbox, _ inbox.OfferID) error {
				d.Member(world.Mate, func(m *workspace.Member) { m.Availability = workspace.Offline })
				return d.Queues.CheckOffers(t.Context(), world.Home)
			}),
		},
		access.StepEndOffer: {"removed": offered(func(t *testing.T, d *world.Inbox, _ inbox.OfferID) error {
			d.Member(world.Mate, func(m *workspace.Member) { m.Removed = true })
			return d.Queues.CheckOffers(t.Context(), world.Home)
		})},
		access.StepReleaseFromMember: {"offboarding": releasing(inbox.Offboarding{Workspace: world.Home, Member: world.Stranger})},
		access.StepReleaseFromTeam:   {"offboarding": releasing(inbox.Offboarding{Workspace: world.Home, Team: world.Sales})},
		access.StepReleaseFromAgent:  {"offboarding": releasing(inbox.Offboarding{Workspace: world.Home, Agent: world.Bot})},
	}
}

// offering is a use case that offers a chat of mine, by the rule.
func offering(do func(t *testing.T, d *world.Inbox, r desk.Request) error) useCase {
	return useCase{prepare: func(t *testing.T, d *world.Inbox) func() error {
		d.Rules(func(r *workspace.Rules) { r.TransferAcceptance = workspace.TransferOffered })
		r := d.Begin(t, "chat: mine")
		return func() error { return do(t, d, r) }
	}}
}

// offered is a use case on a chat of mine that is offered to a teammate.
func offered(do func(t *testing.T, d *world.Inbox, id inbox.OfferID) error) useCase {
	return useCase{prepare: func(t *testing.T, d *world.Inbox) func() error {
		out, err := d.Desk.TransferAs(t.Context(), world.AsMember(world.Me), d.Begin(t, "chat: mine"), access.Owner{Member: world.Mate}, "", desk.OfferWish{Offer: world.Ptr(true)})
		require.NoError(t, err)
		return func() error { return do(t, d, out.Conversation.Offer.ID) }
	}}
}

func waiting() inbox.Conversation {
	return world.Stopped(world.Queued(world.NewConversation(workspace.Livechat), ""))
}

func unclaimed() inbox.Conversation {
	c := waiting()
	c.UpForGrabs, c.GrabsUntil = true, world.Start().Add(-time.Second)
	return c
}

func drained(t *testing.T, d *world.Inbox) error {
	_, err := d.Queues.Drain(t.Context(), world.Home, inbox.Queue{Kind: workspace.Livechat})
	return err
}

func undoing(t *testing.T, d *world.Inbox) func() error {
	out, err := d.Desk.Transfer(t.Context(), world.AsMember(world.Me), d.Begin(t, "chat: mine"), access.Owner{Member: world.Mate}, "")
	require.NoError(t, err)
	return func() error {
		_, err := d.Desk.Undo(t.Context(), world.AsMember(world.Me), out.Event.ID, "")
		return err
	}
}

func idling(t *testing.T, d *world.Inbox) func() error {
	d.Rules(func(r *workspace.Rules) { r.CloseIdleAfter = time.Minute })
	d.Begin(t, "chat: mine")
	d.Pass(time.Hour)
	return func() error { return d.Queues.CloseIdle(t.Context()) }
}

// unanswered is a chat whose contact waits too long, and that was taken back so often.
func unanswered(reclaims int) func(t *testing.T, d *world.Inbox) func() error {
	return func(t *testing.T, d *world.Inbox) func() error {
		d.Rules(func(r *workspace.Rules) { r.ReclaimAfter = time.Minute })
		d.Put(awaiting(reclaims))
		return func() error { return d.Queues.Reclaim(t.Context(), world.Home) }
	}
}

// takenBack is a chat of mine that the rules have just taken, and that I answer.
func takenBack(t *testing.T, d *world.Inbox) func() error {
	require.NoError(t, unanswered(0)(t, d)())
	return func() error {
		_, err := d.Messages.Send(t.Context(), world.AsMember(world.Me), desk.SendRequest{Conversation: "c", Body: "Here I am"})
		return err
	}
}

// sleeping is a chat of mine that sleeps for an hour, and what is done to it.
func sleeping(do func(t *testing.T, d *world.Inbox) error) func(t *testing.T, d *world.Inbox) func() error {
	return func(t *testing.T, d *world.Inbox) func() error {
		d.Put(asleep(world.Start().Add(time.Hour)))
		return func() error { return do(t, d) }
	}
}

func stranded(t *testing.T, d *world.Inbox) func() error {
	d.Rules(func(r *workspace.Rules) { r.ReclaimOffline = workspace.ReclaimOfflineAfterGrace })
	d.Member(world.Me, func(m *workspace.Member) { m.Availability = workspace.Offline })
	d.Put(awaiting(0))
	return func() error { return d.Queues.Reclaim(t.Context(), world.Home) }
}

// releasing takes a chat of a stranger in sales, or one that the AI agent answers, from
// a holder that was removed.
func releasing(from inbox.Offboarding) useCase {
	return useCase{prepare: func(t *testing.T, d *world.Inbox) func() error {
		state := "chat: a stranger's"
		switch {
		case from.Member != "":
			d.Member(from.Member, func(m *workspace.Member) { m.Removed = true })
		case from.Team != "":
			team := d.Roster.Teams[from.Team]
			team.Removed = true
			d.Roster.Teams[from.Team] = team
		default:
			state = "chat: AI answers"
			agent := d.Roster.Agents[from.Agent]
			agent.Removed = true
			d.Roster.Agents[from.Agent] = agent
		}
		r := d.Begin(t, state)
		return func() error {
			_, err := d.Desk.Release(t.Context(), from, r.Conversation)
			return err
		}
	}}
}

// The desk calls no pure function itself: whatever it changes, it changes by a
// declaration. Ending tokens changes no owner.
func TestOnlyDeclarationsMakeMoves(t *testing.T) {
	verbs := map[string]bool{}
	eachFunc(t, "..", func(f *ast.FuncDecl) {
		if f.Recv == nil && f.Type.Results != nil && len(f.Type.Results.List) == 1 {
			if result, ok := f.Type.Results.List[0].Type.(*ast.Ident); ok && result.Name == "Move" {
				verbs[f.Name.Name] = true
			}
		}
	})
	require.Contains(t, verbs, "TakeOver")
	var found []string
	eachFunc(t, ".", func(f *ast.FuncDecl) {
		ast.Inspect(f, func(n ast.Node) bool {
			if s, ok := n.(*ast.SelectorExpr); ok && verbs[s.Sel.Name] {
				if of, ok := s.X.(*ast.Ident); ok && of.Name == "inbox" && s.Sel.Name != "EndTokens" {
					found = append(found, f.Name.Name+" calls inbox."+s.Sel.Name)
				}
			}
			return true
		})
	})
	require.Empty(t, found, "let the use case run the declaration in access.Verbs or access.Steps")
}

// eachFunc visits the functions of a folder, without those of tests.
func eachFunc(t *testing.T, folder string, visit func(*ast.FuncDecl)) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(folder, "*.go"))
	require.NoError(t, err)
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		require.NoError(t, err)
		for _, decl := range parsed.Decls {
			if f, ok := decl.(*ast.FuncDecl); ok {
				visit(f)
			}
		}
	}
}

package demo

import (
	"context"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/desk"
	"switchboard/inbox/workspace"
)

func start(agent string) step {
	return func(ctx context.Context, s *scene) error {
		n := desk.NewConversation{Subject: s.about.subject, Contact: s.newContact(), Message: s.about.asks, ExternalID: s.key, Key: s.stepKey()}
		if agent != "" {
			n.Agent = agentID(s.space, agent)
		}
		return s.begun(s.service.Intake.StartLivechat(ctx, s.asWebsite(), n))
	}
}

func create(assignee, team string) step {
	return func(ctx context.Context, s *scene) error {
		n := desk.NewConversation{Subject: s.about.subject, Channel: "email", Contact: s.newContact(), ExternalID: s.key, Key: s.stepKey()}
		if assignee != "" {
			n.To.Member = memberID(s.space, assignee)
		} else {
			n.To.Team = teamID(s.space, team)
		}
		return s.begun(s.service.Intake.CreateTicket(ctx, s.as("owner"), n))
	}
}

func answerAI() step {
	return func(ctx context.Context, s *scene) error {
		return s.say(ctx, s.asAgent(s.current.OriginAgent), "Thanks for writing to us. Let me look into that.", false)
	}
}

func contactSays() step {
	return func(ctx context.Context, s *scene) error { return s.say(ctx, s.asContact(), s.remark, false) }
}

// answer is by the assignee; nothing is said where the rules found nobody.
func answer() step {
	return func(ctx context.Context, s *scene) error {
		if !s.current.Owned() {
			return nil
		}
		return s.say(ctx, s.asAssignee(), s.about.answer, false)
	}
}

func note(who, text string) step {
	return func(ctx context.Context, s *scene) error { return s.say(ctx, s.as(who), text, true) }
}

func handOff(team string) step {
	return func(ctx context.Context, s *scene) error {
		to := desk.HandoffTarget{Team: teamID(s.space, team), RequireOnline: true}
		return s.done(s.service.Desk.RequestHandoff(ctx, s.asAgent(s.current.OriginAgent), s.request(), to))
	}
}

func claim(who string) step {
	return func(ctx context.Context, s *scene) error {
		return s.done(s.service.Desk.Claim(ctx, s.as(who), s.request()))
	}
}

func assign(who string) step {
	return func(ctx context.Context, s *scene) error {
		return s.done(s.service.Desk.Assign(ctx, s.as("manager"), s.request(), access.Owner{Member: memberID(s.space, who)}, ""))
	}
}

func unassign(by string) step {
	return func(ctx context.Context, s *scene) error {
		return s.done(s.service.Desk.Unassign(ctx, s.as(by), s.request()))
	}
}

func transfer(to, why string) step {
	return func(ctx context.Context, s *scene) error {
		return s.done(s.service.Desk.Transfer(ctx, s.asAssignee(), s.request(), access.Owner{Member: memberID(s.space, to)}, why))
	}
}

func transferTeam(to, why string) step {
	return func(ctx context.Context, s *scene) error {
		return s.done(s.service.Desk.Transfer(ctx, s.asAssignee(), s.request(), access.Owner{Team: teamID(s.space, to)}, why))
	}
}

func takeOver(by, message string) step {
	return func(ctx context.Context, s *scene) error {
		var send *string
		if message != "" {
			send = &message
		}
		return s.done(s.service.Desk.TakeOver(ctx, s.as(by), s.request(), send, "The customer asked for a second opinion."))
	}
}

// undo takes back the last takeover, within the window.
func undo() step {
	return func(ctx context.Context, s *scene) error {
		s.now = s.last.At.Add(workspace.DefaultRules().UndoWindow / 2)
		by := inbox.Principal{Workspace: s.space, Actor: s.last.Actor}
		return s.done(s.service.Desk.Undo(ctx, by, s.last.ID, s.stepKey()))
	}
}

func leave() step {
	return func(ctx context.Context, s *scene) error {
		return s.done(s.service.Desk.Leave(ctx, s.asAssignee(), s.request()))
	}
}

// closeIt closes as the assignee, or as the manager when nobody owns.
func closeIt() step {
	return func(ctx context.Context, s *scene) error {
		by := s.as("manager")
		if s.current.Owned() {
			by = s.asAssignee()
		}
		return s.done(s.service.Desk.SetStatus(ctx, by, s.request(), inbox.Closed))
	}
}

func closeBy(who string) step {
	return func(ctx context.Context, s *scene) error {
		return s.done(s.service.Desk.SetStatus(ctx, s.as(who), s.request(), inbox.Closed))
	}
}

func status(to inbox.Status) step {
	return func(ctx context.Context, s *scene) error {
		return s.done(s.service.Desk.SetStatus(ctx, s.as("manager"), s.request(), to))
	}
}

func reopen(who string) step {
	return func(ctx context.Context, s *scene) error {
		sent, err := s.service.Messages.ReopenAndReply(ctx, s.as(who), desk.SendRequest{Conversation: s.current.ID, Body: "One thing I forgot to tell you: the return is free.", Epoch: &s.current.Epoch, Key: s.stepKey()})
		if err == nil {
			s.current = sent.Conversation
		}
		return err
	}
}

package demo

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"switchboard/inbox"
	"switchboard/inbox/desk"
	"switchboard/inbox/services"
	"switchboard/inbox/workspace"
	"switchboard/live/feed"
)

// Desk is the part of the API that an AI agent uses.
type Desk interface {
	// Send writes a message.
	Send(ctx context.Context, p inbox.Principal, r desk.SendRequest) (desk.Sent, error)
	// RequestHandoff passes a chat to people.
	RequestHandoff(ctx context.Context, p inbox.Principal, r desk.Request, to desk.HandoffTarget) (desk.Outcome, error)
}

// DeskOf is the Desk of services.
func DeskOf(s *services.Services) Desk {
	return struct {
		*desk.Messages
		*desk.Service
	}{s.Messages, s.Desk}
}

// Bot is the scripted AI agent of the demo workspaces. It subscribes like any
// client and acts with the rights of the agent, so it can do nothing that an AI
// agent of somebody else could not. Several servers may each run one: an answer is
// keyed by the message that it answers, so it is written once.
type Bot struct {
	hub  *feed.Hub
	desk Desk
	log  *slog.Logger
}

// NewBot makes a bot that is silent until Run.
func NewBot(hub *feed.Hub, desk Desk, log *slog.Logger) *Bot {
	return &Bot{hub: hub, desk: desk, log: log}
}

// Run answers until ctx ends or the hub is closed.
func (b *Bot) Run(ctx context.Context) {
	var following sync.WaitGroup
	for _, ws := range Workspaces() {
		following.Go(func() { b.follow(ctx, ws) })
	}
	following.Wait()
}

// follow answers in one workspace. Messages that arrive while it is behind stay
// without an answer: the visitor writes again, or a person sees them.
func (b *Bot) follow(ctx context.Context, ws workspace.WorkspaceID) {
	for {
		heard, err := b.hub.Subscribe(ctx, ws)
		if err == nil {
			for item := range heard.Items() {
				b.handle(ctx, item.Event)
			}
			err = heard.Err()
		}
		if ctx.Err() != nil || errors.Is(err, feed.ErrClosed) {
			return
		}
		b.log.Warn("the demo's AI agent fell behind and listens again", "workspace", string(ws), "error", err)
		select {
		case <-ctx.Done():
		case <-time.After(time.Second):
		}
	}
}

// handle answers the contact's message of an event.
func (b *Bot) handle(ctx context.Context, e inbox.Event) {
	if e.After == nil {
		return
	}
	for _, m := range e.Messages {
		if m.Author.Kind != workspace.ActorContact {
			continue
		}
		if line, ok := Answer(*e.After, m.Body); ok {
			b.reply(ctx, *e.After, m, line)
		}
	}
}

// reply writes a line. That a person was quicker, or that the visitor's chat was
// closed meanwhile, is as it should be: nothing is written then.
func (b *Bot) reply(ctx context.Context, c inbox.Conversation, to inbox.Message, line Line) {
	me := inbox.Principal{Workspace: c.Workspace, Actor: workspace.Actor{Kind: workspace.ActorAgent, ID: string(c.OriginAgent)}}
	answer := desk.SendRequest{Conversation: c.ID, Body: line.Say, Epoch: &c.Epoch, Key: "answer-" + string(to.ID)}
	_, err := b.desk.Send(ctx, me, answer)
	if err == nil && line.HandOff {
		_, err = b.desk.RequestHandoff(ctx, me, desk.Request{Conversation: c.ID, Key: "handoff-" + string(to.ID)}, line.To)
	}
	var refused *inbox.Error
	if err != nil && !errors.As(err, &refused) && ctx.Err() == nil {
		b.log.Warn("the demo's AI agent could not answer", "conversation", string(c.ID), "error", err)
	}
}

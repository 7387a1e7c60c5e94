package resolvers

import (
	"context"
	"fmt"

	"switchboard/graph/model"
	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/desk"
)

// ownership makes the payload of an ownership mutation: its result, or its
// userErrors.
func (r *Resolver) ownership(ctx context.Context, out desk.Outcome, err error) (*model.OwnershipPayload, error) {
	s := scopeOf(ctx)
	refused, ok := s.userErrors(ctx, err)
	if !ok {
		return nil, err
	}
	payload := &model.OwnershipPayload{Warnings: warningsOf(out.Warnings), UserErrors: refused}
	if err == nil {
		payload.Warnings = s.warnings(out.Warnings, out.Event)
		shown := s.actedOn(out.Conversation, out.Event)
		payload.Conversation, payload.Event = s.conversationIn(shown), s.event(out.Event, shown)
		payload.Offer = payload.Event.Offer
		payload.Event.Note, payload.Event.Reason = optional(out.Event.Note), optional(out.Event.Reason) // the caller's own words
		payload.Event.ReasonCode = reasonCode(s.access.Directory, out.Event.ReasonCode)
	}
	return payload, nil
}

// sent answers a mutation that writes a message.
func (r *Resolver) sent(ctx context.Context, sent desk.Sent, err error) (*model.SendMessagePayload, error) {
	s := scopeOf(ctx)
	refused, ok := s.userErrors(ctx, err)
	if !ok {
		return nil, err
	}
	payload := &model.SendMessagePayload{UserErrors: refused, AlsoWriting: []*model.Attention{}}
	if err == nil {
		payload.AlsoWriting = r.alsoWriting(s, sent)
		shown := s.actedOn(sent.Conversation, sent.Event)
		payload.Message, payload.Conversation = s.message(sent.Message, shown), s.conversationIn(shown)
	}
	return payload, nil
}

// warnings are those of the verb that made e. Those about a team name the one that was
// asked, and say so if the conversation stays with its owner.
func (s *scope) warnings(codes []inbox.Warning, e inbox.Event) []*model.Warning {
	out, team := warningsOf(codes), e.To.Team
	if o, ok := e.Offer(); ok && o.Team != "" {
		team = o.Team
	}
	for i, code := range codes {
		if code != inbox.WarnTeamAbsent && code != inbox.WarnTeamFull {
			continue
		}
		out[i].Team = s.team(team)
		if e.To.Assignee != "" {
			out[i].Message = stays(code)
		}
	}
	return out
}

// stays is the text of a warning about a team that could not be asked to accept.
func stays(code inbox.Warning) string {
	if code == inbox.WarnTeamFull {
		return "Every online member of the team has the most conversations that the rules assign, so nobody was asked. The conversation stays with its assignee."
	}
	return "No member of the team who may accept is there, so nobody was asked. The conversation stays with its assignee."
}

// teamWarnings name the team that each is about.
func (s *scope) teamWarnings(all []access.TeamWarning) []*model.Warning {
	out := []*model.Warning{}
	for _, w := range all {
		one := &model.Warning{Code: w.Warning, Message: warningText(w.Warning)}
		if one.Team = s.team(w.Team); one.Team != nil {
			one.Message = fmt.Sprintf("The assignment method of the team %s is above the plan, so BALANCED is used.", one.Team.Name)
		}
		out = append(out, one)
	}
	return out
}

// warningsOf gives each warning its words.
func warningsOf(codes []inbox.Warning) []*model.Warning {
	out := []*model.Warning{}
	for _, code := range codes {
		out = append(out, &model.Warning{Code: code, Message: warningText(code)})
	}
	return out
}

func warningText(code inbox.Warning) string {
	switch code {
	case inbox.WarnTargetAway:
		return "The new owner is away and may not see this soon."
	case inbox.WarnTargetOffline:
		return "The new owner is offline and may not see this soon."
	case inbox.WarnTeamAbsent:
		return "No member of the team who may answer is online. The conversation waits until one is."
	case inbox.WarnTeamFull:
		return "Every online member of the team has the most conversations that the rules assign. The conversation waits until one has room."
	case inbox.WarnMethodAbovePlan:
		return "The assignment method is above the plan, so BALANCED was used."
	case inbox.WarnExists:
		return "A ticket with this externalId exists already and stays as it is: the subject, channel or owner that you gave now was not applied."
	case inbox.WarnAcceptanceAbovePlan:
		return "Offers are above the plan, so the transfer happened at once."
	case inbox.WarnNotInEffect:
		return "A setting is stored, but has no effect in this version."
	case inbox.WarnReclaimAbovePlan:
		return "Taking conversations back is above the plan, so nothing is taken back."
	case inbox.WarnContactUpdated:
		return "The contact exists, and your data replaced the stored data."
	case inbox.WarnContactKept:
		return "The contact exists, and your data differs from the stored data, which was kept: a change needs the permission contacts.manage."
	case inbox.WarnWebhookDisabled:
		return "the server sends it nothing."
	case inbox.WarnWebhookFailing:
		return "its last attempts failed, so it is tried once a minute. It goes on by itself once it answers. The page /webhooks shows each attempt."
	case inbox.WarnWebhookParked:
		return "events were given up after their last attempt. Replay those that are PARKED on the page /webhooks, or with replayWebhook."
	}
	return string(code)
}

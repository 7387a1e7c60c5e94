package desk

import (
	"context"
	"errors"
	"fmt"
	"time"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/admission"
	"switchboard/inbox/commit"
)

// newGate makes the gate of one server, for the verbs on one conversation, or toward one
// member or team. Enough are at work on it for one transaction to be read while another
// is written; more would only make the database slower for all.
func newGate() *admission.Gate {
	return admission.New(admission.Limits{AtWork: 64, Waiting: 256, PerCaller: 128, Wait: 15 * time.Second})
}

// enter waits until a verb may begin: before it reads anything, so that one beyond the
// bounds costs the database nothing. toward is the recipient whose counters or rotation
// it will write; empty if that is not known. UNAVAILABLE at once when too many wait.
func (s *runner) enter(
	ctx context.Context, p inbox.Principal, id inbox.ConversationID, toward string,
) (leave func(), err error) {
	caller := fmt.Sprint(p.Workspace, "/", p.Actor.Kind, "/", p.Actor.ID)
	leaveFirst, err := s.gate.Enter(ctx, fmt.Sprint(p.Workspace, "/conversation/", id), caller)
	if err != nil || toward == "" {
		return leaveFirst, crowded(err)
	}
	leaveSecond, err := s.gate.Enter(ctx, fmt.Sprint(p.Workspace, "/", toward), caller)
	if err != nil {
		leaveFirst()
		return nil, crowded(err)
	}
	return func() { leaveSecond(); leaveFirst() }, nil
}

// recipient names whom a conversation is given to: a member, or a team, which is the
// whole workspace if it is empty.
func recipient(to access.Owner) string {
	if to.Member != "" {
		return "member/" + string(to.Member)
	}
	return "team/" + string(to.Team)
}

func crowded(err error) error {
	var full *admission.Full
	if !errors.As(err, &full) {
		return err
	}
	return commit.Crowded(full.RetryAfter)
}

// Crowd is how many verbs of this server wait now for others on the same conversation,
// member or team, and how many were refused so far because too many waited.
func (s *Service) Crowd() (waiting int, refused uint64) { return s.run.gate.Waiting() }

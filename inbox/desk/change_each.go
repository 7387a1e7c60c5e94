package desk

import (
	"context"

	"switchboard/inbox"
	"switchboard/inbox/access"
	"switchboard/inbox/commit"
)

// changeEach runs v, which chooses no member and has no key, on conversations of one
// workspace as they were just read, a few transactions for all. It returns the error of
// each; one that lost a race is not tried again.
func (s *runner) changeEach(ctx context.Context, p inbox.Principal, all []inbox.Conversation, v verb) ([]error, error) {
	a, err := s.callers.Access(ctx, p)
	if err != nil {
		return nil, err
	}
	errs := make([]error, len(all))
	var attempts []*attempt
	var changes []commit.Change
	var of []int // the conversation of each change
	for i := range all {
		t := s.newAttempt(a)
		t.current, t.Reason = all[i], v.reason
		change, err := s.changeOf(ctx, t, v)
		if errs[i] = err; err == nil {
			attempts, changes, of = append(attempts, t), append(changes, change), append(of, i)
		}
	}
	for n, err := range s.store.CommitEach(ctx, changes) {
		s.committed(attempts[n], changes[n], err)
		errs[of[n]] = err
	}
	return errs, nil
}

// changeOf is the change that v makes of the conversation of t.
func (s *runner) changeOf(ctx context.Context, t *attempt, v verb) (commit.Change, error) {
	t.asked = func(a access.Access) error { return a.Refusal(t.current, s.judge(a, t.current, v)) }
	if err := s.check(t, Request{}, v, 0); err != nil {
		return commit.Change{}, err
	}
	m, change, err := s.moved(ctx, t, v, inbox.IdempotencyKey{})
	if err != nil {
		return commit.Change{}, err
	}
	return s.concluded(ctx, t, m, change)
}

package transport_test

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"sync"
	"sync/atomic"

	"github.com/99designs/gqlgen/graphql"

	"switchboard/transport/fanout"
)

// journal is a source that many can listen to: items with the numbers 1, 2, 3 ...
// whose cursors are the numbers as text.
type journal struct {
	mu     sync.Mutex
	last   int
	grown  chan struct{} // closed at the next item
	rights map[string]string
	rev    int
	edited chan struct{} // closed when rights change

	groups, replays, alone, listening atomic.Int64
	// hold keeps groups from beginning and from going on, while it is locked.
	hold sync.Mutex
	// broken makes groups fail when they begin.
	broken atomic.Bool
}

func newJournal() *journal {
	return &journal{grown: make(chan struct{}), edited: make(chan struct{}), rights: map[string]string{}}
}

func (j *journal) add(n int) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.last += n
	close(j.grown)
	j.grown = make(chan struct{})
}

// permit says in which group a token is: "alone" for none, "no" for nothing.
func (j *journal) permit(token, group string) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.rights[token] = group
	j.rev++
	close(j.edited)
	j.edited = make(chan struct{})
}

func (j *journal) right(token string) string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.rights[token]
}

type journalPart struct {
	from   string
	replay bool
	begun  fanout.Begun
	among  fanout.Among // nil for a group that is told the same
}

type journalPartKey struct{}

// journalShared is one subscription to a journal.
type journalShared struct {
	journal *journal
	after   string
}

var _ fanout.Shared = journalShared{}

func tokenOf(ctx context.Context) string {
	token, _ := ctx.Value(principalKey{}).(string)
	return token
}

func (s journalShared) Key(ctx context.Context) (any, bool, error) {
	group := s.journal.right(tokenOf(ctx))
	return group, group != "alone" && group != "no", nil
}

func (s journalShared) Version(context.Context) any {
	s.journal.mu.Lock()
	defer s.journal.mu.Unlock()
	return s.journal.rev
}

// Watch calls look after each change of the rights.
func (s journalShared) Watch(ctx context.Context, look func()) {
	for ctx.Err() == nil {
		s.journal.mu.Lock()
		edited := s.journal.edited
		s.journal.mu.Unlock()
		look()
		select {
		case <-edited:
		case <-ctx.Done():
		}
	}
}

func (s journalShared) After() string { return s.after }

func (s journalShared) Group(ctx context.Context, key any, begun fanout.Begun, among fanout.Among) context.Context {
	s.journal.groups.Add(1)
	return within(ctx, key, journalPart{begun: begun, among: among})
}

func (s journalShared) Replay(ctx, _ context.Context, key any, after string, begun fanout.Begun, among fanout.Among) context.Context {
	s.journal.replays.Add(1)
	return within(ctx, key, journalPart{from: after, replay: true, begun: begun, among: among})
}

func (s journalShared) Position(resp *graphql.Response) (cursor string, number uint64, to []int, ok bool) {
	n, ok := resp.Extensions["number"].(int)
	to, _ = resp.Extensions["to"].([]int)
	delete(resp.Extensions, "number")
	delete(resp.Extensions, "to")
	return strconv.Itoa(n), uint64(n), to, ok
}

func (s journalShared) Resume(ctx context.Context, after string) context.Context {
	return context.WithValue(ctx, journalPartKey{}, journalPart{from: after})
}

// within is for the group of a key: that of "parts" is told in parts.
func within(ctx context.Context, key any, part journalPart) context.Context {
	if key != "parts" {
		part.among = nil
	}
	return context.WithValue(context.WithValue(ctx, principalKey{}, fmt.Sprint("group:", key)), journalPartKey{}, part)
}

// State is nothing: a number is what it is.
func (s journalShared) State(*graphql.Response) (string, int) { return "", 0 }

// share shares every subscription to the journal of a fake schema.
func (f *fakeSchema) share(_ context.Context, operation *graphql.OperationContext) fanout.Shared {
	field := graphql.CollectFields(operation, operation.Operation.SelectionSet, []string{"Subscription"})[0]
	if field.Name != "journal" {
		return nil
	}
	after, _ := field.ArgumentMap(operation.Variables)["after"].(string)
	return journalShared{journal: f.journal, after: after}
}

var errForbidden = errors.New("forbidden")

// subscribe answers as who it is told to be: with who listens, so that a client
// can tell, and each number.
func (j *journal) subscribe(ctx context.Context, given string, event func(any) *graphql.Response) graphql.ResponseHandler {
	part, _ := ctx.Value(journalPartKey{}).(journalPart)
	if part.from == "" && part.begun == nil {
		part.from = given
	}
	grouped := part.begun != nil
	switch token := tokenOf(ctx); {
	case grouped && j.broken.Load():
		graphql.AddError(ctx, errSourceDied)
		return nil
	case !grouped && j.right(token) == "no", part.from == "bad":
		graphql.AddError(ctx, errForbidden)
		return nil
	case !grouped:
		j.alone.Add(1)
	}
	if grouped && !part.replay {
		j.hold.Lock()
		defer j.hold.Unlock()
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	begin, next := j.last, j.last
	if part.from != "" {
		next, _ = strconv.Atoi(part.from)
	}
	if grouped {
		part.begun(strconv.Itoa(begin), uint64(begin))
	}
	j.listening.Add(1)
	context.AfterFunc(ctx, func() { j.listening.Add(-1) })
	if part.among != nil {
		return j.inParts(ctx, part, next, begin, event)
	}
	return func(ctx context.Context) *graphql.Response {
		if part.replay && next >= begin || !j.wait(ctx, next) {
			return nil
		}
		if grouped && !part.replay {
			j.hold.Lock()
			defer j.hold.Unlock()
		}
		next++
		if grouped {
			graphql.RegisterExtension(ctx, "number", next)
		}
		return event(next)
	}
}

// wait is false when ctx ends before there is an item behind next.
func (j *journal) wait(ctx context.Context, next int) bool {
	for {
		j.mu.Lock()
		last, grown := j.last, j.grown
		j.mu.Unlock()
		if last > next {
			return true
		}
		select {
		case <-grown:
		case <-ctx.Done():
			return false
		}
	}
}

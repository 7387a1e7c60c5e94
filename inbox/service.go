package inbox

import (
	"context"
	"errors"
	"sync/atomic"
	"time"
)

// Service implements the use cases. Each verb authorizes, loads, applies a pure
// function and saves. It keeps no state of its own but counts, and is safe for
// concurrent use.
type Service struct {
	store       Store
	directories Directories
	policy      Authorizer
	now         func() time.Time
	newID       func() string
	pick        func(n int) int
	loads       LoadBook
	tokens      TokenIssues
	observers   []Observer
	line        Line
	rounds      rounds
	hands       int
	words       WordBudget
	lostChanges atomic.Uint64
	lostChoices atomic.Uint64
}

// Config holds the dependencies of a Service. Every field is required but Loads,
// Tokens, Line, Hands, Words and Observers.
type Config struct {
	Store       Store
	Directories Directories
	Policy      Authorizer
	// Now is the clock; NewID makes ids that are unique and sort by time; Pick
	// answers a uniform number from 0 to n-1.
	Now   func() time.Time
	NewID func() string
	Pick  func(n int) int
	// Loads remembers loads; without one they are read for every choice.
	Loads LoadBook
	// Tokens remembers the issue numbers of contact tokens; without one the store is
	// read for each operation of a contact.
	Tokens TokenIssues
	// Line reports earlier waiting conversations; without it there are none.
	Line Line
	// Hands is how many conversations of a queue are handed out at once; less than
	// 1 is 1.
	Hands int
	// Words bounds the messages of contacts; without it they are not bounded.
	Words WordBudget
	// Observers receive the events that this Service committed.
	Observers []Observer
}

// NewService makes a Service.
func NewService(c Config) *Service {
	if c.Loads == nil {
		c.Loads = noBook{c.Store}
	}
	if c.Tokens == nil {
		c.Tokens = StoredTokenIssues(c.Store)
	}
	if c.Line == nil {
		c.Line = noLine{}
	}
	if c.Words == nil {
		c.Words = unlimited{}
	}
	return &Service{
		store: c.Store, directories: c.Directories, policy: c.Policy, now: c.Now, newID: c.NewID, pick: c.Pick,
		loads: c.Loads, tokens: c.Tokens, observers: append([]Observer{c.Loads, c.Tokens}, c.Observers...), line: c.Line, hands: max(1, c.Hands), words: c.Words,
	}
}

// Access resolves a principal. It returns UNAUTHENTICATED if the principal is not,
// or no longer, part of its workspace, and for a contact whose token was revoked.
func (s *Service) Access(ctx context.Context, p Principal) (Access, error) {
	d, err := s.directories.Directory(ctx, p.Workspace)
	if err != nil {
		return Access{}, err
	}
	a, err := NewAccess(p, d, s.policy)
	if err == nil && p.Actor.Kind == ActorContact && p.TokenIssue != anyIssue {
		err = s.checkToken(ctx, p)
	}
	return a, err
}

// Plan finds a rung of the ladder; the rank is -1 for a name that is none.
func (s *Service) Plan(name PlanName) Plan {
	for _, p := range s.policy.Plans() {
		if p.Name == name {
			return p
		}
	}
	return Plan{Name: name, Rank: -1}
}

// Plans is the ladder, low to high.
func (s *Service) Plans() []Plan { return s.policy.Plans() }

// LostRaces counts commits that came too late: changes counts those whose
// conversation had changed, choices those whose chosen member had received another
// conversation or whose rotation had moved. Each was tried again.
func (s *Service) LostRaces() (changes, choices uint64) {
	return s.lostChanges.Load(), s.lostChoices.Load()
}

// directory is the workspace's directory as this server knows it.
func (s *Service) directory(ctx context.Context, ws WorkspaceID) (*Directory, error) {
	return s.directories.Directory(ctx, ws)
}

// applied makes a change of the directory seen here at once.
func (s *Service) applied(ws WorkspaceID, c DirectoryChange) { s.directories.Applied(ws, c) }

// nextID makes an id that is unique and sorts by time.
func (s *Service) nextID() string { return s.newID() }

// clock is the present at the precision that is stored.
func (s *Service) clock() time.Time { return s.now().UTC().Truncate(time.Millisecond) }

// tooBusy is the answer of a verb that lost every race.
func tooBusy() *Error {
	return &Error{Code: Unavailable, Message: "Too many changes at once. Try again with the same idempotency key."}
}

func isNotFound(err error) bool { return CodeOf(err) == NotFound }

func isLostRace(err error) bool { return errors.Is(err, ErrStale) || errors.Is(err, ErrAtCap) }

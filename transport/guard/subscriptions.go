package guard

import (
	"fmt"
	"strings"

	"switchboard/budget"
	"switchboard/transport/codes"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// What a subscription takes in memory, in bytes: measured, and rounded up.
const (
	// aloneCost is for one with an execution of its own: its stream, a place in the hub,
	// contexts. It has no goroutine while it waits.
	aloneCost = 16 << 10
	// MemberCost is for one that shares the execution of a group.
	MemberCost = 4 << 10
	// partCost is for each part of the document, which is kept parsed and validated, and
	// textCost for each byte of it, which comes anew with every request.
	partCost = 256
	textCost = 2
)

// subscriptions are all that are open, and what they may take.
type subscriptions struct {
	budget  Budget
	classes map[string]Class
	shared  map[string]*Class // the same, for sockets to point at
	roots   map[string]int64
	ledger  *budget.Ledger
}

func newSubscriptions(most Budget, classes map[string]Class, roots map[string]int64) *subscriptions {
	out := &subscriptions{budget: most, classes: classes, shared: map[string]*Class{}, roots: roots, ledger: budget.NewLedger()}
	out.shared[""] = &Class{}
	for name, class := range classes {
		out.shared[name] = &class
	}
	return out
}

// Prefixes of the names of accounts, so that no name of one kind is one of another.
const (
	ofCaller = "caller "
	ofKin    = "kin "
	ofTenant = "tenant "
	ofServer = "server"
)

// class is that of an identity, with nothing in it for those of none.
func (s *subscriptions) class(id Identity) *Class {
	if class, known := s.shared[id.Class]; known {
		return class
	}
	return s.shared[""]
}

// accounts are those of an identity. One without a key has the server's only.
func (s *subscriptions) accounts(id Identity) []budget.Account {
	class := s.classes[id.Class]
	all := make([]budget.Account, 0, 4)
	if id.Key != "" {
		all = append(all, budget.Account{Name: ofCaller + id.Key, Things: class.Subscriptions, Bytes: class.Bytes})
	}
	if id.Class != "" {
		kin := caller{tenant: id.Tenant, class: id.Class}.kin()
		all = append(all, budget.Account{Name: ofKin + kin, Things: class.SubscriptionsTogether, Bytes: class.BytesTogether})
	}
	if id.Tenant != "" {
		all = append(all, budget.Account{Name: ofTenant + id.Tenant, Things: s.budget.SubscriptionsByTenant, Bytes: s.budget.BytesByTenant})
	}
	return append(all, budget.Account{Name: ofServer, Things: s.budget.Subscriptions, Bytes: s.budget.Bytes})
}

// open counts a subscription that is about to be executed, or refuses it.
func (s *subscriptions) open(accounts []budget.Account, bytes int64) (*budget.Hold, *gqlerror.Error) {
	if full := s.budget.Full; full != nil && full() {
		s.ledger.Refuse()
		return nil, busy("the server has no memory left for more subscriptions: try again later, or another server")
	}
	hold, over := s.ledger.Open(bytes, accounts)
	if over == nil {
		return hold, nil
	}
	return nil, noRoom(over)
}

// noRoom says which bound was met and what to do about it.
func noRoom(over *budget.Over) *gqlerror.Error {
	limit, most := "subscriptions", fmt.Sprint(over.Things)
	if over.OfBytes {
		limit, most = "subscriptionBytes", fmt.Sprintf("%d bytes of subscriptions", over.Bytes)
	}
	switch {
	case over.Name == ofServer:
		return busy("this server has as many subscriptions as it may have: try again later, or another server")
	case strings.HasPrefix(over.Name, ofCaller):
		err := codes.New(codes.LimitExceeded, fmt.Sprintf("too many subscriptions: at most %s at once, over all your connections. Complete another one first", most))
		err.Extensions["limit"] = limit
		return err
	}
	err := codes.New(codes.RateLimited, fmt.Sprintf("too many subscriptions of all who share this budget: at most %s at once. Try again later", most))
	err.Extensions["limit"], err.Extensions["retryAfter"] = limit, retrySubscription
	return err
}

// NoRoomToKeep is why a subscription ends that keeps more than its caller has room for.
func NoRoomToKeep() *gqlerror.Error {
	err := codes.New(codes.LimitExceeded, "there is no memory left for what this subscription keeps: follow less at once, or try again later")
	err.Extensions["limit"] = "subscriptionBytes"
	return err
}

// retrySubscription is after how many seconds others may have left.
const retrySubscription = 10

func busy(message string) *gqlerror.Error {
	err := codes.New(codes.Unavailable, message)
	err.Extensions["retryAfter"] = retrySubscription
	return err
}

// cost is what a subscription takes that is executed alone.
func (s *subscriptions) cost(opCtx *graphql.OperationContext) int64 {
	sum := aloneCost + textCost*int64(len(opCtx.RawQuery)) + partCost*int64(partsOf(opCtx.Doc)) + valueCost(opCtx.Variables)
	sizes := coster{doc: opCtx.Doc, vars: opCtx.Variables}
	for _, root := range graphql.CollectFields(opCtx, opCtx.Operation.SelectionSet, []string{"Subscription"}) {
		sum += s.roots[root.Name] * int64(max(1, sizes.asked(root.Field)))
	}
	return sum
}

// valueCost is about what a value of JSON takes, with what finds the events for it.
func valueCost(value any) int64 {
	const each = 256
	sum := int64(each)
	switch v := value.(type) {
	case string:
		sum += int64(len(v))
	case []any:
		for _, one := range v {
			sum += valueCost(one)
		}
	case map[string]any:
		for name, one := range v {
			sum += int64(len(name)) + valueCost(one)
		}
	}
	return sum
}

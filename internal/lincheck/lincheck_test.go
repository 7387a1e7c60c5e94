package lincheck_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"switchboard/internal/lincheck"
	"switchboard/internal/testdb"
)

func TestMain(m *testing.M) { testdb.Main(m) }

const enough = time.Minute

// at is a moment of the histories below; 0 is none.
func at(n int) time.Time {
	if n == 0 {
		return time.Time{}
	}
	return time.Date(2030, 1, 1, 9, 0, n, 0, time.UTC)
}

// op is an operation from one moment to another.
func op(call, back int, kind, by string, seen *lincheck.State) lincheck.Operation {
	return lincheck.Operation{Conversation: "c", Kind: kind, Actor: by, Call: at(call), Return: at(back), Seen: seen}
}

func is(version, epoch int, owner string) *lincheck.State {
	return &lincheck.State{Version: version, Epoch: epoch, Owner: owner, Status: "OPEN"}
}

func refused(o lincheck.Operation, code string) lincheck.Operation {
	o.Refused = code
	return o
}

func expecting(o lincheck.Operation, version int) lincheck.Operation {
	o.Expected = version
	return o
}

func from(o lincheck.Operation, owner string) lincheck.Operation {
	o.From = &lincheck.State{Owner: owner, Status: "OPEN"}
	return o
}

func offering(o lincheck.Operation, offer string) lincheck.Operation {
	seen := *o.Seen
	seen.Offer, o.Seen = offer, &seen
	return o
}

// What can have been on one server, and what cannot.
func TestWhatIsLinearizable(t *testing.T) {
	created := op(1, 2, "CREATED", "", is(1, 1, ""))
	ann := op(3, 6, "CLAIMED", "ann", is(2, 2, "ann"))
	for name, c := range map[string]struct {
		more []lincheck.Operation
		ok   bool
	}{
		"one after the other":                            {[]lincheck.Operation{ann, op(7, 8, "LEFT", "ann", is(3, 3, ""))}, true},
		"answers in another order than the changes":      {[]lincheck.Operation{ann, op(3, 5, "TAKEN_OVER", "bob", is(3, 3, "bob"))}, true},
		"two winners of one claim":                       {[]lincheck.Operation{ann, op(3, 5, "CLAIMED", "bob", is(2, 2, "bob"))}, false},
		"a second claim of what is owned":                {[]lincheck.Operation{ann, op(3, 5, "CLAIMED", "bob", is(3, 3, "bob"))}, false},
		"a claim that began after the next change":       {[]lincheck.Operation{op(9, 10, "CLAIMED", "ann", is(2, 2, "ann")), op(3, 5, "LEFT", "ann", is(3, 3, ""))}, false},
		"a stale version that was committed":             {[]lincheck.Operation{ann, expecting(op(7, 8, "TAKEN_OVER", "bob", is(3, 3, "bob")), 1)}, false},
		"the version that was expected":                  {[]lincheck.Operation{ann, expecting(op(7, 8, "TAKEN_OVER", "bob", is(3, 3, "bob")), 2)}, true},
		"a step from an owner who was not":               {[]lincheck.Operation{ann, from(op(7, 8, "TAKEN_OVER", "bob", is(3, 3, "bob")), "cid")}, false},
		"a version that nobody made":                     {[]lincheck.Operation{ann, op(7, 8, "TAKEN_OVER", "bob", is(4, 3, "bob"))}, false},
		"an epoch that grew for nothing":                 {[]lincheck.Operation{ann, op(7, 8, "STATUS_CHANGED", "ann", is(3, 3, "ann"))}, false},
		"an owner who takes over from himself":           {[]lincheck.Operation{ann, op(7, 8, "TAKEN_OVER", "ann", is(3, 2, "ann"))}, false},
		"reclaimed from nobody":                          {[]lincheck.Operation{op(3, 4, "RECLAIMED", "", is(2, 1, ""))}, false},
		"reclaimed":                                      {[]lincheck.Operation{ann, op(7, 0, "RECLAIMED", "", is(3, 3, ""))}, true},
		"given by the rules while it is owned":           {[]lincheck.Operation{ann, op(7, 0, "AUTO_ASSIGNED", "", is(3, 3, "bob"))}, false},
		"a read of the present":                          {[]lincheck.Operation{ann, op(7, 8, lincheck.Read, "", is(2, 2, "ann"))}, true},
		"a read of the past":                             {[]lincheck.Operation{ann, op(7, 8, lincheck.Read, "", is(1, 1, ""))}, false},
		"a read of the past while it changes":            {[]lincheck.Operation{ann, op(5, 8, lincheck.Read, "", is(1, 1, ""))}, true},
		"a read of the future":                           {[]lincheck.Operation{op(7, 8, "CLAIMED", "ann", is(2, 2, "ann")), op(3, 4, lincheck.Read, "", is(2, 2, "ann"))}, false},
		"a refusal that names the winner":                {[]lincheck.Operation{ann, refused(op(5, 8, "CLAIMED", "bob", is(2, 2, "ann")), "ALREADY_ASSIGNED")}, true},
		"a refusal that names nobody":                    {[]lincheck.Operation{refused(op(3, 4, "CLAIMED", "bob", nil), "ALREADY_ASSIGNED")}, false},
		"a refusal to the owner":                         {[]lincheck.Operation{ann, refused(op(7, 8, "LEFT", "ann", nil), "NOT_ASSIGNEE")}, false},
		"a refusal of rights":                            {[]lincheck.Operation{ann, refused(op(7, 8, "LEFT", "bob", nil), "PERMISSION_DENIED")}, true},
		"a conflict about the right version":             {[]lincheck.Operation{ann, expecting(refused(op(7, 8, "LEFT", "ann", nil), "CONFLICT"), 2)}, false},
		"a conflict about an old version":                {[]lincheck.Operation{ann, expecting(refused(op(7, 8, "LEFT", "ann", is(2, 2, "ann")), "CONFLICT"), 1)}, true},
		"without an answer and not done":                 {[]lincheck.Operation{ann, op(4, 0, "TAKEN_OVER", "bob", nil), op(9, 10, lincheck.Read, "", is(2, 2, "ann"))}, true},
		"without an answer and done":                     {[]lincheck.Operation{ann, op(4, 0, "TAKEN_OVER", "bob", nil), op(9, 10, lincheck.Read, "", is(3, 3, "bob"))}, true},
		"without an answer and done late":                {[]lincheck.Operation{ann, op(4, 0, "TAKEN_OVER", "bob", nil), op(9, 10, lincheck.Read, "", is(2, 2, "ann")), op(11, 12, lincheck.Read, "", is(3, 3, "bob"))}, true},
		"without an answer and done twice":               {[]lincheck.Operation{ann, op(4, 0, "TAKEN_OVER", "bob", nil), op(9, 10, lincheck.Read, "", is(4, 3, "bob"))}, false},
		"closed twice":                                   {[]lincheck.Operation{closing(3, 2), closing(5, 3)}, false},
		"sent to what is closed, and opened":             {[]lincheck.Operation{closing(3, 2), op(5, 6, "REOPENED", "ann", is(3, 1, ""))}, true},
		"claimed while it is closed":                     {[]lincheck.Operation{closing(3, 2), op(5, 6, "CLAIMED", "ann", is(3, 2, "ann"))}, false},
		"a kind that nobody knows":                       {[]lincheck.Operation{op(3, 4, "STOLEN", "ann", is(2, 2, "ann"))}, false},
		"offered and accepted":                           {[]lincheck.Operation{ann, offering(op(7, 8, "OFFERED", "ann", is(3, 2, "ann")), "o"), op(9, 10, "TRANSFERRED", "bob", is(4, 3, "bob"))}, true},
		"offered, passed on and declined":                {[]lincheck.Operation{ann, offering(op(7, 8, "OFFERED", "ann", is(3, 2, "ann")), "o"), offering(op(9, 10, "OFFER_PASSED_ON", "", is(4, 2, "ann")), "o"), op(11, 12, "OFFER_DECLINED", "bob", is(5, 2, "ann"))}, true},
		"a second offer, which ends the first":           {[]lincheck.Operation{ann, offering(op(7, 8, "OFFERED", "ann", is(3, 2, "ann")), "o"), offering(op(9, 10, "OFFERED", "ann", is(4, 2, "ann")), "p")}, true},
		"an offer that is made twice":                    {[]lincheck.Operation{ann, offering(op(7, 8, "OFFERED", "ann", is(3, 2, "ann")), "o"), offering(op(9, 10, "OFFERED", "ann", is(4, 2, "ann")), "o")}, false},
		"an offer that outlives a takeover":              {[]lincheck.Operation{ann, offering(op(7, 8, "OFFERED", "ann", is(3, 2, "ann")), "o"), offering(op(9, 10, "TAKEN_OVER", "bob", is(4, 3, "bob")), "o")}, false},
		"an offer that takes the owner":                  {[]lincheck.Operation{ann, offering(op(7, 8, "OFFERED", "ann", is(3, 3, "")), "o")}, false},
		"declined, and somebody else has it":             {[]lincheck.Operation{ann, offering(op(7, 8, "OFFERED", "ann", is(3, 2, "ann")), "o"), op(9, 10, "OFFER_DECLINED", "bob", is(4, 3, "bob"))}, false},
		"withdrawn, and nobody has it":                   {[]lincheck.Operation{ann, offering(op(7, 8, "OFFERED", "ann", is(3, 2, "ann")), "o"), op(9, 10, "OFFER_WITHDRAWN", "ann", is(4, 3, ""))}, false},
		"expired into the queue":                         {[]lincheck.Operation{ann, offering(op(7, 8, "OFFERED", "ann", is(3, 2, "ann")), "o"), op(9, 0, "OFFER_EXPIRED", "", is(4, 3, ""))}, true},
		"an answer to the sender keeps the offer":        {[]lincheck.Operation{ann, offering(op(7, 8, "OFFERED", "ann", is(3, 2, "ann")), "o"), op(9, 10, "STATUS_CHANGED", "ann", is(4, 2, "ann")), offering(op(11, 12, lincheck.Read, "", is(4, 2, "ann")), "o")}, true},
		"an answer of one who was told of another offer": {[]lincheck.Operation{ann, offering(op(7, 8, "OFFERED", "ann", is(3, 2, "ann")), "o"), offering(op(11, 12, lincheck.Read, "", is(3, 2, "ann")), "p")}, false},
	} {
		t.Run(name, func(t *testing.T) {
			v := lincheck.Check(append([]lincheck.Operation{created}, c.more...), enough)
			require.Empty(t, v.Unfinished)
			require.Equal(t, c.ok, v.Sound(), "%v", v.Wrong)
			for _, w := range v.Wrong {
				require.NotEmpty(t, w.Next)
				require.Contains(t, w.String(), "conversation c")
			}
		})
	}
}

// closing closes what nobody owns, at a moment, in the version.
func closing(from, version int) lincheck.Operation {
	return op(from, from+1, "CLOSED", "", &lincheck.State{Version: version, Epoch: 1, Status: "CLOSED"})
}

// Each conversation is judged by itself: what is wrong in one says nothing of the others.
func TestConversationsAreJudgedApart(t *testing.T) {
	var all []lincheck.Operation
	for n := range 20 {
		first, second := op(1, 2, "CREATED", "", is(1, 1, "")), op(3, 4, "CLAIMED", "ann", is(2, 2, "ann"))
		first.Conversation, second.Conversation = fmt.Sprint(n), fmt.Sprint(n)
		if n == 7 {
			second.Seen.Version = 3
		}
		all = append(all, first, second)
	}
	v := lincheck.Check(all, enough)
	require.Equal(t, 20, v.Conversations)
	require.Equal(t, 40, v.Operations)
	require.Len(t, v.Wrong, 1)
	require.Equal(t, "7", v.Wrong[0].Conversation)

	// What could not be judged in time is said, and is not taken for sound.
	v = lincheck.Check(all, 0)
	require.Len(t, v.Unfinished, 20)
	require.False(t, v.Sound())
}

// Whatever one server did one after the other is linearizable, however long the answers
// took; with one change told to a second winner it is not.
func TestOneServerIsLinearizable(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		all := sequential(t, rapid.IntRange(3, 25).Draw(t, "steps"))
		v := lincheck.Check(all, enough)
		require.True(t, v.Sound(), "%v", v)

		twice := all[rapid.IntRange(1, len(all)-1).Draw(t, "which")]
		seen := *twice.Seen
		seen.Owner += "'"
		twice.Seen = &seen
		require.False(t, lincheck.Check(append(all, twice), enough).Sound())
	})
}

// sequential is a life of one conversation, and each answer takes a while.
func sequential(t *rapid.T, steps int) []lincheck.Operation {
	random := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
	now, s := 100, lincheck.State{Version: 1, Epoch: 1, Status: "OPEN"}
	all := []lincheck.Operation{lasting(random, now, "CREATED", "", s)}
	for range steps {
		now += 10
		kind, by := "CLAIMED", fmt.Sprint("m", random.IntN(3))
		switch {
		case s.Owner == by:
			kind, s.Owner = "LEFT", ""
		case s.Owner != "" && random.IntN(2) == 0:
			kind, by, s.Owner = "RECLAIMED", "", ""
		case s.Owner != "":
			kind, s.Owner = "TAKEN_OVER", by
		default:
			s.Owner = by
		}
		s.Version, s.Epoch = s.Version+1, s.Epoch+1
		all = append(all, lasting(random, now, kind, by, s))
	}
	return all
}

// lasting is an operation around a moment.
func lasting(random *rand.Rand, now int, kind, by string, s lincheck.State) lincheck.Operation {
	o := op(now-random.IntN(40), now+random.IntN(40), kind, by, &s)
	if random.IntN(5) == 0 {
		o.Return = time.Time{}
	}
	return o
}

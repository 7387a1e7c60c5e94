package budget_test

import (
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"switchboard/budget"
)

func TestLedger(t *testing.T) {
	l := budget.NewLedger()
	own, all := budget.Account{Name: "own", Things: 2, Bytes: 100}, budget.Account{Name: "all", Things: 10, Bytes: 150}
	first, over := l.Open(40, []budget.Account{own, all})
	require.Nil(t, over)
	second, over := l.Open(40, []budget.Account{own, all})
	require.Nil(t, over)
	_, over = l.Open(1, []budget.Account{own, all})
	require.Equal(t, &budget.Over{Account: own}, over)
	require.False(t, second.Resize(61), "its own bytes")
	require.True(t, second.Resize(60))
	other, over := l.Open(50, []budget.Account{{Name: "other"}, all})
	require.Nil(t, over)
	_, over = l.Open(1, []budget.Account{{Name: "third"}, all})
	require.Equal(t, &budget.Over{Account: all, OfBytes: true}, over)
	require.Equal(t, []int64{3, 150}, []int64{int64(l.Things()), l.Bytes()})
	require.EqualValues(t, 3, l.Refusals())
	require.True(t, second.Resize(10), "shrinking is always possible")
	for range 2 {
		first.Close()
		second.Close()
		other.Close()
	}
	require.False(t, first.Resize(1))
	require.Zero(t, l.Things())
	require.Zero(t, l.Bytes())
	require.Zero(t, l.Accounts())
	var none *budget.Hold
	require.True(t, none.Resize(7))
	none.Close()
}

// Whatever is opened, resized and closed, no account is over its bound and what
// is closed is given back.
func TestLedgerKeepsItsBounds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := budget.NewLedger()
		accounts := []budget.Account{{Name: "a", Things: 3, Bytes: 50}, {Name: "b", Things: 5, Bytes: 70}}
		held := map[*budget.Hold]int64{}
		for range rapid.IntRange(1, 60).Draw(t, "steps") {
			bytes := rapid.Int64Range(0, 40).Draw(t, "bytes")
			switch rapid.IntRange(0, 2).Draw(t, "what") {
			case 0:
				if h, over := l.Open(bytes, accounts); over == nil {
					held[h] = bytes
				}
			case 1:
				for h := range held {
					if h.Resize(bytes) {
						held[h] = bytes
					}
					break
				}
			default:
				for h := range held {
					h.Close()
					delete(held, h)
					break
				}
			}
			sum := int64(0)
			for _, one := range held {
				sum += one
			}
			if l.Things() != len(held) || l.Bytes() != sum || sum > 50 || len(held) > 3 {
				t.Fatalf("%d things of %d bytes, and the ledger says %d of %d", len(held), sum, l.Things(), l.Bytes())
			}
		}
	})
}

func TestLedgerByMany(t *testing.T) {
	l := budget.NewLedger()
	accounts := []budget.Account{{Name: "a", Things: 4}}
	var all sync.WaitGroup
	for range 16 {
		all.Go(func() {
			for range 1000 {
				if h, over := l.Open(1, accounts); over == nil {
					h.Resize(2)
					h.Close()
				}
			}
		})
	}
	all.Wait()
	require.Zero(t, l.Accounts())
	require.Zero(t, l.Bytes())
}

package lincheck

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/anishathalye/porcupine"
)

// Verdict is what was found.
type Verdict struct {
	// Conversations and Operations are how many were judged, or begun to be.
	Conversations, Operations int
	// Wrong has one entry for each conversation whose ownership was not linearizable.
	Wrong []Violation
	// Unfinished are the conversations for which the time was not enough: nothing is known
	// of them.
	Unfinished []string
}

// Violation is a conversation whose ownership was not linearizable.
type Violation struct {
	Conversation string
	// Reached is how many of its operations fit, in the longest order that was found, and
	// Of how many there are.
	Reached, Of int
	// Next are operations behind those, the first few: one of them does not fit.
	Next []string
	// All are the operations in the order in which they were asked.
	All []string
}

func (v Violation) String() string {
	return fmt.Sprintf("conversation %s: %d of %d operations fit; then one of\n  %s\nof all\n  %s",
		v.Conversation, v.Reached, v.Of, strings.Join(v.Next, "\n  "), strings.Join(v.All, "\n  "))
}

// Sound reports whether everything was judged, and nothing was wrong.
func (v Verdict) Sound() bool { return len(v.Wrong) == 0 && len(v.Unfinished) == 0 }

// Check judges each conversation by itself. It takes at most about limit: each conversation
// may use an equal share of the time that is left, and is Unfinished if that is not enough.
func Check(operations []Operation, limit time.Duration) Verdict {
	by := map[string][]Operation{}
	for _, o := range operations {
		by[o.Conversation] = append(by[o.Conversation], o)
	}
	v := Verdict{Conversations: len(by), Operations: len(operations)}
	deadline := time.Now().Add(limit)
	for n, id := range slices.Sorted(maps.Keys(by)) {
		share := time.Until(deadline) / time.Duration(len(by)-n)
		if share <= 0 { // which porcupine would take for no limit
			v.Unfinished = append(v.Unfinished, id)
			continue
		}
		v.judge(id, by[id], share)
	}
	return v
}

// judge adds the verdict on one conversation.
func (v *Verdict) judge(id string, operations []Operation, limit time.Duration) {
	history := recorded(operations)
	switch porcupine.CheckOperationsTimeout(model(), history, limit) {
	case porcupine.Unknown:
		v.Unfinished = append(v.Unfinished, id)
	case porcupine.Illegal:
		// To say where is more work, so it is done for what is wrong only.
		_, info := porcupine.CheckOperationsVerbose(model(), history, limit)
		v.Wrong = append(v.Wrong, violation(id, operations, info))
	case porcupine.Ok:
	}
}

// recorded are the operations as porcupine has them: those without an answer end last.
func recorded(operations []Operation) []porcupine.Operation {
	out := make([]porcupine.Operation, len(operations))
	for i, o := range operations {
		until := int64(math.MaxInt64)
		if !o.Return.IsZero() {
			until = o.Return.UnixNano()
		}
		out[i] = porcupine.Operation{ClientId: o.Client, Input: o, Call: o.Call.UnixNano(), Return: until}
	}
	return out
}

// shownNext is how many operations a Violation shows.
const shownNext = 8

func violation(id string, operations []Operation, info porcupine.LinearizationInfo) Violation {
	var longest []porcupine.Operation
	for _, orders := range info.PartialLinearizationsOperations() {
		for _, order := range orders {
			if len(order) > len(longest) {
				longest = order
			}
		}
	}
	fits := map[string]int{}
	for _, o := range longest {
		asked, _ := o.Input.(Operation)
		fits[asked.String()]++
	}
	out := Violation{Conversation: id, Reached: len(longest), Of: len(operations)}
	rest := slices.SortedFunc(slices.Values(operations), func(a, b Operation) int { return a.Call.Compare(b.Call) })
	for _, o := range rest {
		text := o.String()
		out.All = append(out.All, text)
		if fits[text] > 0 {
			fits[text]--
		} else if len(out.Next) < shownNext {
			out.Next = append(out.Next, text)
		}
	}
	return out
}

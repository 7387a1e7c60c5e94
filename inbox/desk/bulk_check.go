package desk

import (
	"slices"

	"switchboard/inbox"
)

// maxSpread is how many members a call may spread conversations over.
const maxSpread = 100

// check refuses a call whose arguments contradict each other, before anything is read.
func (r BulkRequest) check() error {
	switch {
	case r.Verb.Action == inbox.ActionUnassign && inbox.Visible(r.Note) != "":
		return inbox.Invalid("note", "Unassigning records no note. Leave the note out.")
	case r.View == nil && (len(r.Items) == 0 || len(r.Items) > MaxBulk):
		return inbox.Invalid("ids", "ids has %d items; at least 1 and at most %d are allowed. Send the others in another call.",
			len(r.Items), MaxBulk)
	}
	if err := r.Verb.checkSpread(); err != nil {
		return err
	}
	return r.checkTwice()
}

// checkTwice refuses a conversation that is named twice: the second result would look
// like a race that was lost to somebody else.
func (r BulkRequest) checkTwice() error {
	seen := map[inbox.ConversationID]int{}
	for i, item := range r.Items {
		first, twice := seen[item.Conversation]
		if twice {
			return inbox.Invalid("ids", "Items %d and %d of ids name the same conversation. Name each once.", first+1, i+1)
		}
		seen[item.Conversation] = i
	}
	return nil
}

func (v BulkVerb) checkSpread() error {
	if v.SpreadOver == nil {
		return nil
	}
	if v.SpreadAgent != "" {
		return targetRefused("spreadOver", inbox.TargetAIAgent, "A conversation cannot be given to an AI agent in bulk. Name members only.")
	}
	if n := len(v.SpreadOver); n == 0 || n > maxSpread {
		return inbox.Invalid("spreadOver", "spreadOver has %d members; at least 1 and at most %d are allowed.", n, maxSpread)
	}
	sorted := slices.Sorted(slices.Values(v.SpreadOver))
	if len(slices.Compact(sorted)) < len(v.SpreadOver) {
		return inbox.Invalid("spreadOver", "spreadOver names a member twice. Name each once.")
	}
	return nil
}

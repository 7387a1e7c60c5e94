package attention

import "time"

// Kind is what somebody does at a conversation.
type Kind string

// The kinds, from the least to the most. The empty one is nothing.
const (
	// Viewing: the conversation is open in front of the member.
	Viewing Kind = "VIEWING"
	// Drafting: the member has begun an answer that is not sent.
	Drafting Kind = "DRAFTING"
	// Typing: keys are being pressed.
	Typing Kind = "TYPING"
)

// Kinds returns all of them, from the least to the most.
func Kinds() []Kind { return []Kind{Viewing, Drafting, Typing} }

// Known reports whether k is one of Kinds.
func (k Kind) Known() bool { return k.rank() > 0 }

func (k Kind) rank() int {
	switch k {
	case Viewing:
		return 1
	case Drafting:
		return 2
	case Typing:
		return 3
	}
	return 0
}

// Lasts is how long a mark of the kind stands unless it is set again: a page that dies
// is gone after it. Clients set it again after a third of it.
func (k Kind) Lasts() time.Duration {
	if k == Typing {
		return 6 * time.Second
	}
	return 15 * time.Second
}

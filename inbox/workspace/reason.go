package workspace

import (
	"slices"
	"strings"
)

// ReasonCodeID names a reason code within its workspace.
type ReasonCodeID string

// ReasonUsage is the act that a reason code explains.
type ReasonUsage string

// The usages.
const (
	ReasonDecline  ReasonUsage = "DECLINE"
	ReasonTransfer ReasonUsage = "TRANSFER"
	ReasonTakeover ReasonUsage = "TAKEOVER"
	ReasonClose    ReasonUsage = "CLOSE"
	ReasonAway     ReasonUsage = "AWAY"
)

// Usages lists every usage, in the order in which sets of them are written.
func Usages() []ReasonUsage {
	return []ReasonUsage{ReasonDecline, ReasonTransfer, ReasonTakeover, ReasonClose, ReasonAway}
}

// ReasonCode is a reason that people pick instead of writing one. It is never deleted,
// because histories name it.
type ReasonCode struct {
	ID    ReasonCodeID
	Name  string
	Usage ReasonUsage
	// Archived codes stay readable and cannot be picked.
	Archived bool
	// Rev grows by one with every change and starts at 1.
	Rev int
}

// MaxReasonCodes bounds the codes of a workspace, archived ones included.
const MaxReasonCodes = 250

// ReasonCode finds a code, archived or not.
func (d *Directory) ReasonCode(id ReasonCodeID) (ReasonCode, bool) {
	return d.Workspace.ReasonCode(id)
}

// ReasonCode finds a code, archived or not.
func (w Workspace) ReasonCode(id ReasonCodeID) (ReasonCode, bool) {
	at := slices.IndexFunc(w.ReasonCodes, func(c ReasonCode) bool { return c.ID == id })
	if at < 0 {
		return ReasonCode{}, false
	}
	return w.ReasonCodes[at], true
}

// ReasonUsages is a set of usages as one word, so that rules can be compared: separated
// by commas, each once, in the order of Usages.
type ReasonUsages string

// UsagesOf is the set of the usages.
func UsagesOf(usages ...ReasonUsage) ReasonUsages {
	var words []string
	for _, u := range Usages() {
		if slices.Contains(usages, u) {
			words = append(words, string(u))
		}
	}
	return ReasonUsages(strings.Join(words, ","))
}

// List has the usages of the set; it is empty, and never nil, for the empty set.
func (s ReasonUsages) List() []ReasonUsage {
	out := []ReasonUsage{}
	for _, u := range Usages() {
		if s.Has(u) {
			out = append(out, u)
		}
	}
	return out
}

// Has reports whether u is in the set.
func (s ReasonUsages) Has(u ReasonUsage) bool {
	return slices.Contains(strings.Split(string(s), ","), string(u))
}

package marks

import (
	"encoding/json"
	"log/slog"
	"time"

	"switchboard/inbox"
	"switchboard/inbox/attention"
	"switchboard/inbox/workspace"
)

// bulletin is what one server tells the others.
type bulletin struct {
	Server string  `json:"s"`
	Marks  []entry `json:"m"`
}

// entry is a mark that stands for Left milliseconds; without a kind one that has ended.
// No clock is compared: each server counts from when it hears.
type entry struct {
	Workspace    workspace.WorkspaceID `json:"w"`
	Conversation inbox.ConversationID  `json:"c"`
	ActorKind    workspace.ActorKind   `json:"a"`
	Actor        string                `json:"i"`
	Window       string                `json:"o,omitempty"`
	Kind         attention.Kind        `json:"k,omitempty"`
	Note         bool                  `json:"n,omitempty"`
	TokenIssue   int                   `json:"t,omitempty"`
	IssuedBy     workspace.KeyID       `json:"b,omitempty"`
	Left         int64                 `json:"l,omitempty"`
}

func (b bulletin) empty() bool { return len(b.Marks) == 0 }

func (b *bulletin) add(s standing, now time.Time) {
	b.Marks = append(b.Marks, entry{
		Workspace: s.Workspace, Conversation: s.Conversation, ActorKind: s.Actor.Kind, Actor: s.Actor.ID, Window: s.Window,
		Kind: s.Kind, Note: s.Note, TokenIssue: s.TokenIssue, IssuedBy: s.IssuedBy,
		Left: max(0, s.until.Sub(now).Milliseconds()),
	})
}

func (b bulletin) encode() []byte {
	data, _ := json.Marshal(b) // plain data: it cannot fail
	return data
}

func (e entry) mark() attention.Mark {
	return attention.Mark{
		Key: attention.Key{
			Workspace: e.Workspace, Conversation: e.Conversation,
			Actor: workspace.Actor{Kind: e.ActorKind, ID: e.Actor}, Window: e.Window,
		},
		Kind: e.Kind, Note: e.Note, TokenIssue: e.TokenIssue, IssuedBy: e.IssuedBy,
	}
}

// Hear takes a bulletin. One of this server is known already, and one that cannot be
// read is left out: a newer release may write others. It never waits.
func (m *Marks) Hear(data []byte) {
	var b bulletin
	if err := json.Unmarshal(data, &b); err != nil {
		m.log.Debug("a bulletin of another server cannot be read", slog.Any("error", err))
		return
	}
	if b.Server == m.server {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	now := time.Now()
	for _, e := range b.Marks {
		m.hear(e, now)
	}
	ring(m.changed) // there is something to expire
}

// hear needs mu. Whoever says something at another server says it no longer here.
func (m *Marks) hear(e entry, now time.Time) {
	mark := e.mark()
	left := min(time.Duration(e.Left)*time.Millisecond, mark.Kind.Lasts())
	switch {
	case mark.Kind == "":
		m.drop(mark.Key)
		m.news.forget(mark.Key)
	case mark.Kind.Known() && left > 0 && m.put(mark, now.Add(left)):
		m.news.forget(mark.Key)
	}
}

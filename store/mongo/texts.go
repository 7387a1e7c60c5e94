package mongo

import (
	"context"

	"go.mongodb.org/mongo-driver/v2/bson"

	"switchboard/inbox"
	"switchboard/inbox/workspace"
	"switchboard/store/document"
)

// whole gives events of one workspace the texts of their messages. It reads those of which
// they have a preview, in one query.
func whole(ctx context.Context, s *Store, docs []document.Event) ([]document.Event, error) {
	var ids []inbox.MessageID
	for _, d := range docs {
		ids = append(ids, d.Long()...)
	}
	if len(ids) == 0 {
		return docs, nil
	}
	texts, err := textsOf(ctx, s, docs[0].Workspace, ids)
	for i := range docs {
		docs[i] = docs[i].Whole(texts)
	}
	return docs, err
}

func textsOf(ctx context.Context, s *Store, ws workspace.WorkspaceID, ids []inbox.MessageID) (map[inbox.MessageID]string, error) {
	found, err := byIDs(ctx, s, s.events, ws, ids, isMessage)
	out := make(map[inbox.MessageID]string, len(found))
	for _, d := range found {
		out[d.Message.ID] = d.Message.Body
	}
	return out, err
}

// maxPassing is how many long messages a stream keeps for the event that follows them.
const maxPassing = 50

// passingTexts are the texts of long messages that a stream delivered before their event,
// which has previews. Those of a transaction come one after the other.
type passingTexts struct {
	texts map[inbox.MessageID]string
	// s has those that did not come, because the stream began between a message and its
	// event.
	s *Store
}

// keep keeps the text of a message.
func (p *passingTexts) keep(doc bson.Raw) error {
	var m document.MessageEntry
	if err := bson.Unmarshal(doc, &m); err != nil {
		return err
	}
	if p.texts == nil || len(p.texts) >= maxPassing {
		p.texts = map[inbox.MessageID]string{}
	}
	p.texts[m.Message.ID] = m.Message.Body
	return nil
}

// complete gives the event its texts and forgets them. Size is their length in bytes.
func (p *passingTexts) complete(ctx context.Context, doc document.Event) (_ document.Event, size int, err error) {
	texts := p.texts
	p.texts = nil
	long := doc.Long()
	for _, id := range long {
		text, passed := texts[id]
		if !passed {
			if texts, err = textsOf(ctx, p.s, doc.Workspace, long); err != nil {
				return doc, 0, err
			}
			text = texts[id]
		}
		size += len(text)
	}
	return doc.Whole(texts), size, nil
}

package document

import (
	"errors"
	"fmt"
	"time"

	"switchboard/inbox"
	"switchboard/inbox/commit"
	"switchboard/inbox/workspace"
)

// Entity is one part of a directory, as it is to be stored.
type Entity struct {
	// Collection is where it is stored.
	Collection string
	// What names it in messages.
	What string
	ID   string
	// Workspace is where it belongs; a workspace belongs to itself.
	Workspace workspace.WorkspaceID
	// Rev must be one more than the stored one; a new entity has 1.
	Rev int
	// Since is when the reassignment of its conversations became due; the zero time when
	// none is.
	Since time.Time
	// Doc is its document.
	Doc any
}

func workspaceEntity(w workspace.Workspace) Entity {
	return Entity{"workspaces", "workspace", string(w.ID), w.ID, w.Rev, w.OffboardingSince, OfWorkspace(w)}
}

func memberEntity(m workspace.Member) Entity {
	return Entity{"members", "member", string(m.ID), m.Workspace, m.Rev, m.OffboardingSince, Member(m)}
}

func teamEntity(t workspace.Team) Entity {
	return Entity{"teams", "team", string(t.ID), t.Workspace, t.Rev, t.OffboardingSince, Team(t)}
}

func agentEntity(a workspace.AIAgent) Entity {
	return Entity{"agents", "AI agent", string(a.ID), a.Workspace, a.Rev, a.OffboardingSince, Agent(a)}
}

func keyEntity(k workspace.APIKey) Entity {
	return Entity{Collection: "apikeys", What: "API key", ID: string(k.ID), Workspace: k.Workspace, Rev: k.Rev, Doc: OfAPIKey(k)}
}

func webhookEntity(w workspace.Webhook) Entity {
	return Entity{Collection: "webhooks", What: "webhook", ID: string(w.ID), Workspace: w.Workspace, Rev: w.Rev, Doc: OfWebhook(w)}
}

// EntityOf returns the one entity that a directory event changes. An event without one of
// its own workspace is a fault in the program.
func EntityOf(e inbox.Event) (changed Entity, err error) {
	switch c := e.Directory; {
	case c == nil:
	case c.Workspace != nil:
		changed = workspaceEntity(*c.Workspace)
	case c.Member != nil:
		changed = memberEntity(*c.Member)
	case c.Team != nil:
		changed = teamEntity(*c.Team)
	case c.Agent != nil:
		changed = agentEntity(*c.Agent)
	case c.Key != nil:
		changed = keyEntity(*c.Key)
	case c.Webhook != nil:
		changed = webhookEntity(*c.Webhook)
	}
	if changed.Rev < 1 || changed.Workspace != e.Workspace {
		err = fmt.Errorf("store: save the directory: the event must carry one %s entity of its own workspace with a revision from 1", changed.What)
	}
	return changed, err
}

// EntitiesOf returns the entities that an act changes, in the order of its events. An act
// that changes nothing, or whose audit entry is of another workspace, is a fault in the
// program.
func EntitiesOf(save commit.DirectorySave) ([]Entity, error) {
	if len(save.Events) == 0 || save.Audit.Workspace != save.Workspace {
		return nil, errors.New("store: administer: an act must change something and have an audit entry in its workspace")
	}
	changed := make([]Entity, 0, len(save.Events))
	for _, e := range save.Events {
		one, err := EntityOf(e)
		if err != nil {
			return nil, err
		}
		changed = append(changed, one)
	}
	return changed, nil
}

// AllEntities returns the entities of a directory, the workspace first.
func AllEntities(d workspace.Directory) []Entity {
	all := []Entity{workspaceEntity(d.Workspace)}
	for _, m := range d.Members {
		all = append(all, memberEntity(m))
	}
	for _, t := range d.Teams {
		all = append(all, teamEntity(t))
	}
	for _, a := range d.Agents {
		all = append(all, agentEntity(a))
	}
	for _, k := range d.Keys {
		all = append(all, keyEntity(k))
	}
	for _, w := range d.Webhooks {
		all = append(all, webhookEntity(w))
	}
	return all
}

// WhyStale says why an entity was not written when the revision before it was not found;
// there is whether its workspace has it at all: it changed, it does not exist, or it is
// new and another workspace has its id.
func (d Entity) WhyStale(there bool) error {
	switch {
	case there:
		return commit.ErrStale
	case d.Rev == 1:
		return commit.ErrDuplicateKey
	default:
		return inbox.Missing(d.What)
	}
}

package demo

import (
	"context"
	"errors"
	"fmt"
	"time"

	"switchboard/inbox"
	"switchboard/inbox/commit"
	"switchboard/inbox/services"
	"switchboard/inbox/workspace"
)

// Website is the API key of a demo workspace's website, which starts the chats of
// its visitors. It has no secret, so that nobody can use it before Connect gives
// it one.
func Website(ws workspace.WorkspaceID) workspace.APIKey {
	return workspace.APIKey{
		ID: workspace.KeyID(string(ws) + "-website"), Workspace: ws, Name: "The demo's website", Role: workspace.RoleIntegration,
		CreatedAt: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), CreatedBy: workspace.System(), Rev: 1,
	}
}

// asWebsite is the key of the scene's workspace.
func (s *scene) asWebsite() inbox.Principal {
	return inbox.Principal{Workspace: s.space, Actor: workspace.Actor{Kind: workspace.ActorPartner, ID: string(Website(s.space).ID)}}
}

// Answerer is the AI agent that answers the visitors of a demo workspace.
func Answerer(ws workspace.WorkspaceID) workspace.AgentID { return agentID(ws, "ai") }

// Connect stores the website's key with the hash of its secret, unless it is there
// so. It reports false when somebody revoked the key, or gave it another secret, which
// stays as it is.
func Connect(ctx context.Context, s services.Store, k workspace.APIKey, eventID string, now time.Time) (bool, error) {
	dir, err := s.Directory(ctx, k.Workspace)
	if err != nil {
		return false, fmt.Errorf("read the demo workspace %s: %w", k.Workspace, err)
	}
	stored, there := dir.Keys[k.ID]
	switch {
	case there && (stored.Revoked() || stored.Rotations > 0 || stored.Hash == k.Hash || k.Hash == ""):
		return !stored.Revoked() && stored.Rotations == 0, nil
	case there:
		k.Rev = stored.Rev + 1
	}
	err = s.SaveDirectory(ctx, inbox.Event{
		ID: inbox.EventID(eventID), Workspace: k.Workspace, Type: inbox.DirectoryEvent, Actor: workspace.System(), At: now,
		Directory: &workspace.DirectoryChange{Key: &k},
	})
	if err != nil && !errors.Is(err, commit.ErrStale) && !errors.Is(err, commit.ErrDuplicateKey) { // another server was faster
		return false, fmt.Errorf("connect the demo's website: %w", err)
	}
	return true, nil
}

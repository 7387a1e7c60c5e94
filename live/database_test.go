package live_test

import (
	"context"
	"sync"
	"sync/atomic"

	"switchboard/inbox"
	"switchboard/inbox/feed"
	"switchboard/inbox/workspace"
	"switchboard/live"
)

// database holds revisions of workspaces, and counts the loads.
type database struct {
	loads atomic.Int64
	mu    sync.Mutex
	revs  map[workspace.WorkspaceID]int
	// fault, when set, is what a load answers.
	fault error
	// entered and leave, when set, let a test hold a load after it has read.
	entered chan workspace.WorkspaceID
	leave   chan struct{}
}

func newDatabase(workspaces ...workspace.WorkspaceID) *database {
	db := &database{revs: map[workspace.WorkspaceID]int{}}
	for _, ws := range workspaces {
		db.revs[ws] = 1
	}
	return db
}

// holding makes loads stop after they have read.
func (db *database) holding() *database {
	db.entered, db.leave = make(chan workspace.WorkspaceID), make(chan struct{})
	return db
}

var _ live.Load = (*database)(nil).load

func (db *database) load(ctx context.Context, ws workspace.WorkspaceID) (*workspace.Directory, error) {
	db.loads.Add(1)
	rev, fault := db.read(ws)
	if db.entered != nil {
		select {
		case db.entered <- ws:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
		select {
		case <-db.leave:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	switch {
	case fault != nil:
		return nil, fault
	case rev == 0:
		return nil, inbox.Missing("workspace")
	}
	return &workspace.Directory{Workspace: workspace.Workspace{ID: ws, Rev: rev}}, nil
}

func (db *database) read(ws workspace.WorkspaceID) (rev int, fault error) {
	db.mu.Lock()
	defer db.mu.Unlock()
	return db.revs[ws], db.fault
}

func (db *database) failWith(err error) {
	db.mu.Lock()
	defer db.mu.Unlock()
	db.fault = err
}

// commit changes a workspace and returns the event of that.
func (db *database) commit(ws workspace.WorkspaceID) feed.FeedItem {
	db.mu.Lock()
	defer db.mu.Unlock()
	db.revs[ws]++
	return renamed(ws, db.revs[ws])
}

// renamed is a directory event that gives the workspace a name and a revision.
func renamed(ws workspace.WorkspaceID, rev int) feed.FeedItem {
	return feed.FeedItem{Event: inbox.Event{
		Workspace: ws, Type: inbox.DirectoryEvent,
		Directory: &workspace.DirectoryChange{Workspace: &workspace.Workspace{ID: ws, Rev: rev}},
	}}
}

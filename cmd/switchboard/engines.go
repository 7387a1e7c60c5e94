package main

import (
	"context"
	"log/slog"
	"os"

	"switchboard/store/mongo"
	"switchboard/store/move"
	"switchboard/store/sqlite"
)

// folderSettings name the folder of the embedded engine, for commands that are about
// it alone.
type folderSettings struct {
	Data string `help:"Folder in which the embedded engine keeps the data." default:"./data"`
	JSON bool   `help:"Print JSON." name:"json"`
}

func (s *folderSettings) check(c *checks) {
	if info, err := os.Stat(s.Data); s.Data == "" || err == nil && !info.IsDir() {
		c.wrong("data", "--data ./data", "%q is not a folder", s.Data)
	}
}

// all gives settingErrors, or nil.
func (c *checks) all() error {
	if len(c.errors) == 0 {
		return nil
	}
	return c.errors
}

// openFolder opens the folder of the embedded engine for reading, beside a server that
// may be running on it.
func openFolder(ctx context.Context, dir string) (*sqlite.Store, error) {
	opened, err := sqlite.OpenReadOnly(ctx, sqlite.Config{Dir: dir})
	return opened, databaseFailure(err)
}

// openMovable opens a folder or a deployment of MongoDB, which is the target of a move
// or its source.
func openMovable(ctx context.Context, name string, target bool, log *slog.Logger) (movable, error) {
	if isMongoURI(name) {
		opened, err := mongo.Open(ctx, mongo.Config{URI: name})
		if err != nil {
			return nil, databaseFailure(err)
		}
		return opened, nil
	}
	opened, err := sqlite.Open(ctx, sqlite.Config{Dir: name, MustExist: !target, Log: log})
	if err != nil {
		return nil, databaseFailure(err)
	}
	return opened, nil
}

// movable is an engine that can be closed.
type movable interface {
	move.Engine
	Close(ctx context.Context) error
}

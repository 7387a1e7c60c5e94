package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"

	"switchboard/store/sqlite"
)

type checkCommand struct {
	folderSettings `embed:""`
}

// checked is the result of a check, in JSON.
type checked struct {
	File          string   `json:"file"`
	Whole         bool     `json:"whole"`
	Conversations int      `json:"conversations"`
	Findings      []string `json:"findings"`
}

// Run reads all data and reports what is not as it should be. It changes nothing.
func (c *checkCommand) Run(ctx context.Context, in *invocation) error {
	settings := &checks{from: in.from}
	c.folderSettings.check(settings)
	if err := settings.all(); err != nil {
		return err
	}
	result, err := c.examine(ctx, in)
	if c.JSON && (err == nil || len(result.Findings) > 0) {
		return errors.Join(err, printJSON(in.stdout, result))
	}
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(in.stdout, "%s is whole. %d conversations were compared with the lists, words and workloads that are stored beside them.\n", result.File, result.Conversations)
	return err
}

func (c *checkCommand) examine(ctx context.Context, in *invocation) (checked, error) {
	result := checked{File: filepath.Join(c.Data, sqlite.FileName), Findings: []string{}}
	opened, err := openFolder(ctx, c.Data)
	if errors.Is(err, sqlite.ErrDamaged) {
		result.Findings = []string{err.Error()}
	}
	if err != nil {
		return result, err
	}
	defer func() { _ = opened.Close(ctx) }() // it was only read
	shown := in.meter("conversations")
	err = opened.Integrity(ctx, func(done, total int) {
		result.Conversations = total
		shown.update(done, total)
	})
	shown.end()
	var damage *sqlite.IntegrityError
	if errors.As(err, &damage) {
		result.Findings = damage.Findings
	}
	result.Whole = err == nil
	return result, databaseFailure(err)
}

package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

type backupCommand struct {
	To string `help:"File to write. It must not exist." required:"" placeholder:"FILE"`

	folderSettings `embed:""`
}

// backedUp is the result of a backup, in JSON.
type backedUp struct {
	From  string `json:"from"`
	To    string `json:"to"`
	Bytes int64  `json:"bytes"`
}

// Run writes the backup. It is complete, or there is no file.
func (c *backupCommand) Run(ctx context.Context, in *invocation) error {
	if err := c.check(in.from); err != nil {
		return err
	}
	opened, err := openFolder(ctx, c.Data)
	if err != nil {
		return err
	}
	shown := in.meter("pages")
	err = opened.Backup(ctx, c.To, shown.update)
	shown.end()
	if err = errors.Join(err, opened.Close(ctx)); err != nil {
		return databaseFailure(err)
	}
	info, err := os.Stat(c.To)
	if err != nil {
		return fmt.Errorf("look at the backup: %w", err)
	}
	if c.JSON {
		return printJSON(in.stdout, backedUp{From: c.Data, To: c.To, Bytes: info.Size()})
	}
	_, err = fmt.Fprintf(in.stdout, "%s (%d bytes) holds the data of %s. It holds secrets: keep it as safe as the data.\n", c.To, info.Size(), c.Data)
	return err
}

func (c *backupCommand) check(from origins) error {
	settings := &checks{from: from}
	c.folderSettings.check(settings)
	folder, err := os.Stat(filepath.Dir(c.To))
	_, there := os.Lstat(c.To)
	switch {
	case c.To == "":
		settings.wrong("to", "--to backup.db", "it is empty")
	case err != nil || !folder.IsDir():
		settings.wrong("to", "--to backup.db", "there is no folder %q", filepath.Dir(c.To))
	case !errors.Is(there, fs.ErrNotExist):
		settings.wrong("to", "--to backup.db", "%q exists, and a backup overwrites nothing", c.To)
	}
	return settings.all()
}

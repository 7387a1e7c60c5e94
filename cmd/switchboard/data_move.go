package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"switchboard/store/move"
)

type moveCommand struct {
	From string `help:"Folder of the embedded engine, or URI of a MongoDB replica set, that holds the data." required:"" placeholder:"DIR|URI"`
	To   string `help:"URI of a MongoDB replica set, or folder of the embedded engine, without data." required:"" placeholder:"URI|DIR"`
	JSON bool   `help:"Print JSON." name:"json"`
}

// Run copies everything and compares the counts. The source stays as it is.
func (c *moveCommand) Run(ctx context.Context, in *invocation) error {
	if err := c.check(in.from); err != nil {
		return err
	}
	from, err := openMovable(ctx, c.From, false, in.log)
	if err != nil {
		return fmt.Errorf("--from: %w", err)
	}
	defer closeLogged(context.WithoutCancel(ctx), in.log, "the source", from.Close)
	to, err := openMovable(ctx, c.To, true, in.log)
	if err != nil {
		return fmt.Errorf("--to: %w", err)
	}
	shown := in.meter("documents")
	moved, err := move.Run(ctx, from, to, shown.update)
	shown.end()
	if err = errors.Join(err, to.Close(context.WithoutCancel(ctx))); err != nil {
		return c.failure(err)
	}
	return c.print(in, moved)
}

func (c *moveCommand) check(from origins) error {
	const example = `--from ./data --to "mongodb://db.example.com:27017/switchboard?replicaSet=rs0"`
	settings := &checks{from: from}
	if isMongoURI(c.From) == isMongoURI(c.To) {
		settings.wrong("to", example, "one of --from and --to is a folder, and the other a URI that begins with mongodb:// or mongodb+srv://")
	}
	for _, side := range []struct{ name, value string }{{"from", c.From}, {"to", c.To}} {
		if isMongoURI(side.value) {
			continue
		}
		if info, err := os.Stat(side.value); side.value == "" || err == nil && !info.IsDir() {
			settings.wrong(side.name, example, "%q is neither a folder nor a URI of MongoDB", side.value)
		}
	}
	return settings.all()
}

// failure says what is left of a move that failed.
func (c *moveCommand) failure(err error) error {
	switch {
	case errors.Is(err, move.ErrNotEmpty):
		err = fmt.Errorf("--to: %w; name an empty database or a new folder. Nothing was written", err)
	case errors.Is(err, move.ErrChanged):
		err = fmt.Errorf("%w; stop all servers of the source, remove what was written to the target, and move again", err)
	default:
		err = fmt.Errorf("%w. The source is as it was; remove what was written to the target before you move again", err)
	}
	return databaseFailure(err)
}

// movedAll is the result of a move, in JSON.
type movedAll struct {
	Documents   int          `json:"documents"`
	Collections []move.Count `json:"collections"`
}

func (c *moveCommand) print(in *invocation, moved []move.Count) error {
	all := movedAll{Collections: moved}
	for _, m := range moved {
		all.Documents += m.Documents
	}
	if c.JSON {
		return printJSON(in.stdout, all)
	}
	for _, m := range moved {
		fmt.Fprintf(in.stdout, "%-16s %d\n", m.Collection, m.Documents)
	}
	_, err := fmt.Fprintf(in.stdout, "%d documents are in the target, as many as in the source. Serve from the target alone: switchboard serve with %s.\n", all.Documents, c.flag())
	return err
}

// flag is the flag of serve for the target.
func (c *moveCommand) flag() string {
	if isMongoURI(c.To) {
		return "--mongodb-uri"
	}
	return "--data " + c.To
}

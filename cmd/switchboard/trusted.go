package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"sync/atomic"
	"time"

	"switchboard/inbox/services"
	"switchboard/transport/guard"
	"switchboard/web"

	"github.com/vektah/gqlparser/v2/ast"
)

// trustedFile keeps the trusted documents as new as their file. A file with any mistake
// is refused as a whole: the documents before stay in use.
type trustedFile struct {
	*guard.TrustedDocuments
	name   string
	own    []byte // the documents of the shipped pages, where no others are accepted
	schema *ast.Schema
	log    *slog.Logger
	// refused is read by others; seen and coming are the file as it was taken up or
	// refused last, and at the look before.
	refused      atomic.Bool
	seen, coming stamp
}

// trusted reads the file of documents that clients may name; nil when the mode is off.
// The failure names the file.
func (s schemaSettings) trusted(schema *ast.Schema, who *services.Services, log *slog.Logger) (*trustedFile, error) {
	if s.TrustedDocuments == "" || s.TrustedDocumentsMode == "off" {
		return nil, nil
	}
	out := &trustedFile{TrustedDocuments: &guard.TrustedDocuments{}, name: s.TrustedDocuments, schema: schema, log: log}
	out.Only = s.TrustedDocumentsMode == "only"
	out.Exempt = func(ctx context.Context) bool { return s.exempt(ctx, who) }
	if out.Only {
		out.own = web.Documents()
	}
	out.seen = stampOf(out.name)
	out.coming = out.seen
	if err := out.read(); err != nil {
		return nil, fail(exitUsage, err)
	}
	return out, nil
}

func (f *trustedFile) read() error {
	data, err := os.ReadFile(f.name)
	if err != nil {
		return fmt.Errorf("read --trusted-documents: %w", err)
	}
	files := [][]byte{data}
	if f.own != nil {
		files = append(files, f.own)
	}
	if err := f.Replace(f.schema, files...); err != nil {
		return fmt.Errorf("--trusted-documents %s: %w", f.name, err)
	}
	return nil
}

// documents are nil without a file.
func (f *trustedFile) documents() *guard.TrustedDocuments {
	if f == nil {
		return nil
	}
	return f.TrustedDocuments
}

// run looks at the file until ctx ends.
func (f *trustedFile) run(ctx context.Context) {
	ticks := time.NewTicker(lookEvery)
	defer ticks.Stop()
	for {
		select {
		case <-ticks.C:
			f.look()
		case <-ctx.Done():
			return
		}
	}
}

// look takes up a change once two looks in a row find the same, so that a file that is
// being written is left alone.
func (f *trustedFile) look() {
	now := stampOf(f.name)
	settled := now == f.coming
	f.coming = now
	if !settled || now == f.seen {
		return
	}
	f.seen = now
	err := f.read()
	f.refused.Store(err != nil)
	if err != nil {
		f.log.Error("the changed trusted documents cannot be used; those before stay in use", "error", err)
		return
	}
	f.log.Info("changed trusted documents are in use", "file", f.name, "documents", f.Len())
}

// isRefused is 1 while the file cannot be used, and older documents are in use.
func (f *trustedFile) isRefused() float64 { return oneIf(f != nil && f.refused.Load()) }

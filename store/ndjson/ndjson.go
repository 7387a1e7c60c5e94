// Package ndjson writes all of a workspace as lines of JSON, for the people whose data it
// is: a header, a line for each document, and a last line with the counts, without which
// the export is not complete. docs/operating.md describes the form. Secrets are left out.
package ndjson

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"switchboard/inbox/workspace"
	"switchboard/store/document"
)

// Version is the version of the form. Fields may be added to it without another one.
const Version = 1

// Source is an engine that gives the documents of a workspace.
type Source interface {
	// ExportWorkspace is as store.Engine has it.
	ExportWorkspace(ctx context.Context, ws workspace.WorkspaceID, collection string, each func(bson.Raw) error) error
}

// header is the first line.
type header struct {
	Type        string                `json:"type"`
	Version     int                   `json:"version"`
	Workspace   workspace.WorkspaceID `json:"workspace"`
	Name        string                `json:"name"`
	At          time.Time             `json:"at"`
	Collections []string              `json:"collections"`
}

// line is one document.
type line struct {
	Collection string `json:"collection"`
	Document   object `json:"document"`
}

// footer is the last line.
type footer struct {
	Type      string         `json:"type"`
	Documents map[string]int `json:"documents"`
}

// Collections are those that an export holds. LeftOut says why the others are not there.
func Collections() []string {
	var out []string
	for _, c := range document.Collections() {
		if LeftOut()[c] == "" {
			out = append(out, c)
		}
	}
	return out
}

// LeftOut gives the reason for each collection that an export does not hold.
func LeftOut() map[string]string {
	return map[string]string{
		"settings":           "secrets of the installation",
		"servers":            "of the installation",
		"link_sessions":      "sign-ins, which are credentials",
		"presences":          "of the moment",
		"webhooks":           "endpoints of other systems with their secrets, which a copy must not call",
		"webhook_progress":   "of endpoints that are left out",
		"webhook_deliveries": "of endpoints that are left out",
	}
}

// Write writes a workspace to w, a document at a time, and returns the counts by
// collection. progress, if not nil, is called with how many documents are written. What
// changes meanwhile may be written as it was or as it is.
func Write(ctx context.Context, from Source, ws workspace.Workspace, at time.Time, w io.Writer, progress func(done int)) (map[string]int, error) {
	out := bufio.NewWriterSize(w, 64<<10)
	lines := json.NewEncoder(out)
	lines.SetEscapeHTML(false)
	if err := lines.Encode(header{"export", Version, ws.ID, ws.Name, at.UTC(), Collections()}); err != nil {
		return nil, fmt.Errorf("write the export: %w", err)
	}
	counts, total := map[string]int{}, 0
	for _, c := range Collections() {
		err := from.ExportWorkspace(ctx, ws.ID, c, func(d bson.Raw) error {
			doc, err := shown(c, d)
			if err == nil {
				err = lines.Encode(line{c, doc})
			}
			if err != nil {
				return fmt.Errorf("write the export of %s: %w", c, err)
			}
			counts[c]++
			if total++; progress != nil {
				progress(total)
			}
			return nil
		})
		if err != nil {
			return counts, err
		}
	}
	if err := lines.Encode(footer{"end", counts}); err != nil {
		return counts, fmt.Errorf("write the export: %w", err)
	}
	return counts, out.Flush()
}

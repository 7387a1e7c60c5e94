package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
	"time"

	"switchboard/web"

	"github.com/stretchr/testify/require"
)

// shippedDocuments is how many documents the pages send; none when they are not built.
func shippedDocuments(t *testing.T) int {
	t.Helper()
	data := web.Documents()
	if data == nil {
		return 0
	}
	var manifest struct{ Operations []struct{ ID string } }
	require.NoError(t, json.Unmarshal(data, &manifest))
	return len(manifest.Operations)
}

// A changed file is taken up at the second look that finds the same; one with a mistake
// is refused whole and said in the log, and so is one that has gone.
func TestAChangedFileOfTrustedDocumentsIsTakenUp(t *testing.T) {
	name := filepath.Join(t.TempDir(), "documents.json")
	at := time.Now()
	write := func(text string) {
		require.NoError(t, os.WriteFile(name, []byte(text), 0o600))
		at = at.Add(time.Second)
		require.NoError(t, os.Chtimes(name, at, at))
	}
	write(`{"a": "{ viewer { member { name } } }"}`)
	var log bytes.Buffer
	f, err := schemaSettings{TrustedDocuments: name, TrustedDocumentsMode: "prefer"}.trusted(apiSchema(), nil, newLogger(&log, logSettings{LogFormat: "text", LogLevel: "info"}))
	require.NoError(t, err)
	f.look()
	f.look()
	require.Empty(t, log.String(), "nothing changed")
	write(`{"a": "{ viewer { member { name } } }", "b": "{ viewer { member { id } } }"}`)
	f.look()
	require.Equal(t, 1, f.Len(), "it may still be being written")
	f.look()
	require.Equal(t, 2, f.Len())
	require.Contains(t, log.String(), "documents=2")
	for name, wrong := range map[string]func(){
		"a document": func() { write(`{"b": "{ viewer { member { id } } }", "c": "{ nothing }"}`) },
		"half":       func() { write(`{"b": `) },
		"gone":       func() { require.NoError(t, os.Remove(f.name)) },
	} {
		log.Reset()
		wrong()
		f.look()
		f.look()
		f.look()
		require.Equal(t, 2, f.Len(), name)
		require.InDelta(t, 1, f.isRefused(), 0, name)
		require.Equal(t, 1, bytes.Count(log.Bytes(), []byte("level=ERROR")), name)
	}
	write(`{"d": "{ viewer { member { id } } }"}`)
	f.look()
	f.look()
	require.Equal(t, 1, f.Len())
	require.Zero(t, f.isRefused())
}

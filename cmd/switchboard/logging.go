package main

import (
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"sync"
)

// newLogger writes to w in the form and from the level that are set. Secrets
// are kept out of records where those are made; this is the second line.
func newLogger(w io.Writer, s logSettings) *slog.Logger {
	var level slog.Level
	if err := level.UnmarshalText([]byte(s.LogLevel)); err != nil {
		level = slog.LevelInfo // check refuses other names
	}
	w = &inTurn{to: w}
	careful := handlerOf(w, s, &slog.HandlerOptions{Level: level, ReplaceAttr: redactAttr})
	return slog.New(requestHandler{careful, handlerOf(w, s, &slog.HandlerOptions{Level: level})})
}

// inTurn lets handlers that know nothing of each other write whole lines.
type inTurn struct {
	mu sync.Mutex
	to io.Writer
}

// Write writes a line.
func (w *inTurn) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.to.Write(p)
}

func handlerOf(w io.Writer, s logSettings, options *slog.HandlerOptions) slog.Handler {
	if s.LogFormat == "json" {
		return slog.NewJSONHandler(w, options)
	}
	return slog.NewTextHandler(w, options)
}

// redactAttr hides values by the name of the attribute or of a group around it, and
// text that looks like a token or a password in any attribute.
func redactAttr(groups []string, a slog.Attr) slog.Attr {
	for _, name := range append([]string{a.Key}, groups...) {
		if isSecretName(name) {
			return slog.String(a.Key, hidden)
		}
	}
	switch a.Value.Kind() {
	case slog.KindString:
		a.Value = slog.StringValue(redactText(a.Value.String()))
	case slog.KindDuration: // JSON would be a number of nanoseconds that does not say so
		a.Value = slog.StringValue(a.Value.Duration().String())
	case slog.KindAny:
		switch v := a.Value.Any().(type) {
		case http.Header:
			a.Value = slog.AnyValue(redactHeader(v))
		case error:
			a.Value = slog.StringValue(redactText(v.Error()))
		case fmt.Stringer:
			a.Value = slog.StringValue(redactText(v.String()))
		}
	default: // numbers, times and groups, whose attributes follow one by one
	}
	return a
}

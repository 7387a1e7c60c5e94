package main

import (
	"bytes"
	"log/slog"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// A number of nanoseconds that does not say what it is misleads whoever reads the log.
func TestDurationsInTheLogHaveTheirUnit(t *testing.T) {
	for format, says := range map[string][]string{
		"json": {`"grace":"10s"`, `"took":"1.5ms"`},
		"text": {`grace=10s`, `of.took=1.5ms`},
	} {
		var out bytes.Buffer
		log := newLogger(&out, logSettings{LogFormat: format, LogLevel: "info"})
		log.Info("x", "grace", 10*time.Second, slog.Group("of", slog.Duration("took", 1500*time.Microsecond)))
		for _, part := range says {
			require.Contains(t, out.String(), part)
		}
	}
}

package main

import (
	"fmt"
	"io"
	"os"
	"time"
)

// terminal is the terminal that w writes to; ok is false when nobody watches it.
func terminal(w io.Writer) (file *os.File, ok bool) {
	if scrubbed, ok := w.(scrubber); ok {
		w = scrubbed.to
	}
	if file, ok = w.(*os.File); !ok {
		return nil, false
	}
	info, err := file.Stat()
	return file, err == nil && info.Mode()&os.ModeCharDevice != 0
}

// meterEvery is how often a meter is drawn.
const meterEvery = 100 * time.Millisecond

// meter shows how far a long command came, in one line of a terminal. Into a pipe it
// writes nothing.
type meter struct {
	to    io.Writer
	what  string
	last  time.Time
	shown bool
}

func (in *invocation) meter(what string) *meter {
	if _, ok := terminal(in.stderr); !ok {
		return &meter{what: what}
	}
	return &meter{to: in.stderr, what: what}
}

// update shows that done of total is done.
func (p *meter) update(done, total int) {
	if p.to == nil || done < total && time.Since(p.last) < meterEvery {
		return
	}
	p.last, p.shown = time.Now(), true
	fmt.Fprintf(p.to, "\r%d of %d %s (%d %%)", done, total, p.what, percent(done, total))
}

func percent(done, total int) int {
	if total == 0 {
		return 100
	}
	return done * 100 / total
}

// end ends the line.
func (p *meter) end() {
	if p.shown {
		fmt.Fprintln(p.to)
	}
}

// count shows that so many are done, of a number that nobody knows yet.
func (p *meter) count(done int) {
	if p.to == nil || time.Since(p.last) < meterEvery {
		return
	}
	p.last, p.shown = time.Now(), true
	fmt.Fprintf(p.to, "\r%d %s", done, p.what)
}

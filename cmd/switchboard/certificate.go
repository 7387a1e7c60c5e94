package main

import (
	"crypto/tls"
	"fmt"
	"log/slog"
	"os"
	"sync"
	"time"
)

// certificate gives the certificate of two files, and the new one soon after
// they were replaced. One that cannot be read leaves the last good one in use.
type certificate struct {
	certFile, keyFile string
	log               *slog.Logger
	now               func() time.Time

	mu     sync.Mutex
	loaded *tls.Certificate
	of     [2]stamp
	looked time.Time
}

// stamp identifies a version of a file.
type stamp struct {
	at   time.Time
	size int64
}

// stampOf is zero for a file that is not there.
func stampOf(name string) stamp {
	info, err := os.Stat(name)
	if err != nil {
		return stamp{}
	}
	return stamp{info.ModTime(), info.Size()}
}

// lookEvery is how often the files are looked at, while clients connect.
const lookEvery = time.Second

// openCertificate reads both files; the error names the problem.
func openCertificate(certFile, keyFile string, log *slog.Logger) (*certificate, error) {
	c := &certificate{certFile: certFile, keyFile: keyFile, log: log, now: time.Now}
	c.of = c.stamps()
	if err := c.load(); err != nil {
		return nil, fail(exitUsage, fmt.Errorf("--tls-cert %s, --tls-key %s: %w", certFile, keyFile, err))
	}
	return c, nil
}

func (c *certificate) load() error {
	pair, err := tls.LoadX509KeyPair(c.certFile, c.keyFile)
	if err == nil {
		c.loaded = &pair
	}
	return err
}

func (c *certificate) stamps() (out [2]stamp) {
	for i, name := range []string{c.certFile, c.keyFile} {
		out[i] = stampOf(name)
	}
	return out
}

// get is for crypto/tls, which asks for each client that connects.
func (c *certificate) get(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if now := c.now(); now.Sub(c.looked) >= lookEvery {
		c.looked = now
		c.refresh()
	}
	return c.loaded, nil
}

func (c *certificate) refresh() {
	now := c.stamps()
	if now == c.of {
		return
	}
	// Two files cannot be replaced at once: a pair that does not match yet is tried
	// again.
	if err := c.load(); err != nil {
		c.log.Error("the new certificate cannot be used; the old one stays in use", "cert", c.certFile, "error", err)
		return
	}
	c.of = now
	c.log.Info("a new certificate is in use", "cert", c.certFile)
}

// config returns the TLS settings of the listener.
func (c *certificate) config() *tls.Config {
	return &tls.Config{MinVersion: tls.VersionTLS12, GetCertificate: c.get}
}

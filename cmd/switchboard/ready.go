package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"time"
)

// readyWait bounds how long a probe takes, and readyAnswer what it reads.
const (
	readyWait   = 5 * time.Second
	readyAnswer = 4 << 10
)

type readyCommand struct {
	MetricsAddr string `help:"Address of the server's metrics listener." placeholder:"ADDR" default:"127.0.0.1:9090"`
}

// Run asks the server at MetricsAddr whether it is ready, and prints what it
// answers. A container without a shell is probed by it.
func (c *readyCommand) Run(ctx context.Context, in *invocation) error {
	addr, err := dialable(c.MetricsAddr)
	if err != nil {
		return fail(exitUsage, err)
	}
	answer, err := askReady(ctx, addr)
	if err != nil {
		return fail(exitNotReady, err)
	}
	_, err = fmt.Fprintln(in.stdout, answer)
	return err
}

// dialable is where a server answers that listens on addr.
func dialable(addr string) (string, error) {
	host, port, err := net.SplitHostPort(addr)
	if err != nil || port == "" {
		return "", fmt.Errorf("--metrics-addr %q is not an address: give host and port, such as --metrics-addr 127.0.0.1:9090", addr)
	}
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	return net.JoinHostPort(host, port), nil
}

// askReady returns what a server says that is ready.
func askReady(ctx context.Context, addr string) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, readyWait)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+addr+"/readyz", nil)
	if err != nil {
		return "", err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return "", fmt.Errorf("no server answers on %s: %w", addr, errors.Unwrap(err))
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(io.LimitReader(response.Body, readyAnswer))
	if err != nil {
		return "", fmt.Errorf("read the answer of %s: %w", addr, err)
	}
	answer := strings.TrimSpace(string(body))
	if response.StatusCode != http.StatusOK {
		return "", fmt.Errorf("the server on %s is not ready: %s", addr, answer)
	}
	return answer, nil
}

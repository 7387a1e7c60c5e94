package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"time"
)

// build makes the program.
func build(ctx context.Context, folder string) (string, error) {
	program := filepath.Join(folder, "switchboard")
	line := []string{"build", "-buildvcs=false", "-o", program, "./cmd/switchboard"}
	out, err := exec.CommandContext(ctx, "go", line...).CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("build the program: %w: %s", err, out)
	}
	return program, nil
}

// server is the program in a process of its own.
type server struct {
	process *exec.Cmd
	url     string
	log     *bytes.Buffer
}

// serve starts the program on the data in a folder, and waits until it listens.
func serve(ctx context.Context, program, folder string) (*server, error) {
	free, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	addr := free.Addr().String()
	if err := free.Close(); err != nil {
		return nil, err
	}
	s := &server{url: "http://" + addr + "/graphql", log: &bytes.Buffer{}}
	s.process = exec.CommandContext(context.WithoutCancel(ctx), program, // ended by close
		"serve", "--addr", addr, "--data", filepath.Join(folder, "data"), "--log-level", "warn", "--cost-per-second", "0",
		"--webhooks", "any", "--webhook-allow-network", "127.0.0.0/8")
	s.process.Stderr = s.log
	if err := s.process.Start(); err != nil {
		return nil, err
	}
	for range 600 {
		if conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", addr); err == nil {
			return s, conn.Close()
		}
		if err := pause(ctx, 100*time.Millisecond); err != nil {
			break
		}
	}
	s.close()
	return nil, fmt.Errorf("nobody listens on %s: %s", addr, s.log)
}

func (s *server) close() {
	_ = s.process.Process.Signal(os.Interrupt)
	_ = s.process.Wait()
}

// resident is the memory of the process in MB; 0 where the system does not say.
func (s *server) resident() float64 {
	data, _ := os.ReadFile(fmt.Sprintf("/proc/%d/statm", s.process.Process.Pid))
	var size, pages float64
	_, _ = fmt.Sscan(string(data), &size, &pages)
	return pages * float64(os.Getpagesize()) / 1e6
}

// ask runs an operation into data, and returns what was refused as an error.
func (s *server) ask(ctx context.Context, token, query string, variables map[string]any, data any) error {
	body, err := json.Marshal(map[string]any{"query": query, "variables": variables})
	if err != nil {
		return err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, s.url, bytes.NewReader(body))
	if err != nil {
		return err
	}
	req.Header = http.Header{"Authorization": {"Bearer " + token}, "Content-Type": {"application/json"}}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	var answer struct {
		Data   map[string]json.RawMessage
		Errors []struct{ Message string }
	}
	if err := json.NewDecoder(resp.Body).Decode(&answer); err != nil {
		return err
	}
	if len(answer.Errors) > 0 {
		return errors.New(answer.Errors[0].Message)
	}
	return unpack(answer.Data["payload"], data)
}

// unpack reads the field that every operation here calls payload.
func unpack(payload json.RawMessage, into any) error {
	var refused struct{ UserErrors []struct{ Message string } }
	if err := json.Unmarshal(payload, &refused); err != nil {
		return err
	}
	if len(refused.UserErrors) > 0 {
		return errors.New(refused.UserErrors[0].Message)
	}
	return json.Unmarshal(payload, into)
}

func pause(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

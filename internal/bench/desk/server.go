package main

import (
	"bytes"
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

//go:embed testdata/figures.go.txt
var figuresFile []byte

// build makes the program with the file that serves its figures.
func build(ctx context.Context, folder string) (string, error) {
	file, program := filepath.Join(folder, "figures.go"), filepath.Join(folder, "switchboard")
	if err := os.WriteFile(file, figuresFile, 0o600); err != nil {
		return "", err
	}
	at, err := filepath.Abs("cmd/switchboard/bench_figures.go")
	if err != nil {
		return "", err
	}
	overlay, err := json.Marshal(map[string]map[string]string{"Replace": {at: file}})
	if err != nil {
		return "", err
	}
	list := filepath.Join(folder, "overlay.json")
	if err := os.WriteFile(list, overlay, 0o600); err != nil {
		return "", err
	}
	line := []string{"build", "-buildvcs=false", "-overlay", list, "-o", program, "./cmd/switchboard"}
	out, err := exec.CommandContext(ctx, "go", line...).CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("build the program: %w: %s", err, out)
	}
	return program, nil
}

// server is the program in a process of its own.
type server struct {
	process       *exec.Cmd
	addr, figures string
	log           *bytes.Buffer
}

func serve(ctx context.Context, program string, flags []string) (*server, error) {
	s := &server{log: &bytes.Buffer{}}
	for _, addr := range []*string{&s.addr, &s.figures} {
		port, err := freePort(ctx)
		if err != nil {
			return nil, err
		}
		*addr = net.JoinHostPort("127.0.0.1", strconv.Itoa(port))
	}
	most := "1000000"
	line := append([]string{
		"serve", "--addr", s.addr, "--log-level", "warn", "--cost-per-second", "0", "--max-connections", most,
		"--max-connections-per-address", most, "--max-subscriptions", most, "--workspace-subscriptions", most,
	}, flags...)
	s.process = exec.CommandContext(context.WithoutCancel(ctx), program, line...) // ended by close
	s.process.Env = append(os.Environ(), "SWITCHBOARD_BENCH_FIGURES="+s.figures)
	s.process.Stderr = s.log
	if err := s.process.Start(); err != nil {
		return nil, err
	}
	if err := await(ctx, s.addr); err != nil {
		s.close()
		return nil, fmt.Errorf("%w: %s", err, s.log)
	}
	return s, nil
}

func (s *server) close() {
	_ = s.process.Process.Signal(os.Interrupt)
	_ = s.process.Wait()
}

func (s *server) get(ctx context.Context, path string) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+s.figures+path, nil)
	if err != nil {
		return nil, err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	return io.ReadAll(resp.Body)
}

// cpu is the time on processors that the process has used, in ms.
func (s *server) cpu(ctx context.Context) (ms float64, err error) {
	data, err := s.get(ctx, "/cpu")
	if err == nil {
		err = json.Unmarshal(data, &ms)
	}
	return ms, err
}

// memory is what is in use after a collection, in bytes.
type memory struct {
	Heap, Stacks, Goroutines float64
	resident                 float64 // as the system counts it
}

func (s *server) memory(ctx context.Context) (m memory, err error) {
	data, err := s.get(ctx, "/memory")
	if err == nil {
		err = json.Unmarshal(data, &m)
	}
	m.resident = s.resident()
	return m, err
}

func (s *server) resident() float64 {
	data, _ := os.ReadFile(fmt.Sprintf("/proc/%d/statm", s.process.Process.Pid))
	fields := strings.Fields(string(data))
	if len(fields) < 2 {
		return 0 // no such file on this system
	}
	pages, _ := strconv.ParseFloat(fields[1], 64)
	return pages * float64(os.Getpagesize())
}

// profile saves a profile of the process.
func (s *server) profile(ctx context.Context, path, file string) error {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	data, err := s.get(ctx, "/debug/pprof/"+path)
	if err != nil {
		return err
	}
	return os.WriteFile(file, data, 0o600)
}

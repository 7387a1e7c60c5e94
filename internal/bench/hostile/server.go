package main

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"

	"runtime"
)

// server is the program, with the tokens of its demo.
type server struct {
	process       *exec.Cmd
	addr, console string
	tokens        map[string]string
}

// build makes the program in a folder that the caller removes.
func build() (program, folder string, err error) {
	if folder, err = os.MkdirTemp("", "switchboard-hostile-"); err != nil {
		return "", "", err
	}
	program = filepath.Join(folder, "switchboard")
	out, err := exec.CommandContext(context.Background(), "go", "build", "-buildvcs=false", "-o", program, "switchboard/cmd/switchboard").CombinedOutput()
	if err != nil {
		return "", folder, fmt.Errorf("build the program: %w: %s", err, out)
	}
	return program, folder, nil
}

// Priorities of a process against other work of the machine, if this user may set
// them.
const (
	first = "-10"
	last  = "5"
)

// pinned runs a command on one processor with a priority, where that can be said.
func pinned(core int, priority string, line ...string) *exec.Cmd {
	if nice, err := exec.LookPath("nice"); err == nil {
		line = append([]string{nice, "-n", priority}, line...)
	}
	if taskset, err := exec.LookPath("taskset"); err == nil && runtime.NumCPU() > 1 {
		line = append([]string{taskset, "-c", strconv.Itoa(core)}, line...)
	}
	return exec.CommandContext(context.Background(), line[0], line[1:]...) // it is this program
}

var (
	address = regexp.MustCompile(`^GraphQL +http://(\S+)/graphql$`)
	token   = regexp.MustCompile(`^(demo(?:-free)? \S+) +((?:eyJ|sbk_)\S+)$`)
)

// serve starts the program and waits until it has printed the tokens.
func serve(program string, arguments ...string) (*server, error) {
	s := &server{process: pinned(0, first, append([]string{program, "serve", "--demo", "--addr", "127.0.0.1:0", "--log-level", "info"}, arguments...)...), tokens: map[string]string{}}
	stdout, err := s.process.StdoutPipe()
	if err != nil {
		return nil, err
	}
	log, err := s.process.StderrPipe()
	if err != nil {
		return nil, err
	}
	if err := s.process.Start(); err != nil {
		return nil, err
	}
	consoles := make(chan string, 1)
	go func() {
		lines := bufio.NewScanner(log)
		for lines.Scan() {
			if _, addr, ok := strings.Cut(lines.Text(), `msg="metrics are served" addr=`); ok {
				consoles <- addr
			}
		}
	}()
	lines := bufio.NewScanner(stdout)
	for s.tokens["demo-free contact"] == "" && lines.Scan() {
		if m := address.FindStringSubmatch(lines.Text()); m != nil {
			s.addr = m[1]
		}
		if m := token.FindStringSubmatch(lines.Text()); m != nil {
			s.tokens[m[1]] = m[2]
		}
	}
	if s.addr == "" {
		s.end()
		return nil, fmt.Errorf("the server did not start: %w", lines.Err())
	}
	select {
	case s.console = <-consoles:
		return s, nil
	case <-time.After(time.Minute):
		s.end()
		return nil, fmt.Errorf("the server did not say where its metrics are")
	}
}

func (s *server) end() {
	_ = s.process.Process.Signal(os.Interrupt)
	_ = s.process.Wait()
}

package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"switchboard/internal/bench/report"
)

// plan is one measurement.
type plan struct {
	mode                  string // raw, shared or stock
	listeners, selections int
	stalled               int
	small                 bool // small send buffers, so that stalled readers are noticed soon
	idle                  bool // nobody subscribes
	events                int
}

// figures are CPU in µs a delivery, p99 in ms, memory in KB a connection, and how
// many slow readers were closed.
type figures struct {
	cpu, p99, memory float64
	slow             int
}

// peer is a child that answers each line with a line.
type peer struct {
	cmd *exec.Cmd
	in  io.WriteCloser
	out *bufio.Scanner
}

func start(core int, args ...string) (*peer, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	line := append([]string{self, "child"}, args...)
	if taskset, err := exec.LookPath("taskset"); err == nil && runtime.NumCPU() > 1 {
		line = append([]string{taskset, "-c", strconv.Itoa(core)}, line...)
	}
	cmd := exec.Command(line[0], line[1:]...) // this program itself; ended by stop
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	return &peer{cmd: cmd, in: in, out: bufio.NewScanner(out)}, cmd.Start()
}

func (p *peer) stop() {
	_ = p.in.Close()
	_ = p.cmd.Wait()
}

func (p *peer) hear() (string, error) {
	if !p.out.Scan() {
		return "", fmt.Errorf("the process %v ended", p.cmd.Args)
	}
	return p.out.Text(), nil
}

// ask sends a line and reads the numbers of the answer.
func (p *peer) ask(line string) ([]float64, error) {
	if _, err := fmt.Fprintln(p.in, line); err != nil {
		return nil, err
	}
	return p.numbers()
}

func (p *peer) numbers() ([]float64, error) {
	text, err := p.hear()
	if err != nil {
		return nil, err
	}
	var out []float64
	for field := range strings.FieldsSeq(text) {
		n, err := strconv.ParseFloat(field, 64)
		if err != nil {
			return nil, fmt.Errorf("%q: %w", text, err)
		}
		out = append(out, n)
	}
	return out, nil
}

func (p plan) args() []string {
	if p.small {
		return []string{p.mode, "small"}
	}
	return []string{p.mode}
}

func (p plan) measure() (f figures, err error) {
	server, err := start(0, p.args()...)
	if err != nil {
		return f, err
	}
	defer server.stop()
	addr, err := server.hear()
	if err != nil {
		return f, err
	}
	before, err := server.ask("memory")
	if err != nil {
		return f, err
	}
	load, err := start(1, "load", p.mode, addr, strconv.Itoa(p.listeners), strconv.Itoa(max(1, p.selections)), strconv.Itoa(p.stalled), strconv.FormatBool(p.idle))
	if err != nil {
		return f, err
	}
	defer load.stop()
	if _, err := load.numbers(); err != nil { // all are connected
		return f, err
	}
	if !p.idle {
		if _, err := server.ask("joined " + strconv.Itoa(p.listeners)); err != nil {
			return f, err
		}
	}
	after, err := server.ask("memory")
	if err != nil {
		return f, err
	}
	f.memory = (after[0] - before[0]) / 1024 / float64(p.listeners)
	if p.idle {
		return f, nil
	}
	err = p.tell(server, load, &f)
	return f, err
}

// tell sends events one by one, each when the one before has reached all.
func (p plan) tell(server, load *peer, f *figures) error {
	var used, late []float64
	for i := range p.events + 2 {
		told, err := server.ask("publish") // at, CPU before
		if err != nil {
			return err
		}
		arrived, err := load.numbers() // when the 99th percentile had it
		if err != nil {
			return err
		}
		spent, err := server.ask("cpu")
		if err != nil {
			return err
		}
		if i >= 2 { // the first ones warm up
			used = append(used, (spent[0]-told[1])/float64(p.listeners-p.stalled))
			late = append(late, (arrived[0]-told[0])/1e6)
		}
	}
	f.cpu, f.p99 = report.Median(used), report.Median(late)
	slow, err := server.ask("slow")
	if err == nil {
		f.slow = int(slow[0])
	}
	return err
}

package authz

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"strings"
	"unicode"
	"unicode/utf8"
)

// The files of a policy.
const (
	modelFile    = "model.conf"
	plansFile    = "plans.csv"
	featuresFile = "features.csv"
	rolesFile    = "roles.csv"
	policyFile   = "policy.csv"
)

// byteOrderMark is what spreadsheets and editors of Windows begin a file with.
const byteOrderMark = "\ufeff"

// maxFileBytes is far above any real policy; more is a wrong file.
const maxFileBytes = 1 << 20

// folder reads the files of one policy. Its name stands before theirs in
// errors.
type folder struct {
	files fs.FS
	name  string
}

// row is one line of a CSV file, comments and blank lines left out.
type row struct {
	file   string
	line   int
	fields []string
}

// String is the line as it could be written.
func (r row) String() string { return strings.Join(r.fields, ", ") }

func (r row) wrong(mend, problem string, args ...any) *PolicyError {
	return &PolicyError{File: r.file, Line: r.line, Problem: fmt.Sprintf(problem, args...), Fix: mend}
}

// path is how errors call the file.
func (f folder) path(name string) string { return path.Join(f.name, name) }

func (f folder) read(name string) ([]byte, error) {
	file, err := f.files.Open(name)
	if err != nil {
		return nil, f.unreadable(name, err)
	}
	defer func() { _ = file.Close() }()
	data, err := io.ReadAll(io.LimitReader(file, maxFileBytes+1))
	if err != nil {
		return nil, f.unreadable(name, err)
	}
	if len(data) > maxFileBytes {
		return nil, &PolicyError{File: f.path(name), Problem: "The file is longer than 1 MiB", Fix: "Check that it is a policy file"}
	}
	if !utf8.Valid(data) || bytes.IndexByte(data, 0) >= 0 {
		return nil, &PolicyError{File: f.path(name), Problem: "The file is not UTF-8",
			Fix: `Save it again as UTF-8; spreadsheets call it "CSV UTF-8"`}
	}
	return bytes.TrimPrefix(data, []byte(byteOrderMark)), nil
}

func (f folder) unreadable(name string, err error) *PolicyError {
	if !errors.Is(err, fs.ErrNotExist) {
		return &PolicyError{File: f.path(name), Problem: fmt.Sprintf("The file cannot be read (%v)", err), Fix: "Let the program read it"}
	}
	return &PolicyError{
		File: f.path(name), Problem: "The file is missing",
		Fix: "Copy it from a preset (switchboard policy init writes one): a policy needs all of " + strings.Join(fileNames(), ", "),
	}
}

func fileNames() []string {
	return []string{modelFile, plansFile, featuresFile, rolesFile, policyFile}
}

// rows reads a CSV file. An empty one is an error: example shows a line.
func (f folder) rows(name, example string) ([]row, error) {
	data, err := f.read(name)
	if err != nil {
		return nil, err
	}
	rows, err := parseRows(f.path(name), data)
	if err != nil {
		return nil, err
	}
	if len(rows) == 0 {
		return nil, &PolicyError{
			File: f.path(name), Problem: "The file has no line that counts",
			Fix: fmt.Sprintf("Write at least one, such as %q", example),
		}
	}
	return rows, nil
}

func parseRows(file string, data []byte) ([]row, error) {
	r := csv.NewReader(bytes.NewReader(data))
	r.Comment, r.FieldsPerRecord, r.TrimLeadingSpace = '#', -1, true
	var rows []row
	for {
		fields, err := r.Read()
		if errors.Is(err, io.EOF) {
			return rows, nil
		}
		if err != nil {
			return nil, notCSV(file, err)
		}
		line, _ := r.FieldPos(0)
		if fields = trimmed(fields); counts(fields) {
			rows = append(rows, row{file: file, line: line, fields: fields})
		}
	}
}

// trimmed takes off what a spreadsheet adds: space, byte order marks between files that
// were joined, and the empty fields that make every line as long as the longest.
func trimmed(fields []string) []string {
	for i := range fields {
		space := func(r rune) bool { return unicode.IsSpace(r) || string(r) == byteOrderMark }
		fields[i] = strings.TrimFunc(fields[i], space)
	}
	for len(fields) > 1 && fields[len(fields)-1] == "" {
		fields = fields[:len(fields)-1]
	}
	return fields
}

// counts is false for a blank line, and for a comment that a spreadsheet put between
// quotes.
func counts(fields []string) bool {
	return !strings.HasPrefix(fields[0], "#") && (fields[0] != "" || len(fields) > 1)
}

func notCSV(file string, err error) *PolicyError {
	e := &PolicyError{File: file, Problem: fmt.Sprintf("This is not CSV (%v)", err),
		Fix: "Write fields between commas; only a text with a comma of its own goes between double quotes"}
	if at := (*csv.ParseError)(nil); errors.As(err, &at) {
		e.Line, e.Problem = at.Line, fmt.Sprintf("This is not CSV (%v)", at.Err)
	}
	return e
}

package architecture_test

import (
	"fmt"
	"slices"
	"strings"
)

// rules are what imports.txt says, under the names it uses.
type rules struct {
	folders   map[string][]string // folder to the folders it may import
	libraries map[string][]string // path prefix to the folders that may import it
	standard  []string
	tests     []string
}

// parseRules reads the text of imports.txt; an unknown line is an error.
func parseRules(text string) (rules, error) {
	r := rules{folders: map[string][]string{}, libraries: map[string][]string{}}
	for number, line := range strings.Split(text, "\n") {
		line, _, _ = strings.Cut(line, "#")
		if strings.TrimSpace(line) == "" {
			continue
		}
		head, tail, found := strings.Cut(line, ":")
		words, names := strings.Fields(head), strings.Fields(tail)
		switch {
		case found && len(words) == 2 && words[0] == "folder" && r.folders[words[1]] == nil:
			r.folders[words[1]] = append([]string{words[1]}, names...)
		case found && len(words) == 2 && words[0] == "library" && r.libraries[words[1]] == nil:
			r.libraries[words[1]] = names
		case found && len(words) == 1 && words[0] == "standard":
			r.standard = append(r.standard, names...)
		case found && len(words) == 1 && words[0] == "tests":
			r.tests = append(r.tests, names...)
		default:
			return rules{}, fmt.Errorf("line %d: %q is no rule, or a second one for the same name", number+1, line)
		}
	}
	return r, nil
}

// row returns the row that holds for the folder: the deepest one that is the
// folder or above it.
func (r rules) row(folder string) (string, bool) {
	best, found := "", false
	for name := range r.folders {
		if under(folder, name) && len(name) >= len(best) {
			best, found = name, true
		}
	}
	return best, found
}

// check returns what is wrong with a file of the folder importing the path, or
// "". An own path, one of the module's, is relative to it.
func (r rules) check(folder, path string, own bool) string {
	row, found := r.row(folder)
	if !found {
		return fmt.Sprintf("folder %s has no row", folder)
	}
	if own {
		return r.checkOwn(row, path)
	}
	standard := !strings.Contains(strings.Split(path, "/")[0], ".")
	if !standard && slices.Contains(r.standard, row) {
		return fmt.Sprintf("%s may import only the standard library, not %s", row, path)
	}
	for prefix, folders := range r.libraries {
		if under(path, prefix) && !anyAbove(folders, row) {
			return fmt.Sprintf("%s may not import %s: it is for %s", row, path, strings.Join(folders, ", "))
		}
	}
	return ""
}

func (r rules) checkOwn(row, path string) string {
	for _, tests := range r.tests {
		if under(path, tests) && !slices.Contains(r.folders[row], tests) {
			return fmt.Sprintf("%s may not import %s, which is for tests", row, path)
		}
	}
	if whole, found := r.row(path); found && !slices.Contains(r.folders[row], whole) || !found && !anyAbove(r.folders[row], path) {
		return fmt.Sprintf("%s may not import %s", row, path)
	}
	return ""
}

// under tells whether the slash-separated path is the parent or below it. A
// library's major version, as in lib/v2, is below it.
func under(path, parent string) bool {
	return path == parent || strings.HasPrefix(path, parent+"/")
}

func anyAbove(parents []string, path string) bool {
	for _, parent := range parents {
		if under(path, parent) {
			return true
		}
	}
	return false
}

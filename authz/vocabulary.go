package authz

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"switchboard/inbox/workspace"
)

// anyKind stands for every kind in a policy line.
const anyKind = "*"

// kindWord is how policies write a kind: as permissions are shown.
func kindWord(k workspace.Kind) string { return strings.ToLower(string(k)) }

func kindWords() []string {
	words := []string{anyKind}
	for _, k := range workspace.Kinds() {
		words = append(words, kindWord(k))
	}
	return words
}

func scopes() []workspace.Scope {
	return []workspace.Scope{workspace.ScopeAll, workspace.ScopeTeam, workspace.ScopeOwn}
}

func scopeWords() []string {
	var words []string
	for _, s := range scopes() {
		words = append(words, s.String())
	}
	return words
}

func words[T ~string](list []T) []string {
	out := make([]string, len(list))
	for i, w := range list {
		out[i] = string(w)
	}
	return out
}

// expect requires that field i of r is one of the allowed words; what names the
// kind of word, such as "action".
func (r row) expect(i int, what string, allowed []string) error {
	if slices.Contains(allowed, r.fields[i]) {
		return nil
	}
	return r.wrong(oneOf(allowed), "%q is no %s", r.fields[i], what)
}

// count demands as many fields as example has, or up to most if that is more.
func (r row) count(example string, most int) error {
	want := strings.Count(example, ",") + 1
	if len(r.fields) >= want && len(r.fields) <= max(want, most) {
		return nil
	}
	if len(r.fields) == 1 && strings.ContainsAny(r.fields[0], ";\t") {
		return r.wrong("Save the file with commas between the fields, like: "+example,
			"The fields of the line stand between semicolons or tabs")
	}
	should := strconv.Itoa(want)
	if most > want {
		should = fmt.Sprintf("%d to %d", want, most)
	}
	return r.wrong("Write it like: "+example, "The line has %d fields and should have %s", len(r.fields), should)
}

// name demands that field i is fit to be the name of a plan or role.
func (r row) name(i int, what string) error {
	const letters = "abcdefghijklmnopqrstuvwxyz0123456789_-"
	word := r.fields[i]
	if word != "" && len(word) <= maxNameBytes && strings.Trim(word, letters) == "" {
		return nil
	}
	return r.wrong("Use 1 to 40 of a-z, 0-9, _ and -", "%q cannot be the name of a %s", word, what)
}

const maxNameBytes = 40

// retiredActions and retiredFeatures were words of policies of before, and opened
// nothing. Files that name them can still be read: the lines mean nothing.
func retiredActions() []string  { return []string{"export"} }
func retiredFeatures() []string { return []string{"analytics"} }

// newFeatures may lack their line, as they are younger than some policies: then no plan
// includes them.
func newFeatures() []workspace.Feature {
	return []workspace.Feature{workspace.FeatureReclaim, workspace.FeatureWebhooks, workspace.FeatureOffers}
}

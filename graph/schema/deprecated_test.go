package schema_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
)

// noticeTime is for how long at least something deprecated stays.
const noticeTime = 180 * 24 * time.Hour

// deprecations gives what is wrong with the reasons of all that is deprecated, by name;
// empty for what is as it should be: since when, until when, and what to use instead.
func deprecations(s *ast.Schema) map[string]string {
	out := map[string]string{}
	note := func(name string, all ast.DirectiveList) {
		if d := all.ForName("deprecated"); d != nil {
			out[name] = wrongReason(d)
		}
	}
	for name, d := range s.Types {
		for _, f := range d.Fields {
			note(name+"."+f.Name, f.Directives)
			for _, a := range f.Arguments {
				note(name+"."+f.Name+"("+a.Name+")", a.Directives)
			}
		}
		for _, v := range d.EnumValues {
			note(name+"."+v.Name, v.Directives)
		}
	}
	return out
}

func wrongReason(d *ast.Directive) string {
	reason := ""
	if a := d.Arguments.ForName("reason"); a != nil {
		reason = a.Value.Raw
	}
	found := regexp.MustCompile(`^Since (\S+), until (\S+) at least: use \S.*\.$`).FindStringSubmatch(reason)
	if found == nil {
		return fmt.Sprintf("%q is not of the form `Since 2030-01-02, until 2030-07-02 at least: use X.`", reason)
	}
	since, err := time.Parse(time.DateOnly, found[1])
	until, err2 := time.Parse(time.DateOnly, found[2])
	switch {
	case err != nil || err2 != nil:
		return "a date is none"
	case until.Sub(since) < noticeTime:
		return "it would go too soon"
	}
	return ""
}

// Whatever is deprecated says since when, for how long it stays, and what to use.
func TestDeprecationsSayWhatToUse(t *testing.T) {
	for name, wrong := range deprecations(load(t)) {
		assert.Empty(t, wrong, name)
	}
	sample := gqlparser.MustLoadSchema(&ast.Source{Input: `type Query {
		a: Int @deprecated
		b: Int @deprecated(reason: "Use c.")
		c: Int @deprecated(reason: "Since 2030-01-02, until 2030-02-02 at least: use d.")
		d(x: Int @deprecated(reason: "Since 2030-01-02, until 2030-07-02 at least: use y.")): E
	} enum E { F @deprecated(reason: "Since then, until 2030-07-02 at least: use G.") G }`})
	found := deprecations(sample)
	require.Len(t, found, 5)
	for name, wrong := range found {
		require.Equal(t, strings.HasPrefix(name, "Query.d"), wrong == "", "%s: %s", name, wrong)
	}
}

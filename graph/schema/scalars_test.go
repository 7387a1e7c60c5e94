package schema_test

import (
	"os"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/vektah/gqlparser/v2/ast"
)

// A generator that is not told what a scalar is makes it `any`, and nobody notices. The
// example for partners and the configuration of the pages name each of them.
func TestGeneratorsAreToldEachScalar(t *testing.T) {
	want := []string{"ID"}
	for name, d := range load(t).Types {
		if d.Kind == ast.Scalar && !d.BuiltIn {
			want = append(want, name)
		}
	}
	for file, block := range map[string]string{
		"../../docs/clients.md":          `(?s)\n  scalars:\n(.*?)\n` + "```",
		"../../web/scripts/generate.mjs": `scalars: \{(.*?)\}`,
	} {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		found := regexp.MustCompile(block).FindSubmatch(text)
		require.NotNil(t, found, file)
		var named []string
		for _, m := range regexp.MustCompile(`(?m)(?:^|,)\s*(\w+): '?string`).FindAllSubmatch(found[1], -1) {
			named = append(named, string(m[1]))
		}
		require.ElementsMatch(t, want, named, file)
	}
}

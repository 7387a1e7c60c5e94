package guard

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"fmt"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/lexer"
)

// apolloManifest is the format that Apollo's clients and tools write.
const apolloManifest = "apollo-persisted-query-manifest"

// readDocuments reads a file of documents, by id.
func readDocuments(data []byte) (map[string]string, error) {
	var manifest struct {
		Format     json.RawMessage
		Version    int
		Operations []struct{ ID, Body string }
	}
	if json.Unmarshal(data, &manifest) != nil || string(manifest.Format) != `"`+apolloManifest+`"` {
		var plain map[string]string
		if err := json.Unmarshal(data, &plain); err != nil {
			return nil, fmt.Errorf("want a JSON object of ids and documents, such as {\"id\": \"query ...\"}, "+
				"or a manifest with the format %q: %w", apolloManifest, err)
		}
		return plain, nil
	}
	if manifest.Version != 1 {
		return nil, fmt.Errorf("the manifest has version %d; want version 1", manifest.Version)
	}
	out := map[string]string{}
	for i, operation := range manifest.Operations {
		if _, twice := out[operation.ID]; twice || operation.ID == "" {
			return nil, fmt.Errorf("operation %d of the manifest has no id of its own: %q", i+1, operation.ID)
		}
		out[operation.ID] = operation.Body
	}
	return out, nil
}

// tokensHash is the same for documents that differ in white space, commas and comments
// alone. Whole is false for what is malformed or too large to be trusted.
func tokensHash(text string) (sum [sha256.Size]byte, whole bool) {
	limits := Limits{}.withDefaults()
	if len(text) > limits.Bytes {
		return sum, false
	}
	hash, source := sha256.New(), lexer.New(&ast.Source{Input: text})
	for range limits.Tokens + 1 {
		token, err := source.ReadToken()
		switch {
		case err != nil:
			return sum, false
		case token.Kind == lexer.EOF:
			hash.Sum(sum[:0])
			return sum, true
		case token.Kind != lexer.Comment:
			hash.Write(binary.AppendUvarint([]byte{byte(token.Kind)}, uint64(len(token.Value))))
			hash.Write([]byte(token.Value))
		}
	}
	return sum, false
}

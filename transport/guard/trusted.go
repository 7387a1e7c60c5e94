package guard

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
	"switchboard/transport/codes"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/parser"
	"github.com/vektah/gqlparser/v2/validator"
)

// Codes about documents that are named instead of sent. The first two are those
// that clients of automatic persisted queries know; documents are never learned
// from clients here.
const (
	CodePersistedNotSupported = "PERSISTED_QUERY_NOT_SUPPORTED"
	CodePersistedNotFound     = "PERSISTED_QUERY_NOT_FOUND"
	CodeTrustedRequired       = "TRUSTED_DOCUMENT_REQUIRED"
)

// documentIDKey is where an id travels from the request to the guard.
const documentIDKey = "\x00documentId"

// TrustedDocuments are documents that an operator vouches for, each under an id.
// Nil is none.
type TrustedDocuments struct {
	byID  map[string]string
	texts map[[sha256.Size]byte]bool
	// Only refuses documents that are not among them, before they are parsed.
	Only bool
	// Exempt lets some callers send any document all the same; nil is nobody.
	Exempt func(ctx context.Context) bool
}

// ParseTrustedDocuments reads a JSON object of ids and documents and holds each
// to the schema. The error names the id at fault.
func ParseTrustedDocuments(data []byte, schema *ast.Schema) (*TrustedDocuments, error) {
	var documents map[string]string
	if err := json.Unmarshal(data, &documents); err != nil {
		return nil, fmt.Errorf("want a JSON object of ids and documents, such as {\"id\": \"query ...\"}: %w", err)
	}
	out := &TrustedDocuments{byID: map[string]string{}, texts: map[[sha256.Size]byte]bool{}}
	for id, text := range documents {
		if err := checkDocument(schema, text); err != nil {
			return nil, fmt.Errorf("document %q: %w", id, err)
		}
		out.byID[strings.TrimPrefix(id, "sha256:")] = text
		out.texts[sha256.Sum256([]byte(text))] = true
	}
	return out, nil
}

func checkDocument(schema *ast.Schema, text string) error {
	limits := Limits{}.withDefaults()
	if len(text) > limits.Bytes {
		return overLimit("bytes", limits.Bytes)
	}
	doc, err := parser.ParseQueryWithTokenLimit(&ast.Source{Input: text}, limits.Tokens)
	if err != nil {
		return err
	}
	if err := measure(doc, limits); err != nil {
		return err
	}
	if errs := validator.ValidateWithRules(schema, doc, nil); len(errs) > 0 {
		return errs
	}
	return nil
}

// Len is how many there are.
func (t *TrustedDocuments) Len() int { return len(t.byID) }

// resolve puts the text of a document that is named by its id into params, and
// refuses what may not be sent.
func (t *TrustedDocuments) resolve(ctx context.Context, params *graphql.RawParams) *gqlerror.Error {
	id := documentID(params)
	delete(params.Extensions, documentIDKey)
	if t == nil {
		if params.Query == "" {
			return codes.New(CodePersistedNotSupported, "this server knows no documents by id: send the document as query")
		}
		return nil
	}
	if text, known := t.byID[id]; known {
		params.Query = text
		return nil
	}
	free := !t.Only || params.Query != "" && t.texts[sha256.Sum256([]byte(params.Query))] || t.Exempt != nil && t.Exempt(ctx)
	switch {
	case params.Query == "":
		return codes.New(CodePersistedNotFound, "there is no trusted document with that id")
	case !free:
		return codes.New(CodeTrustedRequired, "this server takes trusted documents only: send the id of one as documentId")
	}
	return nil
}

// NameDocument notes in params the id by which a request names its document, if it
// does. It reports whether there is a document or the id of one.
func NameDocument(params *graphql.RawParams, id string) bool {
	if id != "" {
		if params.Extensions == nil {
			params.Extensions = map[string]any{}
		}
		params.Extensions[documentIDKey] = id
	}
	return params.Query != "" || documentID(params) != ""
}

// documentID is the id that a request names its document by: documentId, or the
// hash in the extension that clients of persisted queries send.
func documentID(params *graphql.RawParams) string {
	if id, ok := params.Extensions[documentIDKey].(string); ok && id != "" {
		return strings.TrimPrefix(id, "sha256:")
	}
	persisted, _ := params.Extensions["persistedQuery"].(map[string]any)
	hash, _ := persisted["sha256Hash"].(string)
	return hash
}

// DocumentHash is the id that clients of persisted queries give to a document.
func DocumentHash(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

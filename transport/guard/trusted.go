package guard

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"switchboard/transport/codes"
	"sync/atomic"

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
// Nil is none. They may be replaced while they are used.
type TrustedDocuments struct {
	current atomic.Pointer[vouched]
	// Only refuses documents that are not among them, before they are parsed.
	Only bool
	// Exempt lets some callers send any document all the same; nil is nobody.
	Exempt func(ctx context.Context) bool
}

// vouched are the documents of one reading. Both maps hold their texts.
type vouched struct {
	byID     map[string]string
	byTokens map[[sha256.Size]byte]string
}

// NewTrustedDocuments reads files as Replace does.
func NewTrustedDocuments(schema *ast.Schema, files ...[]byte) (*TrustedDocuments, error) {
	out := &TrustedDocuments{}
	return out, out.Replace(schema, files...)
}

// Replace reads files, holds each document to the schema, and takes them all in the
// place of those before. A file is a JSON object of ids and documents, or Apollo's
// manifest of persisted queries. With an error, which names the id at fault, nothing
// changes.
func (t *TrustedDocuments) Replace(schema *ast.Schema, files ...[]byte) error {
	out := &vouched{byID: map[string]string{}, byTokens: map[[sha256.Size]byte]string{}}
	for _, file := range files {
		texts, err := readDocuments(file)
		if err != nil {
			return err
		}
		for id, text := range texts {
			if err := checkDocument(schema, text); err != nil {
				return fmt.Errorf("document %q: %w", id, err)
			}
			out.byID[strings.TrimPrefix(id, "sha256:")] = text
			sum, _ := tokensHash(text) // it has been parsed
			out.byTokens[sum] = text
		}
	}
	t.current.Store(out)
	return nil
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
func (t *TrustedDocuments) Len() int { return len(t.current.Load().byID) }

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
	now := t.current.Load()
	if text, known := now.byID[id]; known {
		params.Query = text
		return nil
	}
	switch {
	case params.Query == "":
		return codes.New(CodePersistedNotFound, "there is no trusted document with that id")
	case t.Only && !now.recognise(params) && (t.Exempt == nil || !t.Exempt(ctx)):
		return codes.New(CodeTrustedRequired, "this server takes trusted documents only: send the id of one as documentId")
	}
	return nil
}

// recognise reports whether a request sends a trusted document as text. It may differ
// in what GraphQL ignores, since clients print documents in their own ways; the text
// that is trusted takes its place.
func (d *vouched) recognise(params *graphql.RawParams) bool {
	sum, whole := tokensHash(params.Query)
	text, known := d.byTokens[sum]
	if whole && known {
		params.Query = text
	}
	return whole && known
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

// NamesDocument reports whether a request names its document by an id and does not send
// one, so that it is answered only if the document is trusted.
func NamesDocument(params *graphql.RawParams) bool {
	return params.Query == "" && documentID(params) != ""
}

// DocumentHash is the id that clients of persisted queries give to a document.
func DocumentHash(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

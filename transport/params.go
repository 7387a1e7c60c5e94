package transport

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"unicode/utf8"

	"switchboard/transport/guard"

	"github.com/99designs/gqlgen/graphql"
)

var (
	errBatch     = errors.New("batching is not supported: send one operation, as a JSON object")
	errNoQuery   = errors.New("parameter query is missing: send the document as a string")
	errNotJSON   = errors.New("not valid JSON")
	errNotUTF8   = errors.New("not valid UTF-8")
	errNotObject = errors.New("must be a JSON object")
)

// decodeObject returns the members of a JSON object by their exact names; the
// standard decoder would also match names that differ in case.
func decodeObject(data []byte) (map[string]json.RawMessage, error) {
	if !utf8.Valid(data) {
		return nil, errNotUTF8
	}
	if err := guard.WholeEscapes(data); err != nil {
		return nil, err
	}
	var members map[string]json.RawMessage
	var syntax *json.SyntaxError
	err := json.Unmarshal(data, &members)
	switch {
	case errors.As(err, &syntax):
		return nil, errNotJSON
	case err != nil, members == nil:
		return nil, errNotObject
	}
	return members, nil
}

// decodeParams returns the operation in a request body or subscribe payload.
// Its errors are safe to show.
func decodeParams(data []byte) (*graphql.RawParams, error) {
	if bytes.HasPrefix(bytes.TrimLeft(data, " \t\r\n"), []byte("[")) {
		return nil, errBatch
	}
	members, err := decodeObject(data)
	if err != nil {
		return nil, err
	}
	var params graphql.RawParams
	if err := decodeString(members, "query", &params.Query); err != nil {
		return nil, err
	}
	if err := decodeString(members, "operationName", &params.OperationName); err != nil {
		return nil, err
	}
	if params.Variables, err = decodeMap("variables", members["variables"]); err != nil {
		return nil, err
	}
	if params.Extensions, err = decodeMap("extensions", members["extensions"]); err != nil {
		return nil, err
	}
	var id string
	if err := decodeString(members, "documentId", &id); err != nil {
		return nil, err
	}
	return named(&params, id)
}

// named notes the id of the document, if there is one. There must be that or a
// document.
func named(params *graphql.RawParams, id string) (*graphql.RawParams, error) {
	if !guard.NameDocument(params, id) {
		return nil, errNoQuery
	}
	return params, nil
}

// decodeString leaves into alone when the member is absent or null.
func decodeString(members map[string]json.RawMessage, name string, into *string) error {
	raw, ok := members[name]
	if !ok {
		return nil
	}
	if err := json.Unmarshal(raw, into); err != nil {
		return fmt.Errorf("parameter %s must be a string", name)
	}
	return nil
}

// decodeMap returns nil when raw is absent or null. Numbers keep their digits.
func decodeMap(name string, raw []byte) (map[string]any, error) {
	if len(raw) == 0 {
		return nil, nil
	}
	if err := guard.WholeEscapes(raw); err != nil {
		return nil, fmt.Errorf("parameter %s: %w", name, err)
	}
	if !utf8.Valid(raw) {
		return nil, fmt.Errorf("parameter %s: %w", name, errNotUTF8)
	}
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.UseNumber()
	var value map[string]any
	if err := decoder.Decode(&value); err != nil {
		return nil, fmt.Errorf("parameter %s must be a JSON object", name)
	}
	if decoder.More() {
		return nil, fmt.Errorf("parameter %s has text after its JSON object", name)
	}
	return value, nil
}

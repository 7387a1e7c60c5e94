package mongo

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"regexp"

	"go.mongodb.org/mongo-driver/v2/bson"

	"switchboard/inbox/feed"
)

// maxPosition is longer than any resume token, in characters.
const maxPosition = 4096

// encodePosition makes a resume token opaque, and safe in URLs.
func encodePosition(token bson.Raw) string { return base64.RawURLEncoding.EncodeToString(token) }

// decodePosition returns the resume token of a position. ErrHistoryLost for one that
// store/sqlite wrote, before the data was moved here, and ErrBadPosition for text that
// is not a token of MongoDB.
func decodePosition(position string) (bson.Raw, error) {
	if len(position) > maxPosition {
		return nil, fmt.Errorf("%w: it is too long", feed.ErrBadPosition)
	}
	if isEmbedded(position) {
		return nil, fmt.Errorf("%w: the position is of the embedded engine", feed.ErrHistoryLost)
	}
	data, err := base64.RawURLEncoding.DecodeString(position)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", feed.ErrBadPosition, err)
	}
	token := bson.Raw(data)
	if err := validate(token); err != nil {
		return nil, fmt.Errorf("%w: %w", feed.ErrBadPosition, err)
	}
	if token.Lookup("_data").Type != bson.TypeString {
		return nil, fmt.Errorf("%w: it is of another database", feed.ErrBadPosition)
	}
	return token, nil
}

// isEmbedded reports whether store/sqlite wrote a position.
func isEmbedded(position string) bool {
	return regexp.MustCompile(`^[0-9a-f]{16}\.[0-9]{1,19}$`).MatchString(position)
}

var errNotOneForm = errors.New("it is not written as a database writes it")

// validate decodes the document and encodes it again, and accepts it only if the
// result is identical. The library's own check is not enough: it accepts documents
// that cannot be decoded.
func validate(document bson.Raw) error {
	var fields bson.D
	if err := bson.Unmarshal(document, &fields); err != nil {
		return err
	}
	again, err := bson.Marshal(fields)
	if err == nil && !bytes.Equal(again, document) {
		err = errNotOneForm
	}
	return err
}

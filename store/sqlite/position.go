package sqlite

import (
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"

	"go.mongodb.org/mongo-driver/v2/bson"

	"switchboard/inbox/feed"
)

// A position of the feed is the id of the installation and the number of the event
// that the reader stands behind. The id is made with the file, so that a position in
// another file's feed is known to be that.

// positionOf writes a position.
func positionOf(installation string, n int64) string {
	return installation + "." + strconv.FormatInt(n, 10)
}

// parsePosition reads a position of any installation. ErrHistoryLost for one that
// store/mongo wrote, before the data was moved here; ErrBadPosition for other text.
func parsePosition(position string) (installation string, n int64, err error) {
	installation, number, _ := strings.Cut(position, ".")
	n, err = strconv.ParseInt(number, 10, 64)
	if isResumeToken(position) {
		return "", 0, fmt.Errorf("%w: the position is of MongoDB", feed.ErrHistoryLost)
	}
	if err != nil || n < 0 || positionOf(installation, n) != position || !isInstallation(installation) {
		return "", 0, fmt.Errorf("%w: it is not written as this database writes it", feed.ErrBadPosition)
	}
	return installation, n, nil
}

func isInstallation(s string) bool {
	return len(s) == 16 && strings.Trim(s, "0123456789abcdef") == ""
}

// isResumeToken reports whether a position is a resume token of MongoDB, as store/mongo
// writes it.
func isResumeToken(position string) (is bool) {
	const shortest, longest = 8, 4096
	defer func() { _ = recover() }() // the library panics at some lengths that lie
	data, err := base64.RawURLEncoding.DecodeString(position)
	if err != nil || len(position) > longest {
		return false
	}
	var token struct {
		Data string `bson:"_data"`
	}
	if err := bson.Unmarshal(data, &token); err != nil {
		return false
	}
	_, err = hex.DecodeString(token.Data)
	return err == nil && len(token.Data) >= shortest
}

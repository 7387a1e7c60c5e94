package sqlite

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"switchboard/inbox/feed"
)

// A position of the feed is the id of the installation and the number of the event
// that the reader stands behind. The id is made with the file, so that a position in
// another file's feed is known to be that.

// positionOf writes a position.
func positionOf(installation string, n int64) string {
	return installation + "." + strconv.FormatInt(n, 10)
}

// parsePosition reads a position of any installation. ErrBadPosition for other text.
func parsePosition(position string) (installation string, n int64, err error) {
	installation, number, _ := strings.Cut(position, ".")
	n, err = strconv.ParseInt(number, 10, 64)
	if err != nil || n < 0 || positionOf(installation, n) != position || !isInstallation(installation) {
		return "", 0, fmt.Errorf("%w: it is not written as this database writes it", feed.ErrBadPosition)
	}
	return installation, n, nil
}

func isInstallation(s string) bool {
	return regexp.MustCompile(`^[0-9a-f]{16}$`).MatchString(s)
}

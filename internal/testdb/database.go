package testdb

import (
	"context"
	"crypto/rand"
	"strings"
	"testing"

	driver "go.mongodb.org/mongo-driver/v2/mongo"
)

// Database returns the name of a database on URI's deployment that no other test
// uses, in any process. The database is dropped when the test ends. The name
// contains the test's, in case it was not dropped.
func Database(t testing.TB) string {
	t.Helper()
	uri := URI(t)
	name := databaseName(t.Name())
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		err := withClient(ctx, uri, func(client *driver.Client) error {
			return client.Database(name).Drop(ctx)
		})
		if err != nil {
			t.Errorf("drop database %s: %v", name, err)
		}
	})
	return name
}

// databaseName makes a name that every server accepts: 63 bytes, no dots, slashes
// or spaces, and no two names that differ in case alone.
func databaseName(test string) string {
	plain := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return r
		}
		return '_'
	}, strings.ToLower(test))
	return "t_" + plain[:min(len(plain), 30)] + "_" + strings.ToLower(rand.Text())
}

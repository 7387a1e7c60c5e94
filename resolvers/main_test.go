package resolvers_test

import (
	"testing"

	"switchboard/internal/testdb"
)

func TestMain(m *testing.M) { testdb.Main(m) }

package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"text/tabwriter"
	"time"
)

type keyListCommand struct {
	operatorSettings `embed:""`
}

// Run lists the keys by age, also beside a running server.
func (c *keyListCommand) Run(ctx context.Context, in *invocation) error {
	s := c.settings()
	if err := s.ready(in); err != nil {
		return err
	}
	stored, err := in.deps.openTokens(ctx, s.storeSettings)
	if errors.Is(err, errNoData) {
		return refuse("there is no data here; name the server's data by --data or --mongodb-uri")
	}
	if err != nil {
		return databaseFailure(err)
	}
	defer closeLogged(context.WithoutCancel(ctx), in.log, "the database", stored.Close)
	d, err := stored.Directory(ctx, c.id())
	if err != nil {
		return c.refusedBy(err)
	}
	uses, err := stored.KeyUses(ctx, c.id(), slices.Collect(maps.Keys(d.Keys)))
	if err != nil {
		return databaseFailure(err)
	}
	keys := []keyShown{}
	for _, k := range d.SortedKeys() {
		keys = append(keys, shownKey(k, uses[k.ID]))
	}
	if c.JSON {
		return printJSON(in.stdout, keys)
	}
	return printKeys(in, keys)
}

func printKeys(in *invocation, keys []keyShown) error {
	table := tabwriter.NewWriter(in.stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "ID\tNAME\tROLE\tPERMISSIONS\tSECRETS\tCREATED\tLAST USED\tEXPIRES\tREVOKED")
	for _, k := range keys {
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n", k.ID, k.Name, k.Role, strings.Join(k.Permissions, " "), k.hints(),
			k.CreatedAt.Format(time.RFC3339), orDash(k.LastUsedAt), orDash(k.ExpiresAt), orDash(k.RevokedAt))
	}
	return table.Flush()
}

// hints tells the secrets that are accepted by how they end.
func (k keyShown) hints() string {
	var out []string
	for _, one := range k.Secrets {
		out = append(out, "..."+one.Hint)
	}
	return strings.Join(out, " ")
}

func orDash(t *time.Time) string {
	if t == nil {
		return "-"
	}
	return t.Format(time.RFC3339)
}

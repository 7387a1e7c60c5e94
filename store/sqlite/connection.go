package sqlite

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"

	"modernc.org/sqlite"
)

// Each connection keeps the statements that it prepared. To prepare one costs several
// times what it costs to run it, and the store runs the same few for each commit.

// maxPrepared bounds the statements that a connection keeps. The texts of the store are
// fewer, but for those whose number of parameters differs; what is over is prepared anew
// each time.
const maxPrepared = 256

// connect makes a pool.
func connect(source string) (*sql.DB, error) {
	c, err := sqlite.NewConnector(source)
	if err != nil {
		return nil, err
	}
	return sql.OpenDB(connector{c}), nil
}

type connector struct{ driver.Connector }

func (c connector) Connect(ctx context.Context) (driver.Conn, error) {
	conn, err := c.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	whole, ok := conn.(driverConn)
	if !ok {
		return nil, errors.Join(fmt.Errorf("sqlite: the driver's connection is a %T", conn), conn.Close())
	}
	return &connection{driverConn: whole, prepared: map[string]driver.Stmt{}}, nil
}

// driverConn is all that database/sql asks of a connection.
type driverConn interface {
	driver.Conn
	driver.ConnBeginTx
	driver.ConnPrepareContext
	driver.ExecerContext
	driver.QueryerContext
	driver.Pinger
	driver.SessionResetter
	driver.Validator
}

// connection is used by one goroutine at a time, and by one query at a time: who asks
// the next has read all rows of the one before.
type connection struct {
	driverConn
	prepared map[string]driver.Stmt
}

// Unwrap gives the driver's own connection.
func (c *connection) Unwrap() driver.Conn { return c.driverConn }

// statement returns the prepared statement; nil for one that is not to be kept.
func (c *connection) statement(ctx context.Context, query string) (driver.Stmt, error) {
	if s, ok := c.prepared[query]; ok || len(c.prepared) >= maxPrepared {
		return s, nil
	}
	s, err := c.PrepareContext(ctx, query)
	if err == nil {
		c.prepared[query] = s
	}
	return s, err
}

// ExecContext runs a statement.
func (c *connection) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	if len(args) == 0 { // not one that many transactions run: a script, or a setting
		return c.driverConn.ExecContext(ctx, query, args)
	}
	s, err := c.statement(ctx, query)
	if err != nil {
		return nil, err
	}
	if run, ok := s.(driver.StmtExecContext); ok {
		return run.ExecContext(ctx, args)
	}
	return c.driverConn.ExecContext(ctx, query, args)
}

// QueryContext runs a query.
func (c *connection) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	s, err := c.statement(ctx, query)
	if err != nil {
		return nil, err
	}
	if run, ok := s.(driver.StmtQueryContext); ok {
		return run.QueryContext(ctx, args)
	}
	return c.driverConn.QueryContext(ctx, query, args)
}

// Close frees the statements with the connection.
func (c *connection) Close() error {
	var errs []error
	for _, s := range c.prepared {
		errs = append(errs, s.Close())
	}
	return errors.Join(append(errs, c.driverConn.Close())...)
}

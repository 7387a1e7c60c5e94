package sharding

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"go.mongodb.org/mongo-driver/v2/bson"
)

// Checker looks at commands. Its zero value is of no use; New makes one.
type Checker struct {
	keys       map[string]string
	exceptions []Exception
	// Used are the exceptions that applied.
	Used map[Exception]bool
}

// New returns a checker by the tables of this package.
func New() (*Checker, error) {
	keys, err := Collections()
	if err != nil {
		return nil, err
	}
	exceptions, err := Exceptions()
	return &Checker{keys, exceptions, map[Exception]bool{}}, err
}

var errBulkWrite = errors.New("teach internal/sharding to read the command bulkWrite")

// statement is the part of a command that finds documents, or a document to insert.
type statement struct {
	filter bson.Raw
	// upserts says that a document is made if none is found: its key must be known.
	upserts bool
}

// Check returns an error that names the first statement of a command without the shard
// key; nil if there is none. It passes commands that neither find nor write documents,
// and change streams, which are of all shards.
func (c *Checker) Check(command bson.Raw) error {
	first, err := command.IndexErr(0)
	if err != nil {
		return err
	}
	name := first.Key()
	if name == "bulkWrite" {
		return errBulkWrite
	}
	statements := statementsOf(name, command)
	if len(statements) == 0 {
		return nil
	}
	collection, _ := first.Value().StringValueOK()
	key, known := c.keys[collection]
	if !known {
		return fmt.Errorf("say in internal/sharding/collections.csv whether %q is sharded", collection)
	}
	for _, s := range statements {
		if key != "" && !s.targets(key) && !c.excepted(collection, name, s) {
			return fmt.Errorf("%s on %q is sent to all shards, as its filter has no %s: %s", name, collection, key, s.filter)
		}
	}
	return nil
}

func statementsOf(name string, command bson.Raw) []statement {
	switch name {
	case "find":
		return []statement{{filter: document(command, "filter")}}
	case "count", "distinct":
		return []statement{{filter: document(command, "query")}}
	case "findAndModify":
		upsert, _ := command.Lookup("upsert").BooleanOK()
		return []statement{{document(command, "query"), upsert}}
	case "aggregate":
		return matchOf(command)
	case "insert":
		return each(command, "documents", func(d bson.Raw) statement { return statement{d, true} })
	case "update":
		return each(command, "updates", func(d bson.Raw) statement {
			upsert, _ := d.Lookup("upsert").BooleanOK()
			return statement{document(d, "q"), upsert}
		})
	case "delete":
		return each(command, "deletes", func(d bson.Raw) statement { return statement{filter: document(d, "q")} })
	}
	return nil
}

// matchOf is the filter that an aggregation begins with; none for a change stream.
func matchOf(command bson.Raw) []statement {
	stages := each(command, "pipeline", func(d bson.Raw) statement { return statement{filter: d} })
	if len(stages) == 0 {
		return []statement{{}}
	}
	if _, err := stages[0].filter.LookupErr("$changeStream"); err == nil {
		return nil
	}
	return []statement{{filter: document(stages[0].filter, "$match")}}
}

func document(in bson.Raw, field string) bson.Raw {
	d, _ := in.Lookup(field).DocumentOK()
	return d
}

func each(in bson.Raw, field string, of func(bson.Raw) statement) (out []statement) {
	list, _ := in.Lookup(field).ArrayOK()
	values, _ := list.Values()
	for _, v := range values {
		if d, ok := v.DocumentOK(); ok {
			out = append(out, of(d))
		}
	}
	return out
}

// targets reports whether the filter demands one value of the key, or one of some. The
// heartbeats and bulletins of the feed are of no workspace.
func (s statement) targets(key string) bool {
	value := s.filter.Lookup(key)
	if one, ok := value.StringValueOK(); ok {
		id, _ := s.filter.Lookup("_id").StringValueOK()
		return one != "" || id == "heartbeats" || id == "bulletins"
	}
	if s.upserts {
		return false
	}
	some, ok := value.DocumentOK()
	if !ok {
		return false
	}
	values, ok := some.Lookup("$in").ArrayOK()
	if !ok {
		return false
	}
	all, err := values.Values()
	return err == nil && len(all) > 0 && !slices.ContainsFunc(all, func(v bson.RawValue) bool {
		one, ok := v.StringValueOK()
		return !ok || one == ""
	})
}

func (c *Checker) excepted(collection, command string, s statement) bool {
	if s.upserts {
		return false
	}
	fields := fieldsOf(s.filter)
	for _, e := range c.exceptions {
		if (e.Collection == collection || e.Collection == "*") && e.Command == command && e.Fields == fields {
			c.Used[e] = true
			return true
		}
	}
	return false
}

func fieldsOf(filter bson.Raw) string {
	elements, _ := filter.Elements()
	names := make([]string, 0, len(elements))
	for _, e := range elements {
		names = append(names, e.Key())
	}
	slices.Sort(names)
	return strings.Join(slices.Compact(names), " ")
}

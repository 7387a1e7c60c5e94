package sqlite

import (
	"database/sql"
	"encoding/json"
)

// list is a list as an argument of json_each. T is a kind of text or number.
func list[T any](values []T) string {
	out, _ := json.Marshal(values)
	return string(out)
}

// collect reads all rows and closes them.
func collect[T any](rows *sql.Rows, err error, scan func(*sql.Rows) (T, error)) ([]T, error) {
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var out []T
	for rows.Next() {
		v, err := scan(rows)
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, rows.Err()
}

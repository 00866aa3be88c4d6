package sqlite

import (
	"context"
	"fmt"
	"sync"

	"github.com/FerretDB/FerretDB/internal/backends/sqlite/metadata"
	"github.com/FerretDB/FerretDB/internal/util/fsql"
)

// table is a collection in SQLite.
type table struct {
	ctx  context.Context
	db   *fsql.DB
	meta *metadata.Collection
}

// text selects a field as JSON text, exactly as FerretDB's indexes do.
func text(name string) string { return fmt.Sprintf("%s->%q", metadata.DefaultColumn, name) }

// value selects a field as an SQL value, which sorts as text or as a number. It is null if the field is missing.
func value(name string) string { return fmt.Sprintf("%s->>%q", metadata.DefaultColumn, name) }

// isArray selects arrays: only their JSON text begins with a bracket.
func isArray(name string) string {
	return fmt.Sprintf(`(%[1]s >= '[' AND %[1]s < '\')`, text(name))
}

// hasNoArray reports whether no document has an array in this field. Without an index it returns false.
func (t table) hasNoArray(name string) bool {
	for _, index := range t.meta.Settings.Indexes {
		if index.Key[0].Field == name {
			_, found := t.first(fmt.Sprintf("SELECT '' FROM %q WHERE %s LIMIT 1", t.meta.TableName, isArray(name)))
			return !found
		}
	}
	return false
}

// last returns the greatest JSON text in a field.
func (t table) last(name string) string {
	greatest, _ := t.first(fmt.Sprintf(
		"SELECT %[1]s FROM %[2]q WHERE %[1]s IS NOT NULL ORDER BY %[1]s DESC LIMIT 1", text(name), t.meta.TableName,
	))
	return greatest
}

// first returns the first row. An error counts as found, so that the caller assumes nothing; the query
// itself will report the error.
func (t table) first(query string) (answer string, found bool) {
	rows, err := t.db.QueryContext(t.ctx, query)
	if err != nil {
		return "", true
	}
	defer rows.Close()
	if !rows.Next() {
		return "", rows.Err() != nil
	}
	return answer, rows.Scan(&answer) != nil || true
}

var (
	making sync.Mutex
	made   = map[string]bool{}
)

// makeIndex adds an index besides those of the collection, once.
func (t table) makeIndex(name, expression, where string) {
	making.Lock()
	defer making.Unlock()
	key := t.meta.Settings.UUID + name
	if made[key] {
		return
	}
	q := fmt.Sprintf("CREATE INDEX IF NOT EXISTS %q ON %q (%s)%s", t.meta.TableName+name, t.meta.TableName, expression, where)
	// Without the index the query is slower but still correct.
	_, err := t.db.ExecContext(t.ctx, q)
	made[key] = err == nil
}

package sqlite

import (
	"regexp"
	"strings"

	"github.com/FerretDB/FerretDB/internal/types"
	"github.com/FerretDB/FerretDB/internal/util/must"
)

var (
	// Milliseconds since 1970, from 2001 to 2286: as text in the same order as in time.
	thirteenDigits = regexp.MustCompile(`^[0-9]{13}$`)
	objectID       = regexp.MustCompile(`^"[0-9a-f]{24}"$`)
)

// orderBy gives the order that the handler leaves to SQLite (see push_order.go).
func (t table) orderBy(order *types.Document) string {
	if order.Len() == 0 {
		return ""
	}
	var terms []string
	for _, name := range order.Keys() {
		term := t.orderTerm(name)
		if must.NotFail(order.Get(name)).(int64) < 0 {
			term += " DESC"
		}
		terms = append(terms, term)
	}
	return " ORDER BY " + strings.Join(terms, ", ")
}

// Of dates and ids the JSON text, which the collection's indexes hold, is in the right order; of
// others the value is, for which there is an index of our own.
func (t table) orderTerm(name string) string {
	last := t.last(name)
	if thirteenDigits.MatchString(last) || objectID.MatchString(last) {
		return text(name)
	}
	t.makeIndex("_value_"+name, value(name), "")
	return value(name)
}

package sqlite

import (
	"regexp"
	"strings"

	"github.com/FerretDB/FerretDB/internal/types"
	"github.com/FerretDB/FerretDB/internal/util/must"
)

var (
	// Milliseconds since 1970, between 2001 and 2286: their text sorts like the numbers.
	thirteenDigits = regexp.MustCompile(`^[0-9]{13}$`)
	objectID       = regexp.MustCompile(`^"[0-9a-f]{24}"$`)
)

// orderBy returns the ORDER BY clause for the order from the handler (see push_order.go).
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

// orderTerm sorts dates and ids by their JSON text, which the collection's indexes contain. It sorts
// everything else by value, with an additional index.
func (t table) orderTerm(name string) string {
	last := t.last(name)
	if thirteenDigits.MatchString(last) || objectID.MatchString(last) {
		return text(name)
	}
	t.makeIndex("_value_"+name, value(name), "")
	return value(name)
}

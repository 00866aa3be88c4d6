package sqlite

import (
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/FerretDB/FerretDB/internal/backends/sqlite/metadata"
	"github.com/FerretDB/FerretDB/internal/handler/sjson"
	"github.com/FerretDB/FerretDB/internal/types"
	"github.com/FerretDB/FerretDB/internal/util/must"
)

// FerretDB 1 queries SQLite only by _id. For every other filter it reads the whole collection, although
// its indexes are SQLite indexes. This file turns more of a filter into SQL. The condition may let through
// documents that do not match, which FerretDB then filters out. It never excludes one that matches.

var plainName = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_]*$`)

type condition struct {
	sql  string
	args []any
}

// where returns a condition that every document matching the filter meets, or false if the filter cannot be
// expressed in SQL.
func (t table) where(filter *types.Document) (condition, bool) {
	var all []condition
	for _, key := range filter.Keys() {
		if one, ok := t.whereKey(key, must.NotFail(filter.Get(key))); ok {
			all = append(all, one)
		}
	}
	return join(all, " AND "), len(all) > 0
}

func (t table) whereKey(key string, value any) (condition, bool) {
	switch {
	case key == "$and":
		var all []condition
		for _, one := range branches(value) {
			if c, ok := t.where(one); ok {
				all = append(all, c)
			}
		}
		return join(all, " AND "), len(all) > 0
	case key == "$or":
		var any []condition
		for _, one := range branches(value) {
			c, ok := t.where(one)
			if !ok {
				return condition{}, false
			}
			any = append(any, c)
		}
		return join(any, " OR "), len(any) > 0
	case key == "_id":
		return whereID(value)
	case plainName.MatchString(key):
		return t.whereField(key, value)
	default:
		return t.wherePath(key, value)
	}
}

func branches(value any) []*types.Document {
	array, ok := value.(*types.Array)
	if !ok {
		return nil
	}
	var documents []*types.Document
	for i := range array.Len() {
		document, ok := must.NotFail(array.Get(i)).(*types.Document)
		if !ok {
			return nil
		}
		documents = append(documents, document)
	}
	return documents
}

// whereID needs no case for arrays, because an _id cannot be one.
func whereID(value any) (condition, bool) {
	if operators, ok := value.(*types.Document); ok {
		if equal, err := operators.Get("$eq"); err == nil {
			value = equal
		} else if in, err := operators.Get("$in"); err == nil {
			if list, ok := texts(in); ok {
				return oneOf(metadata.IDColumn, list), true
			}
		}
	}
	json, ok := jsonText(value)
	return condition{metadata.IDColumn + " = ?", []any{json}}, ok
}

func (t table) whereField(name string, wanted any) (condition, bool) {
	operators, ok := wanted.(*types.Document)
	if !ok {
		json, ok := jsonText(wanted)
		if !ok {
			return condition{}, false
		}
		return t.orArray(name, condition{text(name) + " = ?", []any{json}}), true
	}
	var all []condition
	for _, operator := range operators.Keys() {
		if operators.Has("$options") {
			continue // flags of a regular expression
		}
		if one, ok := compare(name, operator, must.NotFail(operators.Get(operator))); ok {
			all = append(all, one)
		}
	}
	if len(all) == 0 {
		return condition{}, false
	}
	return t.orArray(name, join(all, " AND ")), true
}

var signs = map[string]string{"$gt": " > ?", "$gte": " >= ?", "$lt": " < ?", "$lte": " <= ?"}

func compare(name, operator string, operand any) (condition, bool) {
	switch operator {
	case "$eq":
		json, ok := jsonText(operand)
		return condition{text(name) + " = ?", []any{json}}, ok
	case "$in":
		list, ok := texts(operand)
		return oneOf(text(name), list), ok
	case "$regex":
		literal, ok := literalOf(operand)
		return condition{"instr(" + value(name) + ", ?) > 0", []any{literal}}, ok
	case "$gt", "$gte", "$lt", "$lte":
		switch bound := operand.(type) {
		case string:
			return condition{value(name) + signs[operator], []any{bound}}, true
		case time.Time:
			json, _ := jsonText(bound)
			return condition{text(name) + signs[operator], []any{json}}, thirteenDigits.MatchString(json)
		}
	}
	return condition{}, false
}

// literalOf returns the text that a regular expression matches, or false if it has any operator.
func literalOf(operand any) (string, bool) {
	pattern, ok := operand.(string)
	if regex, isRegex := operand.(types.Regex); isRegex {
		pattern, ok = regex.Pattern, regex.Options == ""
	}
	parsed, err := regexp.Compile(pattern)
	if !ok || err != nil {
		return "", false
	}
	literal, isWhole := parsed.LiteralPrefix()
	return literal, isWhole && literal != ""
}

// orArray also selects documents with an array in the field, since any element may match. FerretDB checks them.
func (t table) orArray(name string, c condition) condition {
	if t.hasNoArray(name) {
		return c
	}
	return join([]condition{c, {isArray(name), nil}}, " OR ")
}

// wherePath handles a path such as outbox.dueAt: a document with a value there has a non-empty outbox.
func (t table) wherePath(path string, value any) (condition, bool) {
	head, _, isPath := strings.Cut(path, ".")
	if !isPath || !plainName.MatchString(head) || !demandsValue(value) {
		return condition{}, false
	}
	isFilled := text(head) + " <> '[]'"
	t.makeIndex("_filled_"+head, text("_id"), " WHERE "+isFilled)
	return condition{isFilled, nil}, true
}

func demandsValue(value any) bool {
	operators, ok := value.(*types.Document)
	if !ok {
		_, ok = jsonText(value)
		return ok
	}
	for _, operator := range operators.Keys() {
		operand := must.NotFail(operators.Get(operator))
		_, isScalar := jsonText(operand)
		switch operator {
		case "$eq", "$gt", "$gte", "$lt", "$lte":
			if isScalar {
				return true
			}
		case "$exists":
			if operand == true {
				return true
			}
		}
	}
	return false
}

// jsonText returns a value as written in a document's JSON. It returns false for types that can be written
// in several ways, and for null, which also matches a missing field.
func jsonText(value any) (string, bool) {
	switch value.(type) {
	case string, types.ObjectID, time.Time, bool:
		return string(must.NotFail(sjson.MarshalSingleValue(value))), true
	}
	return "", false
}

func texts(value any) ([]any, bool) {
	array, ok := value.(*types.Array)
	if !ok || array.Len() == 0 || array.Len() > 500 {
		return nil, false
	}
	var list []any
	for i := range array.Len() {
		text, ok := jsonText(must.NotFail(array.Get(i)))
		if !ok {
			return nil, false
		}
		list = append(list, text)
	}
	return list, true
}

func oneOf(column string, list []any) condition {
	marks := strings.TrimSuffix(strings.Repeat("?, ", len(list)), ", ")
	return condition{fmt.Sprintf("%s IN (%s)", column, marks), list}
}

func join(conditions []condition, operator string) condition {
	var all condition
	for _, one := range conditions {
		if all.sql != "" {
			all.sql += operator
		}
		all.sql += "(" + one.sql + ")"
		all.args = append(all.args, one.args...)
	}
	return all
}

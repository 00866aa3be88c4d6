package handler

import (
	"context"

	"github.com/FerretDB/FerretDB/internal/backends"
	"github.com/FerretDB/FerretDB/internal/handler/common"
	"github.com/FerretDB/FerretDB/internal/types"
	"github.com/FerretDB/FerretDB/internal/util/must"
)

// pushOrder lets the backend sort a page if an index has that order. FerretDB 1 would read every document,
// sort them in memory and drop all but a page.
func pushOrder(ctx context.Context, coll backends.Collection, params *common.FindParams, qp *backends.QueryParams) {
	if params.Limit == 0 || params.Sort.Len() == 0 || params.Sort.Has("$natural") {
		return
	}
	list, err := coll.ListIndexes(ctx, new(backends.ListIndexesParams))
	if err != nil {
		return // the collection does not exist yet
	}
	for _, index := range list.Indexes {
		if declares(index.Key, params.Sort) {
			qp.Order = params.Sort
			params.Sort = nil
			return
		}
	}
}

// declares reports whether the index ends with these keys, either all in their direction or all reversed.
func declares(index []backends.IndexKeyPair, sort *types.Document) bool {
	offset := len(index) - sort.Len()
	if offset < 0 {
		return false
	}
	asDeclared := 0
	for i, name := range sort.Keys() {
		pair := index[offset+i]
		if pair.Field != name {
			return false
		}
		if (must.NotFail(sort.Get(name)).(int64) < 0) == pair.Descending {
			asDeclared++
		}
	}
	return asDeclared == 0 || asDeclared == sort.Len()
}

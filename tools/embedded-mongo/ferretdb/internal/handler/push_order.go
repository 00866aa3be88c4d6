package handler

import (
	"context"

	"github.com/FerretDB/FerretDB/internal/backends"
	"github.com/FerretDB/FerretDB/internal/handler/common"
	"github.com/FerretDB/FerretDB/internal/types"
	"github.com/FerretDB/FerretDB/internal/util/must"
)

// pushOrder leaves the order of a page to the backend, where an index declares that order: FerretDB 1
// sorts by itself, for which it reads every document, of which it then leaves all but a page.
func pushOrder(ctx context.Context, coll backends.Collection, params *common.FindParams, qp *backends.QueryParams) {
	if params.Limit == 0 || params.Sort.Len() == 0 || params.Sort.Has("$natural") {
		return
	}
	list, err := coll.ListIndexes(ctx, new(backends.ListIndexesParams))
	if err != nil {
		return // the collection is not there yet
	}
	for _, index := range list.Indexes {
		if declares(index.Key, params.Sort) {
			qp.Order = params.Sort
			params.Sort = nil
			return
		}
	}
}

// declares tells whether the index ends with these keys, all in this direction or all in the other.
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

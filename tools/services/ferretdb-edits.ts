/** A change to a file of FerretDB that contains `before` exactly once. */
type Edit = { file: string; before: string; after: string }

/**
 * Edits that make FerretDB call the code in `tools/embedded-mongo/ferretdb`, which turns filters and orders
 * into SQL, so that SQLite uses its indexes. They fit the version in go.mod.
 */
export const ferretdbEdits: Edit[] = [
  {
    file: 'internal/backends/collection.go',
    before: '\n\tOnlyRecordIDs bool\n',
    after:
      '\n\tOrder *types.Document // by fields, see handler/push_order.go\n\n\tOnlyRecordIDs bool\n',
  },
  {
    file: 'internal/handler/msg_find.go',
    before: '\tctx := connCtx\n\tcancel := func() {}\n',
    after: '\tpushOrder(connCtx, coll, params, qp)\n\n\tctx := connCtx\n\tcancel := func() {}\n',
  },
  {
    // Counting the whole collection reads no document.
    file: 'internal/handler/msg_count.go',
    before: '\t\tqp.Filter = params.Filter\n\t}\n',
    after: '\t\tqp.Filter = params.Filter\n\t}\n\tqp.OnlyRecordIDs = params.Filter.Len() == 0\n',
  },
  {
    // Paths such as outbox.dueAt are part of the filter, too.
    file: 'internal/handler/registry/sqlite.go',
    before: 'opts.EnableNestedPushdown',
    after: 'true',
  },
  {
    // Exactly as in the index on _id: to SQLite, another notation is another expression.
    file: 'internal/backends/sqlite/metadata/metadata.go',
    before: `DefaultColumn + "->'$._id'"`,
    after: 'DefaultColumn + `->"_id"`',
  },
  {
    file: 'internal/backends/sqlite/collection.go',
    before: `	if params.Filter.Len() == 1 {
		v, _ := params.Filter.Get("_id")
		switch v.(type) {
		case string, types.ObjectID:
			whereClause = fmt.Sprintf(\` WHERE %s = ?\`, metadata.IDColumn)
			args = []any{string(must.NotFail(sjson.MarshalSingleValue(v)))}
		}
	}

	q += whereClause
	q += prepareOrderByClause(params.Sort)
`,
    after: `	t := table{ctx, db, meta}
	if c, ok := t.where(params.Filter); ok {
		whereClause, args = " WHERE "+c.sql, c.args
	}

	q += whereClause
	q += prepareOrderByClause(params.Sort)
	q += t.orderBy(params.Order)
`,
  },
]

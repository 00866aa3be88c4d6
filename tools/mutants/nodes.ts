export type Span = { start: number; end: number }

/** A node of the syntax tree. Its other fields depend on its type. */
export type Node = { type: string; span: Span } & Record<string, unknown>

export function isNode(value: unknown): value is Node {
  return (
    typeof value === 'object' &&
    value !== null &&
    'type' in value &&
    typeof value.type === 'string' &&
    'span' in value
  )
}

/** The nodes of a list. */
export function nodesIn(list: unknown): Node[] {
  return Array.isArray(list) ? list.filter(isNode) : []
}

/** A node without parentheses and casts. */
export function bare(value: unknown): Node | undefined {
  if (!isNode(value)) return undefined
  const isWrapped = value.type === 'ParenthesisExpression' || /^Ts.*Expression$/.test(value.type)
  return isWrapped ? bare(value.expression) : value
}

import { bare, isNode, type Node, nodesIn, type Span } from './nodes.ts'

/** What replaces a piece of code. Empty if it is removed. */
export type Mutation = { span: Span; replacement: string }

/** The code of a piece. */
export type Slice = (span: Span) => string

const comparisons: Record<string, string[]> = {
  '===': ['!=='],
  '!==': ['==='],
  '<': ['<=', '>='],
  '<=': ['<', '>'],
  '>': ['>=', '<='],
  '>=': ['>', '<'],
}

const queries =
  /^(find|findOne|findOneAndUpdate|findOneAndDelete|updateOne|updateMany|deleteOne|deleteMany|countDocuments|exists)$/

/** The mistakes to make at one node: those that turn a check off, or another way round. */
export function mutationsOf(node: Node, slice: Slice): Mutation[] {
  switch (node.type) {
    case 'IfStatement':
    case 'ConditionalExpression':
      return conditionsOf(node.test, slice)
    case 'ReturnStatement':
      return answersOf(node.argument)
    case 'ArrowFunctionExpression':
      return answersOf(node.body)
    case 'BinaryExpression':
      return [...logicOf(node, slice), ...comparisonsOf(node, slice)]
    case 'UnaryExpression':
      return node.operator === '!' && isNode(node.argument)
        ? [{ span: node.span, replacement: slice(node.argument.span) }]
        : []
    case 'BlockStatement':
    case 'FunctionBody':
      return removalsOf(node, slice)
    case 'CallExpression':
      return filtersOf(node)
    case 'ObjectExpression':
      return flagsOf(node)
    default:
      return []
  }
}

/** A condition that holds always, never, or when it should not. */
function conditionsOf(test: unknown, slice: Slice): Mutation[] {
  if (!isNode(test)) return []
  const { span } = test
  const inner = bare(test)
  // Its operator is turned round anyway.
  const isTurned = inner?.type === 'UnaryExpression' || String(inner?.operator) in comparisons
  const replacements = ['true', 'false', ...(isTurned ? [] : [`!(${slice(span)})`])]
  return replacements.map((replacement) => ({ span, replacement }))
}

/** An answer of yes or no that is always the same. */
function answersOf(value: unknown): Mutation[] {
  const answer = bare(value)
  if (!isNode(value) || !answer) return []
  const operator = String(answer.operator)
  const isAnswer = operator in comparisons || operator === '!' || operator === '&&'
  return isAnswer ? ['true', 'false'].map((replacement) => ({ span: value.span, replacement })) : []
}

/** One operand alone, and the other operator. */
function logicOf({ operator, left, right, span }: Node, slice: Slice): Mutation[] {
  if ((operator !== '&&' && operator !== '||') || !isNode(left) || !isNode(right)) return []
  const other = operator === '&&' ? '||' : '&&'
  const [a, b] = [slice(left.span), slice(right.span)]
  // In parentheses, because it may stand beside another operator.
  return [a, b, `((${a}) ${other} (${b}))`].map((replacement) => ({ span, replacement }))
}

/** The other comparison, and a bound that is off by one. */
function comparisonsOf({ operator, left, right, span }: Node, slice: Slice): Mutation[] {
  if (!isNode(left) || !isNode(right)) return []
  const [a, b] = [slice(left.span), slice(right.span)]
  const others = comparisons[String(operator)] ?? []
  const turned = others.map((other) => ({ span, replacement: `${a} ${other} ${b}` }))
  const bounds = /^[<>]/.test(String(operator)) ? [left, right] : []
  return [...turned, ...bounds.flatMap(offByOne)]
}

function offByOne({ type, value, span }: Node): Mutation[] {
  if (type !== 'NumericLiteral' || typeof value !== 'number') return []
  return [value + 1, value - 1].map((bound) => ({ span, replacement: `(${bound})` }))
}

/** A throw, an early return or a call that does not happen. */
function removalsOf({ stmts }: Node, slice: Slice): Mutation[] {
  const statements = nodesIn(stmts).filter(({ type }) => type !== 'FunctionDeclaration')
  // Alone in its block, a throw or return is skipped by the condition in front.
  const isAlone = statements.length === 1
  return statements
    .filter((statement, index) => {
      if (statement.type === 'ThrowStatement') return !isAlone
      if (statement.type === 'ReturnStatement') return index < statements.length - 1
      return isCall(statement, slice)
    })
    .map(({ span }) => ({ span, replacement: ';' }))
}

/** A statement that only calls something other than a log. */
function isCall({ type, expression }: Node, slice: Slice): boolean {
  if (type !== 'ExpressionStatement' || !isNode(expression)) return false
  const called =
    expression.type === 'UnaryExpression' ? bare(expression.argument) : bare(expression)
  const call = called?.type === 'AwaitExpression' ? bare(called.argument) : called
  if (call?.type !== 'CallExpression' || !isNode(call.callee)) return false
  return !/(^|\.)(log|logger|say)(\.|$)/.test(slice(call.callee.span))
}

/** A query that leaves out one of its conditions. */
function filtersOf({ callee, arguments: given }: Node): Mutation[] {
  if (!isNode(callee) || callee.type !== 'MemberExpression' || !isNode(callee.property)) return []
  if (!queries.test(String(callee.property.value)) || !Array.isArray(given)) return []
  const filter = bare(Object(given[0]).expression)
  if (filter?.type !== 'ObjectExpression' || !Array.isArray(filter.properties)) return []
  return filter.properties.flatMap((property: unknown) => {
    const span = spanOf(property)
    return span ? [{ span, replacement: '...{}' }] : []
  })
}

function spanOf(property: unknown): Span | undefined {
  if (isNode(property)) return property.span
  const { key, value, arguments: spread } = Object(property)
  if (isNode(spread)) return { start: spread.span.start - 3, end: spread.span.end }
  return isNode(key) && isNode(value) ? { start: key.span.start, end: value.span.end } : undefined
}

/** An option that says the opposite. */
function flagsOf({ properties }: Node): Mutation[] {
  if (!Array.isArray(properties)) return []
  return properties.flatMap((property: unknown) => {
    const { value } = Object(property)
    if (!isNode(value) || value.type !== 'BooleanLiteral') return []
    return [{ span: value.span, replacement: String(value.value !== true) }]
  })
}

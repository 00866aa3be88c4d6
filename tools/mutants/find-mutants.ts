import { parseSync } from '@swc/core'
import { isNode, type Node, nodesIn } from './nodes.ts'
import { type Mutation, mutationsOf, type Slice } from './mutations.ts'

/** One small change to a source. Positions are byte offsets. */
export type Mutant = {
  start: number
  end: number
  replacement: string
  /** The change in words, such as `a && b → a`. */
  change: string
  line: number
  /** The line that it changes, without the blanks around it. */
  code: string
  /** Where the statement of a block begins that holds the change. */
  statement: number
}

type Found = Mutation & { statement: number }

/** Every mutant of a TypeScript source, from top to bottom. */
export function findMutants(source: string): Mutant[] {
  const bytes = Buffer.from(source)
  const lines = source.split('\n')
  // The statement in front tells where the parser begins to count.
  const { body } = parseSync(`;${source}`, { syntax: 'typescript', target: 'es2024' })
  const [first, ...statements] = nodesIn(body)
  const origin = first?.span.end ?? 0
  const slice: Slice = ({ start, end }) => bytes.subarray(start - origin, end - origin).toString()
  const mutants = walkStatements(statements, slice).map(({ span, replacement, statement }) => {
    const line = bytes
      .subarray(0, span.start - origin)
      .toString()
      .split('\n').length
    return {
      start: span.start - origin,
      end: span.end - origin,
      replacement,
      change: `${onOneLine(slice(span))} → ${onOneLine(replacement) || 'nothing'}`,
      line,
      code: lines[line - 1]?.trim() ?? '',
      statement: statement - origin,
    }
  })
  return mutants.toSorted((a, b) => a.start - b.start || a.end - b.end)
}

/** The source with one mutant in it. */
export function applyMutant(source: string, { start, end, replacement }: Mutant): string {
  const bytes = Buffer.from(source)
  return `${bytes.subarray(0, start).toString()}${replacement}${bytes.subarray(end).toString()}`
}

function walkStatements(statements: Node[], slice: Slice): Found[] {
  return statements.flatMap((node) => walk(node, { statement: node.span.start, slice }))
}

function walk(value: unknown, place: { statement: number; slice: Slice }): Found[] {
  if (typeof value !== 'object' || value === null) return []
  const { statement, slice } = place
  const found = isNode(value)
    ? mutationsOf(value, slice).map((mutation) => ({ ...mutation, statement }))
    : []
  const inner = Object.entries(value).flatMap(([key, child]) => {
    if (key === 'typeAnnotation' || key === 'typeParams' || key === 'returnType') return []
    // The statements of a block or a function, or of a case.
    if (key === 'stmts' || (key === 'consequent' && Array.isArray(child)))
      return walkStatements(nodesIn(child), slice)
    return walk(child, place)
  })
  return [...found, ...inner]
}

function onOneLine(code: string): string {
  return code.replaceAll(/\s+/g, ' ').trim()
}

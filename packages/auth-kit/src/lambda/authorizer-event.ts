/** What an authorizer is asked, whichever way API Gateway put it. */
export type AuthorizerQuestion = {
  kind: 'rest' | 'http'
  /** The values of the request's `Authorization` headers. */
  authorization: string[]
  /** `arn:aws:execute-api:<region>:<account>:<api>/<stage>`: routes go behind it. */
  stageArn: string
  method: string
  path: string
}

type Values = Record<string, unknown>

/**
 * Reads the event of a REST API (TOKEN and REQUEST) or of an HTTP API (payload format 2.0; 1.0 is
 * that of REQUEST).
 *
 * @throws TypeError when it is another event: the function is attached to something else
 */
export function readAuthorizerEvent(event: unknown): AuthorizerQuestion {
  const values = asValues(event)
  if (values.version === '2.0') return readHttpEvent(values)
  const { type, methodArn, authorizationToken } = values
  if (type === 'TOKEN') {
    return { kind: 'rest', ...readArn(methodArn), authorization: texts([authorizationToken]) }
  }
  if (type === 'REQUEST') {
    return { kind: 'rest', ...readArn(methodArn), authorization: authorizationIn(values) }
  }
  throw new TypeError('not the event of an API Gateway authorizer')
}

/** The ARN may name the route's pattern: what was asked for is beside it. */
function readHttpEvent(values: Values): AuthorizerQuestion {
  const { stageArn } = readArn(values.routeArn)
  const { stage, http } = asValues(values.requestContext)
  const inStage = stage === '$default' ? '' : `/${String(stage)}`
  const rawPath = String(values.rawPath)
  const path = rawPath.startsWith(`${inStage}/`) ? rawPath.slice(inStage.length) : rawPath
  const method = String(asValues(http).method)
  return { kind: 'http', stageArn, method, path, authorization: authorizationIn(values) }
}

function readArn(arn: unknown) {
  const [, stageArn, method, path] =
    /^(arn:[^:/]+:execute-api:[^:/]*:[^:/]*:[^:/]+\/[^/]+)\/([^/]+)(\/.*)?$/.exec(String(arn)) ?? []
  if (stageArn === undefined || method === undefined) {
    throw new TypeError('the event of an authorizer without the ARN of a method')
  }
  return { stageArn, method, path: path ?? '/' }
}

/** With several headers of the name REST APIs tell all of them in `multiValueHeaders` alone. */
function authorizationIn({ headers, multiValueHeaders }: Values): string[] {
  const several = headerNamed('authorization', asValues(multiValueHeaders))
  return several.length > 0 ? several : headerNamed('authorization', asValues(headers))
}

function headerNamed(name: string, headers: Values): string[] {
  return texts(
    Object.entries(headers).flatMap(([key, value]) => (key.toLowerCase() === name ? value : [])),
  )
}

function texts(values: unknown[]): string[] {
  return values.filter((value) => typeof value === 'string')
}

function asValues(value: unknown): Values {
  return { ...Object(value) }
}

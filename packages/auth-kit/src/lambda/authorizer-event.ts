/** What an authorizer is asked, independent of the event format. */
export type AuthorizerQuestion = {
  kind: 'rest' | 'http'
  /** The values of the request's `Authorization` headers. */
  authorization: string[]
  /** `arn:aws:execute-api:<region>:<account>:<api>/<stage>`, the prefix of all routes. */
  stageArn: string
  method: string
  path: string
}

type Values = Record<string, unknown>

/**
 * Reads the event of a REST API (TOKEN and REQUEST) or of an HTTP API (payload format 2.0; format 1.0
 * equals REQUEST).
 *
 * @throws TypeError for any other event, if the function is attached to something else
 */
export function readAuthorizerEvent(event: unknown): AuthorizerQuestion {
  const values = asValues(event)
  if (values.version === '2.0') return readHttpEvent(values)
  const { type, methodArn, authorizationToken } = values
  if (type === 'TOKEN') {
    return { kind: 'rest', ...readArn(methodArn), authorization: strings([authorizationToken]) }
  }
  if (type === 'REQUEST') {
    return { kind: 'rest', ...readArn(methodArn), authorization: authorizationIn(values) }
  }
  throw new TypeError('not the event of an API Gateway authorizer')
}

/** Reads method and path beside the ARN, which may contain the pattern of the route. */
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
    throw new TypeError('the authorizer event has no method ARN')
  }
  return { stageArn, method, path: path ?? '/' }
}

/** A REST API lists repeated headers in `multiValueHeaders` only. */
function authorizationIn({ headers, multiValueHeaders }: Values): string[] {
  const several = headerNamed('authorization', asValues(multiValueHeaders))
  return several.length > 0 ? several : headerNamed('authorization', asValues(headers))
}

function headerNamed(name: string, headers: Values): string[] {
  return strings(
    Object.entries(headers).flatMap(([key, value]) => (key.toLowerCase() === name ? value : [])),
  )
}

function strings(values: unknown[]): string[] {
  return values.filter((value) => typeof value === 'string')
}

function asValues(value: unknown): Values {
  return { ...Object(value) }
}

/** For tests: events that API Gateway sends to an authorizer, shortened to the relevant fields. */

const API = 'arn:aws:execute-api:eu-central-1:123456789012:a1b2c3d4e5'

export type Asked = { token?: string | undefined; method?: string; path?: string }

/** A REST API with an authorizer of type TOKEN. */
export function restTokenEvent({ token, method = 'GET', path = '/orders' }: Asked) {
  return {
    type: 'TOKEN',
    authorizationToken: token === undefined ? '' : `Bearer ${token}`,
    methodArn: `${API}/prod/${method}${path}`,
  }
}

/** A REST API with an authorizer of type REQUEST. Header names are spelled as the client sent them. */
export function restRequestEvent({ token, method = 'GET', path = '/orders' }: Asked) {
  const authorization = token === undefined ? [] : [`Bearer ${token}`]
  const [first] = authorization
  return {
    type: 'REQUEST',
    methodArn: `${API}/prod/${method}${path}`,
    resource: '/{proxy+}',
    path,
    httpMethod: method,
    headers: { Accept: '*/*', ...(first ? { Authorization: first } : {}) },
    multiValueHeaders: { Accept: ['*/*'], ...(first ? { Authorization: authorization } : {}) },
    queryStringParameters: null,
    pathParameters: { proxy: path.slice(1) },
    stageVariables: null,
    requestContext: {
      stage: 'prod',
      httpMethod: method,
      apiId: 'a1b2c3d4e5',
      path: `/prod${path}`,
    },
  }
}

/** An HTTP API with payload format 2.0, the same for simple and IAM answers. */
export function httpEvent({
  token,
  method = 'GET',
  path = '/orders',
  stage = '$default',
}: Asked & { stage?: string }) {
  const rawPath = stage === '$default' ? path : `/${stage}${path}`
  const authorization = token === undefined ? undefined : `Bearer ${token}`
  return {
    version: '2.0',
    type: 'REQUEST',
    routeArn: `${API}/${stage}/${method}${path}`,
    identitySource: authorization === undefined ? null : [authorization],
    routeKey: `${method} /{proxy+}`,
    rawPath,
    rawQueryString: '',
    headers: { accept: '*/*', ...(authorization === undefined ? {} : { authorization }) },
    requestContext: { apiId: 'a1b2c3d4e5', stage, http: { method, path: rawPath } },
  }
}

/** Every kind of event that is answered with a policy. */
export const kinds = [
  { kind: 'REST API, TOKEN', event: restTokenEvent, stage: 'prod' },
  { kind: 'REST API, REQUEST', event: restRequestEvent, stage: 'prod' },
  { kind: 'HTTP API, IAM answers', event: httpEvent, stage: '$default' },
] as const

export const arnOf = (method: string, path: string, stage = 'prod') =>
  `${API}/${stage}/${method}${path}`

type Policy = {
  policyDocument: {
    Statement: {
      Effect: string
      Resource: string[]
      Condition?: { DateLessThan: { 'aws:CurrentTime': string } }
    }[]
  }
}

/** Evaluates a policy as IAM does: a denial wins, and anything that no statement allows is denied. */
export function isAllowed({ policyDocument }: Policy, arn: string, at = new Date()): boolean {
  const effects = policyDocument.Statement.filter(({ Resource, Condition }) => {
    const until = Condition?.DateLessThan['aws:CurrentTime']
    const isNow = until === undefined || at < new Date(until)
    return isNow && Resource.some((pattern) => likeIam(pattern).test(arn))
  }).map(({ Effect }) => Effect)
  return effects.includes('Allow') && !effects.includes('Deny')
}

function likeIam(pattern: string): RegExp {
  const escaped = pattern.replaceAll(/[\\^$.|+()[\]{}]/g, String.raw`\$&`)
  return new RegExp(`^${escaped.replaceAll('*', '.*').replaceAll('?', '.')}$`, 's')
}

// What a token may call, as the policy that API Gateway wants; pure.
//
// API Gateway remembers the policy for all methods of the stage, so it names every route that the
// token's scopes open, and not only the one that is being called.

const METHOD_ARN = /^(arn:[a-z-]+:execute-api:[a-z0-9-]+:\d{12}:[A-Za-z0-9]+)\/([\w-]+)\//
const MAX_CONTEXT_CHARACTERS = 1024
const PASSED_ON = ['sub', 'iss', 'scope', 'client_id', 'azp', 'jti', 'iat', 'exp']

/** Return the answer for a token; `routes` are `{pattern, scopes}`, all of which are needed. */
export function policyOf(routes, methodArn, claims) {
  const found = METHOD_ARN.exec(methodArn)
  if (found === null) throw new Error('methodArn is not that of a method')
  const stage = `${found[1]}/${found[2]}`
  const scopes = scopesOf(claims)
  const open = routes.filter((route) => route.scopes.every((each) => scopes.has(each)))
  return {
    principalId: claims.sub,
    policyDocument: { Version: '2012-10-17', Statement: [statementOf(stage, open)] },
    context: contextOf(claims, scopes),
  }
}

function statementOf(stage, open) {
  const Action = 'execute-api:Invoke'
  if (open.length === 0) return { Effect: 'Deny', Action, Resource: [`${stage}/*`] }
  return { Effect: 'Allow', Action, Resource: open.map((route) => `${stage}/${route.pattern}`) }
}

/** Scopes are one text (RFC 8693, "scope"), or in `scp`, where some issuers write a list. */
function scopesOf(claims) {
  const said = claims.scope ?? claims.scp
  const list = typeof said === 'string' ? said.split(' ') : Array.isArray(said) ? said : []
  return new Set(list.filter((each) => typeof each === 'string' && each !== ''))
}

/** Backends get texts alone: API Gateway refuses lists and objects here. */
function contextOf(claims, scopes) {
  const said = { ...claims, scope: [...scopes].join(' ') }
  const given = PASSED_ON.filter((name) => ['string', 'number'].includes(typeof said[name]))
  const texts = given.map((name) => [name, String(said[name])])
  return Object.fromEntries(texts.filter(([, text]) => text.length <= MAX_CONTEXT_CHARACTERS))
}

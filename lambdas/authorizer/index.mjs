// The Lambda function behind `auth: jwt`: says what a token may call, or refuses it.
//
// API Gateway developer guide, "Use API Gateway Lambda authorizers": an error whose text is exactly
// `Unauthorized` becomes a 401, every other one a 500, and what the policy does not allow a 403.

import { readFileSync } from 'node:fs'

import { keysOf } from './keys.mjs'
import { policyOf } from './policy.mjs'
import { Refused, verifierOf } from './token.mjs'

const settings = JSON.parse(readFileSync(new URL('./settings.json', import.meta.url), 'utf8'))
const verified = verifierOf(settings, keysOf(settings.jwks))

export async function handler(event) {
  const claims = await claimsOf(event)
  return policyOf(settings.routes, event.methodArn, claims)
}

async function claimsOf(event) {
  try {
    return await verified(event.authorizationToken)
  } catch (error) {
    if (!(error instanceof Refused)) throw new Error(`the issuer's keys: ${error.message}`)
    // The reason helps whoever runs the API; the token and its claims stay out of the log.
    console.log(JSON.stringify({ refused: error.message }))
    throw new Error('Unauthorized')
  }
}

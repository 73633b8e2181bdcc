// Verifies an access token: signature, issuer, audience and time, as RFC 8725 and RFC 9068 ask for.

import { decodeProtectedHeader, errors, jwtVerify } from 'jose'

// API Gateway takes 10,240 bytes of headers in all.
const MAX_TOKEN_CHARACTERS = 8192
const BEARER = /^Bearer ([-\w]+\.[-\w]+\.[-\w]+)$/
const MAX_NAME_CHARACTERS = 256
// A token of another type was signed for another purpose (RFC 8725, "Use Explicit Typing").
const TYPES = new Set(['jwt', 'at+jwt', 'application/at+jwt'])
// What the issuer's answer is to blame for, and no token.
const OF_ISSUER = new Set(['ERR_JOSE_GENERIC', 'ERR_JWKS_INVALID', 'ERR_JWKS_TIMEOUT'])

/** The token is not accepted; the message is a reason without anything of the token in it. */
export class Refused extends Error {}

/** Return what verifies `Bearer <token>` and returns the claims; `keys` finds an issuer's key. */
export function verifierOf(settings, keys) {
  const wanted = {
    algorithms: settings.algorithms,
    issuer: settings.issuer,
    audience: settings.audience,
    clockTolerance: settings.leeway,
    requiredClaims: ['iss', 'aud', 'exp', 'sub'],
  }
  return async (header) => {
    const token = tokenOf(header)
    requireHeader(token, settings.algorithms)
    const claims = await verifiedClaims(token, keys, wanted)
    requireSubject(claims)
    requireStart(claims, settings.leeway)
    return claims
  }
}

function tokenOf(header) {
  if (typeof header !== 'string' || header.length > MAX_TOKEN_CHARACTERS + 'Bearer '.length) {
    throw new Refused('no token, or one that is too long')
  }
  const found = BEARER.exec(header)
  if (found === null || found[0].length !== header.length) throw new Refused('not Bearer <JWT>')
  return found[1]
}

function requireHeader(token, algorithms) {
  const header = protectedHeader(token)
  if (!algorithms.includes(header.alg)) throw new Refused('alg')
  if (!isName(header.kid)) throw new Refused('kid')
  if (header.typ !== undefined && !TYPES.has(String(header.typ).toLowerCase())) {
    throw new Refused('typ')
  }
}

function protectedHeader(token) {
  try {
    return decodeProtectedHeader(token)
  } catch {
    throw new Refused('the header is not JSON')
  }
}

async function verifiedClaims(token, keys, wanted) {
  try {
    return (await jwtVerify(token, keys, wanted)).payload
  } catch (error) {
    if (!(error instanceof errors.JOSEError) || OF_ISSUER.has(error.code)) throw error
    throw new Refused([error.code, error.claim].filter(Boolean).join(' '))
  }
}

function requireSubject(claims) {
  if (!isName(claims.sub)) throw new Refused('sub')
}

/** Require that the token says from when it counts: `nbf`, or where the issuer sends none, `iat`. */
function requireStart(claims, leeway) {
  const latest = Math.floor(Date.now() / 1000) + leeway
  const given = [claims.nbf, claims.iat].filter((each) => each !== undefined)
  if (given.length === 0) throw new Refused('neither nbf nor iat')
  if (given.some((each) => typeof each !== 'number' || each > latest)) throw new Refused('iat')
}

function isName(value) {
  return (
    typeof value === 'string' &&
    value.length > 0 &&
    value.length <= MAX_NAME_CHARACTERS &&
    !/[\x00-\x1f\x7f]/.test(value)
  )
}

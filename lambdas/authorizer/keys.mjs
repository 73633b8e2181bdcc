// Fetches an issuer's public keys: from one address, seldom, and not more than fits.

import { createRemoteJWKSet, customFetch } from 'jose'

// What HTTP APIs' own JWT authorizers take (API Gateway developer guide, quotas of HTTP APIs).
const MAX_BYTES = 150_000
const TIMEOUT_MILLISECONDS = 3_000
// A key that is not known makes us ask again, yet not more often than this.
const MILLISECONDS_BETWEEN_REFRESHES = 30_000
const MILLISECONDS_AFTER_FAILURE = 5_000
const MAX_AGE_MILLISECONDS = 600_000
// RFC 7518, "Digital Signature with RSASSA-PKCS1-v1_5": 2048 bits or larger.
const MIN_MODULUS_BYTES = 256
const LOOPBACK = new Set(['127.0.0.1', 'localhost', '[::1]'])

/** Return what finds the key for a token's header. */
export function keysOf(address) {
  const url = new URL(address)
  if (url.protocol !== 'https:' && !LOOPBACK.has(url.hostname)) {
    throw new Error('an issuer publishes its keys by https')
  }
  return createRemoteJWKSet(url, {
    [customFetch]: afterFailures(fetchKeys),
    cacheMaxAge: MAX_AGE_MILLISECONDS,
    cooldownDuration: MILLISECONDS_BETWEEN_REFRESHES,
    timeoutDuration: TIMEOUT_MILLISECONDS,
  })
}

/** Return the same, but not called again soon after it failed. */
function afterFailures(call) {
  let failed = -Infinity
  return async (...given) => {
    if (Date.now() < failed + MILLISECONDS_AFTER_FAILURE) throw new Error('they failed just now')
    try {
      return await call(...given)
    } catch (error) {
      failed = Date.now()
      throw error
    }
  }
}

/** Redirects are not followed: jose asks for none, and takes 200 alone. */
async function fetchKeys(url, options) {
  const response = await fetch(url, options)
  if (response.status !== 200) throw new Error(`the answer is ${response.status}`)
  const found = JSON.parse(await limitedText(response))
  const keys = Array.isArray(found?.keys) ? found.keys.filter(isUsable) : []
  return { status: 200, json: async () => ({ keys }) }
}

async function limitedText(response) {
  const chunks = []
  let size = 0
  for await (const chunk of response.body ?? []) {
    size += chunk.length
    if (size > MAX_BYTES) throw new Error(`the answer has more than ${MAX_BYTES} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

/** Tell whether a key is public, for signatures, and strong enough. */
function isUsable(key) {
  if (typeof key?.kid !== 'string' || key.use !== 'sig' || 'd' in key) return false
  if (key.kty === 'EC') return true
  return key.kty === 'RSA' && typeof key.n === 'string' && modulusBytes(key.n) >= MIN_MODULUS_BYTES
}

function modulusBytes(text) {
  const bytes = Buffer.from(text, 'base64url')
  const first = bytes.findIndex((each) => each !== 0)
  return first < 0 ? 0 : bytes.length - first
}

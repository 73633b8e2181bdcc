// Calls the API from this origin: signed where somebody is signed in, as it is where nobody is.

import { AwsClient } from "/vendor/aws4fetch.js";

/**
 * Send a request, and return {status, body, reason}. Status 0: the browser shows no answer.
 * `path` begins with a slash; `body` is sent as JSON.
 */
export async function call({ base, region, session }, method, path, body) {
  const headers = body === undefined ? {} : { "Content-Type": "application/json" };
  const text = body === undefined ? undefined : JSON.stringify(body);
  try {
    const request = new Request(base + path, { method, headers, body: text });
    const signed = session ? await signer(session, region).sign(request) : request;
    return await read(await fetch(signed, { credentials: "omit" }));
  } catch {
    return { status: 0, body: null, reason: "No answer that this page may read." };
  }
}

function signer(session, region) {
  return new AwsClient({
    accessKeyId: session.access_key,
    secretAccessKey: session.secret_key,
    sessionToken: session.token,
    service: "execute-api",
    region,
    retries: 0,
  });
}

async function read(response) {
  const text = await response.text();
  let body = null;
  try {
    body = JSON.parse(text);
  } catch {
    // Not JSON: shown as it is.
  }
  const reason = response.ok ? "" : (body?.message ?? body?.Message ?? text);
  return { status: response.status, body, reason };
}

/** Return what a refusal means for whoever sits here. */
export function explain({ status, reason }, session, stage) {
  if (status === 0) return "The browser got no answer that this page may read.";
  if (/expired/i.test(reason)) return "Your credentials have expired: sign in again.";
  if (reason === "Missing Authentication Token") return "This asks for a signature: sign in first.";
  if (/not authorized/i.test(reason)) return `The role ${session?.role ?? "—"} may not do this on ${stage}.`;
  if (status === 403) return "The API does not accept the signature.";
  return reason || `The API answers ${status}.`;
}

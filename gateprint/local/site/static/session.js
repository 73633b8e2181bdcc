// The credentials and the RelayState of this tab: in sessionStorage, which no other site, no other
// port and no other tab can read, and which ends with the tab.

const SESSION = "session";
const RELAY_STATE = "relay-state";

/** Remember a new RelayState, which only this tab knows, and return it. */
export function makeRelayState() {
  const made = crypto.randomUUID();
  sessionStorage.setItem(RELAY_STATE, made);
  return made;
}

/** Tell whether this is the RelayState that this tab made; it is good for one answer. */
export function takeRelayState(value) {
  const made = sessionStorage.getItem(RELAY_STATE);
  sessionStorage.removeItem(RELAY_STATE);
  return made !== null && made === value;
}

export function saveSession(session) {
  sessionStorage.setItem(SESSION, JSON.stringify(session));
}

export function forgetSession() {
  sessionStorage.removeItem(SESSION);
}

/** Return the session, or null where nobody has signed in. */
export function loadSession() {
  return JSON.parse(sessionStorage.getItem(SESSION));
}

/** Return how many seconds are left; none or less where the session has expired. */
export function secondsLeft(session, now = Date.now()) {
  return Math.floor((Date.parse(session.expires) - now) / 1000);
}

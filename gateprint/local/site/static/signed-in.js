// Takes the credentials out of the answer, if this tab asked for them.

import { saveSession, takeRelayState } from "./session.js";

const { session, relayState } = JSON.parse(document.getElementById("handover").textContent);
document.getElementById("handover").remove();
if (takeRelayState(relayState)) {
  saveSession(session);
  location.replace("/");
} else {
  document.getElementById("told").textContent =
    "Nobody in this tab asked to sign in, so the credentials were thrown away.";
}

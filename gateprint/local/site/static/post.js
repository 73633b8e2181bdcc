// Submits the form that carries the signed response, as an identity provider's page does.

// Whoever goes back later gets the pets page, not the question whether to sign in once more.
history.replaceState(null, "", "/");
document.getElementById("post").requestSubmit();

// The pets page: lists pets, shows who is signed in, adds a pet and shows one.

import { call, explain } from "./api.js";
import { forgetSession, loadSession, makeRelayState, secondsLeft } from "./session.js";

const STAGE = "stage";
const MOST_ENTRIES = 30;
const SOON_SECONDS = 120;
const at = (id) => document.getElementById(id);

const price = new Intl.NumberFormat("en-US", { style: "currency", currency: "USD" });
const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", second: "2-digit" });
let cloud = { region: "", apis: [] };

/** Make an element; children are elements or text, never markup. */
function made(tag, properties = {}, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

function place() {
  return { base: at("stage").value, region: cloud.region, session: loadSession() };
}

async function ask(method, path, body, signed = true) {
  const where = place();
  const session = signed ? where.session : null;
  const answer = await call({ ...where, session }, method, path, body);
  note(`${method} ${path}`, answer, session);
  return answer;
}

function note(request, answer, session) {
  const isRight = answer.status >= 200 && answer.status < 300;
  const status = answer.status || "no answer";
  const who = session ? `${session.role}, signed` : "unsigned";
  const entry = made("li", { className: isRight ? "right" : "wrong" },
    made("div", { className: "row" },
      made("code", {}, request),
      made("span", { className: "chip" }, `${status}`)),
    made("p", { className: "hint" }, `${clock.format(new Date())} · ${stageName()} · ${who}`));
  if (!isRight) {
    entry.append(made("p", {}, explain(answer, session, stageName())));
    entry.append(made("p", { className: "hint reason" }, answer.reason));
  }
  at("requests").prepend(entry);
  while (at("requests").children.length > MOST_ENTRIES) at("requests").lastChild.remove();
}

function stageName() {
  return at("stage").selectedOptions[0]?.textContent ?? "";
}

async function showPets() {
  if (!at("stage").value) return;
  const answer = await ask("GET", "/pets", undefined, false);
  if (Array.isArray(answer.body)) drawPets(answer.body);
  say(Array.isArray(answer.body) ? "" : explain(answer, null, stageName()));
}

function say(text) {
  at("nothing").textContent = text;
  at("nothing").hidden = !text;
}

function drawPets(pets) {
  at("list").replaceChildren(...pets.map(card));
}

function card(pet) {
  const id = `pet-${pet.id}`;
  const details = made("p", { id, className: "details" });
  details.setAttribute("role", "status");
  const button = made("button", { className: "button quiet", type: "button" },
    "Details", made("span", { className: "unseen" }, ` of ${pet.type}, number ${pet.id}`));
  button.addEventListener("click", () => showDetails(pet.id, details));
  return made("li", { className: "card" },
    made("h3", {}, pet.type),
    made("p", { className: "price" }, price.format(pet.price)),
    button, details);
}

async function showDetails(id, details) {
  details.textContent = "Asking…";
  const answer = await ask("GET", `/pets/${id}`);
  const isRight = answer.status === 200;
  details.classList.toggle("bad", !isRight);
  details.textContent = isRight
    ? `Number ${answer.body.id}: a ${answer.body.type} for ${price.format(answer.body.price)}`
    : explain(answer, loadSession(), stageName());
}

async function addPet(event) {
  event.preventDefault();
  const form = event.target;
  const fields = new FormData(form);
  const button = form.querySelector("button");
  button.disabled = true;
  const pet = { type: fields.get("type"), price: Number(fields.get("price")) };
  const answer = await ask("POST", "/pets", pet);
  button.disabled = false;
  const isRight = answer.status === 200 && Array.isArray(answer.body);
  tell(form, isRight ? `The ${pet.type} is for sale.` : explain(answer, loadSession(), stageName()), isRight);
  if (!isRight) return;
  form.reset();
  drawPets(answer.body);
}

function tell(form, text, isRight) {
  const told = form.querySelector(".told") ?? made("p", { className: "told" });
  told.setAttribute("role", "status");
  told.classList.toggle("bad", !isRight);
  form.append(told);
  told.textContent = text;
}

function showPerson() {
  const session = loadSession();
  at("visitor").hidden = session !== null;
  at("person").hidden = session === null;
  if (session === null) return;
  at("name").textContent = session.name;
  at("role").textContent = session.role;
  at("key").textContent = session.access_key;
  at("expires").dateTime = session.expires;
  at("expires").textContent = clock.format(new Date(session.expires));
  showTimeLeft();
}

function showTimeLeft() {
  const session = loadSession();
  if (session === null) return;
  const left = secondsLeft(session);
  at("left").textContent = left > 0 ? `in ${inWords(left)}` : "expired";
  at("left").classList.toggle("bad", left <= SOON_SECONDS);
}

function inWords(seconds) {
  const padded = String(seconds % 60).padStart(2, "0");
  return `${Math.floor(seconds / 60)}:${padded}`;
}

function signIn() {
  location.assign(`/sign-in?RelayState=${encodeURIComponent(makeRelayState())}`);
}

function signOut() {
  forgetSession();
  showPerson();
  at("sign-in").focus();
}

async function findApi() {
  const answer = await fetch("/cloud.json");
  if (!answer.ok) return say("The embedded cloud does not answer.");
  cloud = await answer.json();
  const [api] = cloud.apis;
  if (!api) return say("No API with pets is deployed yet: run make demo, then look again.");
  drawStages(api.stages);
  return undefined;
}

function drawStages(stages) {
  const names = Object.keys(stages);
  const kept = sessionStorage.getItem(STAGE);
  const options = names.map((name) => made("option", { value: stages[name] }, name));
  at("stage").replaceChildren(...options);
  at("stage").selectedIndex = Math.max(0, names.indexOf(kept));
  at("place").hidden = false;
}

async function lookAgain() {
  say("");
  await findApi();
  await showPets();
}

at("sign-in").addEventListener("click", signIn);
at("sign-out").addEventListener("click", signOut);
at("again").addEventListener("click", lookAgain);
at("new").addEventListener("submit", addPet);
at("stage").addEventListener("change", () => {
  sessionStorage.setItem(STAGE, stageName());
  showPets();
});
showPerson();
setInterval(showTimeLeft, 1000);
await lookAgain();
document.documentElement.dataset.ready = "true";

// Cards in a sitting (/herhalen) and in a lesson, without a new page for every answer.
//
// Everything here also works as plain forms and links. The script adds keys, an answer that survives a
// lost connection, and a page that stays where it is. An answer is put in the outbox first, and leaves it
// when the server has said that it is on disk.

import { Outbox } from "./outbox.js";
import { Pack } from "./pack.js";

const PATIENCE = 10_000; // milliseconds before a connection counts as lost
const FIRST_RETRY = 2_000;
const SLOWEST_RETRY = 300_000;
const LONGEST_LOOK = 600_000; // a card that lay open for longer was not being read
const KEYS_OFF = "haven/toetsen";
const TOLD = "haven/verteld"; // a notice that outlives a new page

const session = document.getElementById("sessie");
const notices = document.getElementById("meldingen");
const spoken = document.getElementById("gezegd");

let learner = notices.dataset.learner;
let outbox = learner ? new Outbox(learner, csrfToken) : null;
// The clock of a phone may be wrong; the server's is what counts.
const ahead = Date.parse(notices.dataset.now) - Date.now();
let shownAt = performance.now();
let retryAfter = FIRST_RETRY;
let retryTimer;

const pack = new Pack();
const given = new Map(); // what was answered on this page, by id
let blank; // the card as the server made it, to be filled without a connection

begin();

async function begin() {
  document.addEventListener("submit", onSubmit);
  document.addEventListener("click", onClick);
  document.addEventListener("toggle", onToggle, true);
  addEventListener("online", sendSoon);
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && sendSoon());
  navigator.serviceWorker?.register("/service-worker.js").catch(() => {});
  // An answer that was shown before this script was there.
  for (const block of document.querySelectorAll("details.antwoordblok[open]")) {
    markChoice(block);
  }
  if (session) {
    document.addEventListener("keydown", onKey);
    beginSitting();
  }
  notice(sessionStorage.getItem(TOLD));
  sessionStorage.removeItem(TOLD);
  const told = await sendWaiting();
  if (told.accepted && !document.querySelector("article.les")) {
    // What the page says was true before the answers of last time arrived.
    sessionStorage.setItem(TOLD, told.refused ? "refused" : "sent");
    location.reload();
  }
}

function beginSitting() {
  const keys = document.querySelector(".toetsen");
  const on = document.getElementById("toetsen-aan");
  keys.hidden = false;
  on.checked = localStorage.getItem(KEYS_OFF) === null;
  on.addEventListener("change", () => (on.checked ? localStorage.removeItem(KEYS_OFF) : localStorage.setItem(KEYS_OFF, "uit")));
  settle();
}

// Answers

function onSubmit(event) {
  const form = event.target;
  if (form.matches("form.beoordeling")) {
    event.preventDefault();
    answer(form, event.submitter?.value);
  } else if (form.matches("form.ongedaan")) {
    event.preventDefault();
    step(form, event.submitter);
  }
}

// One form carries the sitting, and its buttons say what is to be done.
function step(form, button) {
  if (button?.matches(".opnieuw")) {
    redo(form, button);
  } else if (button?.hasAttribute("formaction")) {
    putAway(form, button);
  } else {
    undo(form);
  }
}

async function answer(form, grade) {
  if (!grade || !setBusy(form)) {
    return;
  }
  const review = reviewIn(form, grade);
  const isWaiting = outbox !== null && !outbox.isEmpty;
  const isKept = outbox?.putReview(review) ?? false;
  given.set(review.id, review);
  // What waits goes first, and nobody should have to sit through a dead connection twice.
  const told = isWaiting && isKept ? { isLost: true } : await fragment("/herhalen", fieldsOf(form, review));
  if (told.html) {
    outbox?.removeReview(review.id);
    pack.answered(review.card, grade);
    replace(form, told.html);
    sendWaiting();
  } else if (!isKept) {
    form.removeAttribute("aria-busy");
    notice("not_saved");
  } else {
    pack.answered(review.card, grade);
    goOn(form, review, told.isLost ? { reason: "offline" } : await sendWaiting());
  }
}

// The answer is kept here; `told` says why no page came back. A refused answer is not kept for ever.
function goOn(form, review, told) {
  if (told.reason === "offline") {
    notice("offline", "sent");
    sendWaiting();
  }
  if (!session) {
    form.replaceWith(copyOf(told.reason ?? (told.refused ? "refused" : "sent")));
  } else if (told.reason) {
    showFromPack(after(sittingIn(form), review));
  } else {
    refresh(after(sittingIn(form), review));
  }
}

function fieldsOf(form, review) {
  const fields = new URLSearchParams(new FormData(form));
  for (const name of ["grade", "reviewed_at", "duration_ms"]) {
    fields.set(name, review[name]);
  }
  return fields;
}

function reviewIn(form, grade) {
  const why = grade === "again" ? (form.elements.why_missed.value || null) : null;
  return {
    id: form.elements.id.value,
    card: form.elements.card.value,
    grade,
    reviewed_at: new Date(Date.now() + ahead).toISOString(),
    // In a lesson nobody knows when somebody began to think about a card.
    duration_ms: session ? Math.round(Math.min(performance.now() - shownAt, LONGEST_LOOK)) : 0,
    why_missed: why,
  };
}

async function undo(form) {
  const id = form.elements.id.value;
  if (!id || !setBusy(form)) {
    return;
  }
  const isSent = !outbox.reviewOf(id);
  const { html } = isSent ? await fragment("/herhalen/ongedaan", new URLSearchParams(new FormData(form))) : {};
  if (html) {
    pack.restored(given.get(id)?.card);
    replace(form, html);
    return;
  }
  form.removeAttribute("aria-busy");
  const review = given.get(id);
  if (!session || !review?.grade || !pack.of(review.card)) {
    notice("no_undo");
    return;
  }
  // It may have arrived although we never heard so; then it is taken back there as well.
  outbox.removeReview(id);
  outbox.putUndo(id);
  pack.restored(review.card);
  showFromPack(without(sittingIn(form), review), review.card);
  sendWaiting();
}

// Put a card aside, or bury it until tomorrow: the server's work, which waits for a connection.
async function putAway(form, button) {
  if (!setBusy(form)) {
    return;
  }
  const { html } = await fragment(button.formAction, new URLSearchParams(new FormData(form)));
  form.removeAttribute("aria-busy");
  if (!html) {
    notice("not_now");
    return;
  }
  const card = new URL(button.formAction).pathname.split("/")[2];
  pack.putAway(card);
  replace(form, html);
  given.set(lastStep(), { card });
}

// Do again what was taken back; it gets an id of its own.
async function redo(form, button) {
  if (!setBusy(form)) {
    return;
  }
  const step = given.get(button.value);
  const fields = new URLSearchParams(new FormData(form));
  fields.set(button.name, button.value);
  const { html } = await fragment(button.formAction, fields);
  form.removeAttribute("aria-busy");
  if (!html) {
    notice("not_now");
    return;
  }
  if (step?.grade) {
    pack.answered(step.card, step.grade);
  } else if (step) {
    pack.putAway(step.card);
  }
  replace(form, html);
  given.set(lastStep(), step ?? {});
}

function lastStep() {
  return session.querySelector("form.ongedaan").elements.id.value;
}

function onClick(event) {
  const skip = event.target.closest?.("a.overslaan");
  if (skip && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
    event.preventDefault();
    skipCard(skip);
  }
  // A page beside the sitting leads back to where it was.
  const aside = session && event.target.closest?.("a.met-zitting");
  if (aside) {
    aside.search = session.querySelector(".beurt").dataset.address.split("?")[1];
  }
}

async function skipCard(link) {
  const form = session.querySelector("form.beoordeling");
  const { html } = await fragment(link.href);
  pack.skipped(form.elements.card.value);
  if (html) {
    replace(form, html);
  } else {
    showFromPack(skipping(sittingIn(form), form.elements.card.value));
    notice("offline");
  }
}

// Where the sitting is. The rules are those of `Sitting` in app/learning/queue.py.

function sittingIn(form) {
  const list = (name) => form.elements[name].value.split(",").filter(Boolean);
  return {
    left: Number(form.elements.left.value),
    skipped: list("skipped"),
    given: list("given"),
    undone: list("undone"),
  };
}

function after(sitting, review) {
  const done = review.grade === "again" ? 0 : 1;
  return { ...sitting, left: Math.max(0, sitting.left - done), given: [...sitting.given, review.id], undone: [] };
}

function without(sitting, review) {
  const done = review.grade === "again" ? 0 : 1;
  // What never reached the server cannot be done again there.
  return { ...sitting, left: sitting.left + done, given: sitting.given.filter((id) => id !== review.id), undone: [] };
}

function skipping(sitting, card) {
  return { ...sitting, left: Math.max(0, sitting.left - 1), skipped: [...sitting.skipped, card] };
}

function addressOf({ left, skipped, given, undone }) {
  const parts = { kaarten: left, over: skipped.join(","), laatste: given.join(","), ongedaan: undone.join(",") };
  return `/herhalen?${new URLSearchParams(parts)}`;
}

// Showing

// The next card or the end of the sitting; in a lesson the card in its place.
function replace(form, html) {
  notice(null, "sent", "not_saved", "no_undo", "not_now");
  if (session) {
    session.innerHTML = html;
    arrive();
    say(session.querySelector("[data-announce]"));
    return;
  }
  const place = form.closest(".kaart");
  const made = document.createRange().createContextualFragment(html).querySelector(".kaart");
  place.replaceWith(made);
  adoptLearner(made);
  made.focus();
  say(made.querySelector("[data-announce]"));
}

// A visitor became somebody with the first answer: the other forms on the page are theirs as well.
function adoptLearner(made) {
  for (const name of ["csrf_token", "learner"]) {
    const value = made.querySelector(`[name="${name}"]`).value;
    for (const field of document.querySelectorAll(`input[name="${name}"]`)) {
      field.value = value;
    }
  }
  const id = made.querySelector('[name="learner"]').value;
  if (id !== learner) {
    learner = id;
    outbox = new Outbox(learner, csrfToken);
  }
}

// Every card begins in the same place, so that a thumb finds its buttons.
function arrive() {
  settle();
  scrollTo({ top: 0, behavior: "instant" });
  session.querySelector(".voorkant, .klaar").focus({ preventScroll: true });
}

// The address says where we are, so that a reload or the way back finds the same card.
function settle() {
  const turn = session.querySelector(".beurt");
  history.replaceState(null, "", turn.dataset.address);
  shownAt = performance.now();
  if (!blank && turn.querySelector("form.beoordeling")) {
    blank = turn.cloneNode(true);
    pack.fill().catch(() => {});
  }
}

async function refresh(sitting) {
  const { html } = await fragment(addressOf(sitting));
  if (html) {
    replace(null, html);
  } else {
    showFromPack(sitting);
  }
}

function showFromPack(sitting, wanted) {
  const item = wanted ? pack.of(wanted) : pack.next(sitting.left, sitting.skipped);
  const turn = blank.cloneNode(true);
  turn.dataset.address = addressOf(sitting);
  turn.querySelector(".bewaard")?.remove();
  for (const form of turn.querySelectorAll("form")) {
    form.elements.left.value = sitting.left;
    form.elements.skipped.value = sitting.skipped.join(",");
    form.elements.given.value = sitting.given.join(",");
    form.elements.undone.value = sitting.undone.join(",");
  }
  turn.querySelector("button.opnieuw")?.remove();
  const back = turn.querySelector("form.ongedaan");
  back.elements.id.value = sitting.given.at(-1) ?? "";
  back.hidden = sitting.given.length === 0;
  if (item) {
    fillIn(turn, item, sitting);
  } else {
    const end = document.getElementById("klaar-zonder-verbinding").content.cloneNode(true);
    for (const part of turn.querySelectorAll(".voortgang-sessie, .bij-kaart, .meer")) {
      part.remove();
    }
    turn.querySelector(".kaart").replaceWith(end);
  }
  session.replaceChildren(turn);
  arrive();
}

function fillIn(turn, item, sitting) {
  const form = turn.querySelector("form.beoordeling");
  form.elements.id.value = newId();
  form.elements.card.value = item.card;
  turn.querySelector(".kaart").dataset.card = item.card;
  turn.querySelector(".aantal").textContent = sitting.left;
  turn.querySelector(".voorkant").innerHTML = item.front;
  turn.querySelector(".achterkant").innerHTML = item.back;
  turn.querySelector(".bron-van-kaart").href = item.source;
  turn.querySelector(".overslaan").href = addressOf(skipping(sitting, item.card));
  aim(turn.querySelector(".meer"), item.card);
  for (const button of turn.querySelectorAll(".oordelen button")) {
    const time = button.querySelector("time");
    time.dateTime = item.returns[button.value];
    time.textContent = item.when[button.value];
  }
}

// The menu of one card becomes that of another; why it is asked now only the server knows.
function aim(menu, card) {
  menu.open = false;
  menu.querySelector(".waarom-nu").hidden = true;
  for (const name of ["href", "formaction"]) {
    for (const part of menu.querySelectorAll(`[${name}]`)) {
      const action = part.getAttribute(name).split(/[/?]/)[3];
      part.setAttribute(name, action ? `/kaart/${card}/${action}` : `/kaart/${card}`);
    }
  }
}

// The answer is seen: reading goes on there, and a choice that was made is marked.
function onToggle(event) {
  const block = event.target;
  if (block.matches?.("details.antwoordblok") && block.open) {
    markChoice(block);
    block.querySelector(".achterkant").focus();
  }
}

function markChoice(block) {
  const chosen = block.closest(".kaart").querySelector(".voorkant input:checked");
  const option = chosen && block.querySelector(`[data-option="${chosen.value}"]`);
  if (option) {
    option.classList.add("gekozen");
    option.querySelector(".jouw-keuze").hidden = false;
  }
}

// Keys

function onKey(event) {
  const { target, key } = event;
  if (event.ctrlKey || event.altKey || event.metaKey || event.repeat || event.defaultPrevented) {
    return;
  }
  const form = session.querySelector("form.beoordeling");
  const block = form?.querySelector(".antwoordblok");
  if (key === "Enter" && target.matches(".voorkant input")) {
    event.preventDefault();
    block.open = true;
  } else if ((key === " " || key === "Enter") && form && !target.closest("button, summary, input, a")) {
    event.preventDefault();
    if (block.open) {
      press(form, form.querySelector(".gekozen.fout") ? "again" : "good");
    } else {
      block.open = true;
    }
  } else if (!target.matches("input:not([type=radio]), textarea, select") && document.getElementById("toetsen-aan").checked) {
    onLetter(event, form, block);
  }
}

function onLetter(event, form, block) {
  const { key } = event;
  if (/^[1-9]$/.test(key) && form) {
    const choices = session.querySelectorAll(block.open ? ".oordelen button" : ".voorkant input");
    choices[Number(key) - 1]?.click();
  } else if (key === "u") {
    session.querySelector("form.ongedaan:not([hidden])")?.requestSubmit();
  } else if (key === "o") {
    session.querySelector("button.opnieuw")?.click();
  } else if (key === "m" || key === "a") {
    session.querySelector(key === "a" ? ".meer .apart" : ".meer .morgen")?.click();
  } else if (key === "e") {
    session.querySelector("a.woorden")?.click();
  } else if (key === "s") {
    session.querySelector("a.overslaan")?.click();
  } else if (key === "?") {
    const keys = document.querySelector(".toetsen");
    keys.open = !keys.open;
    keys.querySelector("summary").focus();
  } else {
    return;
  }
  event.preventDefault();
}

function press(form, grade) {
  form.querySelector(`.oordelen button[value="${grade}"]`).click();
}

// The connection

// The html that answers; without it `isLost` tells whether the connection was, or the server said no.
async function fragment(address, fields) {
  try {
    const response = await fetch(address, {
      method: fields ? "POST" : "GET",
      body: fields,
      headers: { "X-Fragment": "1", "Accept": "text/html" },
      signal: AbortSignal.timeout(PATIENCE),
    });
    if (response.ok && !response.redirected) {
      return { html: await response.text() };
    }
    return { isLost: response.status >= 500 || response.status === 429 };
  } catch {
    return { isLost: true };
  }
}

// Send what waits in the outbox, and try again later where that does not work.
async function sendWaiting() {
  clearTimeout(retryTimer);
  if (!outbox || outbox.isEmpty) {
    notice(null, "offline", "signed_out");
    return { accepted: 0, refused: 0, reason: null };
  }
  const told = await outbox.send();
  if (told.reason) {
    notice(told.reason, "offline", "signed_out", "sent");
    clearTimeout(retryTimer);
    retryTimer = setTimeout(sendWaiting, retryAfter);
    retryAfter = Math.min(retryAfter * 2, SLOWEST_RETRY);
    return told;
  }
  retryAfter = FIRST_RETRY;
  // First the page, which hides what it took the place of; then what is to be said about it.
  if (session?.querySelector(".zonder-verbinding")) {
    await refresh(sittingIn(session.querySelector("form.ongedaan")));
  }
  if (told.refused) {
    notice("refused", "offline", "signed_out");
  } else if (told.accepted) {
    notice("sent", "offline", "signed_out", "not_saved");
  }
  return told;
}

// A connection that is said to be back often needs a moment more: what was patient becomes eager again.
function sendSoon() {
  retryAfter = FIRST_RETRY;
  return sendWaiting();
}

// Small things

function csrfToken() {
  return document.querySelector('input[name="csrf_token"]')?.value ?? document.querySelector('meta[name="csrf-token"]').content;
}

function newId() {
  // Not crypto.randomUUID: that is only there over https.
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

function setBusy(form) {
  if (form.getAttribute("aria-busy") === "true") {
    return false;
  }
  form.setAttribute("aria-busy", "true");
  return true;
}

// Show one notice, and hide those it takes the place of.
function notice(name, ...instead) {
  for (const element of notices.querySelectorAll("[data-notice]")) {
    if (element.dataset.notice === name) {
      if (element.hidden) {
        element.hidden = false;
        say(element);
      }
    } else if (instead.includes(element.dataset.notice)) {
      element.hidden = true;
    }
  }
}

function copyOf(name) {
  const copy = notices.querySelector(`[data-notice="${name}"]`).cloneNode(true);
  copy.hidden = false;
  return copy;
}

function say(element) {
  if (element) {
    spoken.textContent = element.textContent;
  }
}

// The screen in the hall: shows one leaf after the other, and asks every few seconds for what has changed.
// One timer does everything, so that a screen that runs for months has no more of anything than on its first day.
const LEAF_SECONDS = 12;
const ASK_SECONDS = 5;
const GIVE_UP_SECONDS = 12;
const PLACES = 8; // The picture stands a little elsewhere with every leaf, so that no line burns into the screen.

const wall = document.getElementById("screen");
const stage = document.getElementById("stage");
let second = 0;
let leaf = 0;
let turns = 0;
let misses = 0;
let tag = null;
let release = null;
let asking = null;

function show() {
  const leaves = stage.children;
  leaf = leaves.length ? leaf % leaves.length : 0;
  for (let each = 0; each < leaves.length; each += 1) leaves[each].classList.toggle("is-shown", each === leaf);
  document.getElementById("dots").textContent = leaves.length > 1 ? leaf + 1 + " / " + leaves.length : "";
}

function turn() {
  leaf += 1;
  turns += 1;
  wall.className = "screen-wall is-at-" + (turns % PLACES);
  show();
}

function say(id, isSaid) {
  document.getElementById(id).hidden = !isSaid;
}

function miss() {
  misses += 1;
  document.getElementById("stale-time").textContent = document.getElementById("as-of").textContent;
  say("stale", misses >= 2);
}

function take(answer) {
  if (answer.status === 401 || answer.status === 403 || answer.status === 404 || answer.type === "opaqueredirect") {
    stage.textContent = "";
    tag = null;
    misses = 0;
    say("stale", false);
    say("stopped", true);
    return null;
  }
  if (answer.status !== 304 && !answer.ok) throw new Error(String(answer.status));
  const now = answer.headers.get("Bank-Release");
  if (release && now && now !== release) location.reload();
  release = now || release;
  misses = 0;
  say("stale", false);
  say("stopped", false);
  document.getElementById("as-of").textContent = answer.headers.get("Bank-As-Of");
  if (answer.status === 304) return null;
  tag = answer.headers.get("ETag");
  return answer.text().then((text) => {
    stage.innerHTML = text;
    show();
  });
}

function ask() {
  const control = window.AbortController ? new AbortController() : null;
  const mine = { since: second, control: control };
  asking = mine;
  const headers = tag ? { "If-None-Match": tag } : {};
  fetch(wall.dataset.source, { headers: headers, cache: "no-store", redirect: "manual", signal: control ? control.signal : undefined })
    .then((answer) => (asking === mine ? take(answer) : null))
    .catch(() => asking === mine && miss())
    .then(() => {
      if (asking === mine) asking = null;
    });
}

function tick() {
  second += 1;
  if (second % LEAF_SECONDS === 0) turn();
  if (asking && second - asking.since >= GIVE_UP_SECONDS) {
    if (asking.control) asking.control.abort();
    asking = null;
    miss();
  }
  if (!asking && second % ASK_SECONDS === 0) ask();
}

show();
ask();
setInterval(tick, 1000);

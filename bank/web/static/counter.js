// The desk: takes what a barcode gun types wherever the focus is, shows each answer without leaving the page, and says in
// words when the server is away. Without this file the same forms are ordinary pages.
const GUN_GAP = 130; // Milliseconds; guns need up to 100 between two keys, hands mostly more.
const GUN_LENGTH = 4;
const LONG_SCAN = 8; // What is typed this fast into another field was meant for the desk: no hand does it.
const ECHO = 400; // Some guns send a second Enter; nobody has read a new page after so short a time.
const PATIENCE = 8000;
const LOST = "counter-lost";

const lane = () => document.querySelector(".lane");
const field = () => document.querySelector(".scan-input");
const sound = (name) => document.dispatchEvent(new CustomEvent("counter:sound", { detail: name }));
const isTextField = (element) => element.matches("input:not([type=checkbox]):not([type=radio]), textarea, select");

let isSending = false;
let isAway = false;
let shownAt = performance.now();
let waiting = null; // A scan that came while an answer was on its way.

// --- The state of the lane ---------------------------------------------------------------------------------------------

function showState() {
  if (!lane()) return;
  const isUnsure = sessionStorage.getItem(LOST) !== null;
  lane().dataset.state = isUnsure && !isSending ? "unsure" : isAway ? "away" : isSending ? "sending" : document.hasFocus() ? "ready" : "paused";
}

function focusField() {
  const first = document.querySelector("#main [autofocus]") ?? field();
  first?.focus();
  first?.select?.();
}

window.addEventListener("blur", showState);
window.addEventListener("focus", () => {
  showState();
  if (!isTextField(document.activeElement)) focusField();
});

// --- Calls: every page of the desk is put into this one ------------------------------------------------------------------

async function call(url, options = {}) {
  isSending = true;
  showState();
  try {
    const answer = await fetch(url, { ...options, signal: AbortSignal.timeout(PATIENCE), headers: { Accept: "text/html" } });
    if (answer.status >= 500) throw new Error("nothing was decided");
    const text = await answer.text();
    isAway = false;
    isSending = false;
    show(answer, text, options.method === "POST");
    return true;
  } catch {
    isAway = true;
    isSending = false;
    waiting = null;
    sound("away");
    return false;
  } finally {
    showState();
  }
}

function show(answer, text, isPost) {
  const page = new DOMParser().parseFromString(text, "text/html");
  if (!page.querySelector(".lane")) {
    window.location.assign(answer.redirected || !isPost ? answer.url : lane().dataset.home); // Signed out, for one.
    return;
  }
  document.getElementById("main").replaceWith(document.adoptNode(page.getElementById("main")));
  document.title = page.title;
  if (answer.redirected || !isPost) history.pushState(null, "", answer.url);
  window.scrollTo(0, 0);
  shownAt = performance.now();
  focusField();
  document.dispatchEvent(new CustomEvent("counter:shown"));
  const isRefused = document.querySelector("#main .result-refused, #main .notice-refused, #main .notice-warning") !== null;
  sound(isRefused ? "refused" : document.querySelector("#main .result-done") ? "done" : "taken");
  const next = waiting;
  waiting = null;
  if (next && !isRefused) takeScan(next); // After a refusal the clerk must see it first.
}

async function send(form, button) {
  if (isSending || sessionStorage.getItem(LOST) !== null) return;
  const body = new URLSearchParams(new FormData(form, button));
  if (form.method !== "post") {
    const url = new URL(form.action);
    url.search = body;
    if (!(await call(url))) field()?.select();
    return;
  }
  const lost = JSON.stringify({ key: body.get("idempotency_key"), back: location.pathname + location.search, clerk: lane().dataset.clerk });
  sessionStorage.setItem(LOST, lost); // Kept first: the page may be closed before the answer comes.
  if (await call(form.action, { method: "POST", body })) sessionStorage.removeItem(LOST);
  delete form.dataset.sent;
  form.classList.remove("is-sending");
  showState();
}

document.addEventListener("submit", (event) => {
  if (event.defaultPrevented || !lane() || !event.target.matches(".scan, .desk")) return; // Without a lane it is a page like any other.
  event.preventDefault();
  send(event.target, event.submitter);
});

document.addEventListener("click", (event) => {
  const link = event.target.closest("#main a[href]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || link.target || !lane()) return;
  if (link.origin !== location.origin || !link.pathname.startsWith(lane().dataset.home) || link.matches("[data-plain]")) return;
  event.preventDefault();
  if (!isSending) call(link.href);
});
window.addEventListener("popstate", () => window.location.reload());

// --- A server that was away: is it back, and what became of the last form? ------------------------------------------------

async function lookAround() {
  const lost = JSON.parse(sessionStorage.getItem(LOST) ?? "null");
  if (!isSending && lane()) {
    const isBack = await isAlive();
    if (isBack && lost && !isSending) await askOutcome(lost);
    else if (isAway === isBack) {
      isAway = !isBack;
      sound(isAway ? "away" : "taken");
      showState();
    }
  }
  setTimeout(lookAround, isAway || lost ? 1500 : 5000);
}

async function isAlive() {
  try {
    const answer = await fetch(lane().dataset.alive, { cache: "no-store", signal: AbortSignal.timeout(PATIENCE) });
    await answer.text(); // Unread, it would keep its connection.
    return answer.ok;
  } catch {
    return false;
  }
}

async function askOutcome(lost) {
  if (lost.clerk !== lane().dataset.clerk) { // Another clerk sits here now; the first one's list tells what happened.
    sessionStorage.removeItem(LOST);
    return;
  }
  const { token, key, outcome } = lane().dataset;
  const body = new URLSearchParams({ csrf_token: token, idempotency_key: key, lost_key: lost.key, back: lost.back });
  if (await call(outcome, { method: "POST", body })) sessionStorage.removeItem(LOST);
  showState();
}

// --- Keys: a gun types wherever the focus is, whatever the input method makes of it ------------------------------------------

let burst = "";
let lastKeyAt = -Infinity;
let typedInto = null; // The other field a burst began in, and what stood there before.
let isEnterComposed = false;

const isEnd = (event) => ["Enter", "NumpadEnter", "Tab"].includes(event.code) || event.key === "Enter" || event.key === "Tab";

// An input method hides the character of a key ("Process"), but never which key it was.
function characterOf(event) {
  if (event.key.length === 1) return event.key.normalize("NFKC");
  const physical = /^(?:Digit|Numpad|Key)([0-9A-Z])$/.exec(event.code);
  return physical ? physical[1] : "";
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || !field()) return;
  const isFast = event.timeStamp - lastKeyAt <= GUN_GAP;
  lastKeyAt = event.timeStamp;
  if (isEnd(event)) {
    endBurst(event, isFast ? burst : "");
    burst = "";
  } else if (event.key === "Escape" && !event.isComposing) {
    if (!isSending) call(lane().dataset.home);
  } else if (event.key === "F8" && document.querySelector("details.undo")) {
    document.querySelector("details.undo").open = true;
    document.querySelector("details.undo button").focus();
  } else if (event.key === "F9" && document.querySelector(".identity button")) {
    document.querySelector(".identity button").focus();
  } else if (characterOf(event)) {
    addToBurst(event, isFast);
  }
}, true);

function addToBurst(event, isFast) {
  const target = event.target;
  if (!isFast) {
    burst = "";
    typedInto = isTextField(target) && target !== field() ? { target, value: target.value } : null;
  }
  burst += characterOf(event);
  if (!isTextField(target) && event.key !== " ") field().focus();
}

function endBurst(event, scan) {
  const isGun = scan.length >= (typedInto ? LONG_SCAN : GUN_LENGTH);
  if (event.key !== "Tab" && !isGun) {
    isEnterComposed = event.isComposing;
    const isBare = !isTextField(event.target) || event.target.value === "";
    const isEcho = isSending || (isBare && performance.now() - shownAt < ECHO);
    if (isEcho && !event.isComposing) event.preventDefault();
    return;
  }
  if (!isGun) return;
  event.preventDefault();
  if (typedInto) typedInto.target.value = typedInto.value;
  takeScan(typedInto ? scan : meant(scan));
}

// A hand that is as fast as a gun may have begun slowly; a gun never leaves more in the field than it typed.
function meant(scan) {
  const stands = field().value.normalize("NFKC").trim();
  return scan.length < LONG_SCAN && stands.length > scan.length && stands.endsWith(scan) ? stands : scan;
}

function takeScan(text) {
  if (isSending) {
    waiting = text;
    return;
  }
  field().value = text;
  send(field().form);
}

// Enter may end a composition instead of sending; if nothing but digits was composed, it was a scan.
document.addEventListener("compositionend", (event) => {
  const digits = event.target.value?.normalize("NFKC").trim() ?? "";
  if (isEnterComposed && event.target === field() && /^[0-9]+$/.test(digits)) setTimeout(() => takeScan(digits));
  isEnterComposed = false;
});

// --- Beginning ---------------------------------------------------------------------------------------------------------------

if (lane()) {
  document.body.classList.add("has-desk");
  showState();
  if (document.querySelector("#main .result-refused")) sound("refused");
  lookAround();
}

// The organizer's table. Every scan is first kept on this device, then sent; it is called good only when the bank has said so.
const door = document.querySelector("#door");
const field = document.querySelector("#card");
const form = document.querySelector("#scan-form");
const words = document.querySelector("#words").dataset;
const BATCH = 500;
const PATIENCE = 10000;
const AGAIN = 5000;
const SAME = 3000; // Some guns and every camera give the same code again and again.
const RECENT = 8;
const isEnglish = document.documentElement.lang === "en";

let token = form.elements.csrf_token.value;
let isSending = false;
let isAway = !navigator.onLine;
let isLocked = false;
const seen = new Map();
let sent = 0;

const sound = (name) => document.dispatchEvent(new CustomEvent("counter:sound", { detail: name }));
const kind = () => form.elements.kind.value;

// --- What is shown ------------------------------------------------------------------------------------------------------

async function showState() {
  const queued = await Queue.count();
  document.querySelector("#queued").textContent = queued;
  document.querySelector("#queue").hidden = queued === 0;
  door.dataset.state = isLocked ? "locked" : isAway ? "away" : isSending ? "sending" : document.hasFocus() ? "ready" : "paused";
}

function showAnswer(look, word, name, next) {
  const box = document.createElement("section");
  box.className = `result result-${look}`;
  for (const [part, text] of [["word", word], ["detail", name], ["next", next]]) {
    if (!text) continue;
    const line = document.createElement("p");
    line.className = `result-${part}`;
    line.textContent = text;
    box.append(line);
  }
  document.querySelector("#answer").replaceChildren(box);
}

function showRecent(answer, look) {
  const line = document.createElement("li");
  const mark = { done: "✓", waiting: "•", refused: "✗" }[look];
  line.textContent = `${mark} ${answer.name ?? ""} ${isEnglish ? answer.detail_en : answer.detail}`;
  if (answer.code === "to_review") {
    const link = document.createElement("a");
    link.href = words.look;
    link.textContent = words.review;
    line.append(link);
  }
  const list = document.querySelector("#recent");
  list.prepend(line);
  while (list.children.length > RECENT) list.lastChild.remove();
}

const lookOf = (answer) => (answer.status === 201 ? "done" : answer.status === 202 || answer.first_at ? "waiting" : "refused");

// --- Taking a scan ------------------------------------------------------------------------------------------------------

function digitsOf(text) {
  const plain = text.normalize("NFKC").replace(/[\s-]/g, "");
  return /^(?:https?:\/\/[^?#]*\/)?([0-9]{10}|[0-9]{18})$/i.exec(plain)?.[1] ?? "";
}

function newNonce() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((each) => each.toString(16).padStart(2, "0")).join("");
}

// What stays before a camera is one scan, however long, also when a phone's code has changed meanwhile.
function isSeenStill(digits) {
  const mark = `${kind()} ${digits.slice(0, 10)}`;
  const before = seen.get(mark) ?? -Infinity;
  seen.set(mark, performance.now());
  return performance.now() - before < SAME;
}

async function take(text) {
  const digits = digitsOf(text);
  if (isSeenStill(digits)) return;
  field.value = "";
  field.focus();
  if (!digits) {
    showAnswer("refused", words.notACard, "", words.notACardNext);
    sound("refused");
    return;
  }
  const scan = { nonce: newNonce(), kind: kind(), activity_id: Number(door.dataset.activity), card: digits, scanned_at: new Date().toISOString() };
  await Queue.add(scan);
  showAnswer("waiting", words.kept, digits.slice(0, 10).replace(/.(?=.{4})/g, "*"), words.keptNext);
  await showState();
  await send();
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  if (field.value) take(field.value);
});
document.addEventListener("door:scanned", (event) => take(event.detail));
document.addEventListener("compositionend", (event) => {
  const digits = digitsOf(event.target.value ?? "");
  if (event.target === field && digits) setTimeout(() => take(digits));
});
for (const each of form.elements.kind) {
  each.addEventListener("change", () => {
    document.querySelector("#photo-form").elements.kind.value = kind();
    field.focus();
  });
}

// --- Sending what is kept -------------------------------------------------------------------------------------------------

async function call(url, options) {
  const answer = await fetch(url, { ...options, cache: "no-store", redirect: "manual", signal: AbortSignal.timeout(PATIENCE) });
  isLocked = answer.type === "opaqueredirect" || answer.status === 401 || answer.status === 403;
  return answer;
}

async function send() {
  if (isSending || (await Queue.count()) === 0) return;
  isSending = true;
  await showState();
  try {
    await sendAll();
    if (!isLocked) await freshen();
    isAway = false;
  } catch {
    isAway = true;
    sound("away");
  }
  isSending = false;
  await showState();
}

async function sendAll() {
  for (let kept = await Queue.all(BATCH); kept.length && !isLocked; kept = await Queue.all(BATCH)) {
    const answer = await post(kept);
    if (isLocked) return;
    if (!answer.ok) throw new Error(answer.status);
    const { answers } = await answer.json();
    const settled = kept.map((each, number) => [each, answers[number]]).filter(([, said]) => said.final);
    await Queue.drop(settled.map(([each]) => each.nonce));
    settled.forEach(([, said]) => tell(said));
    if (!settled.length) return; // What may be sent again waits for the next time.
  }
}

async function post(kept, isSecond = false) {
  const body = JSON.stringify({ scans: kept, sent_at: new Date().toISOString() });
  const answer = await call(door.dataset.scans, {
    method: "POST", body, headers: { "Content-Type": "application/json", "X-CSRFToken": token },
  });
  if (answer.status !== 400 || isSecond) return answer;
  await freshen(); // The page was kept from another day, and its token with it.
  return isLocked ? answer : post(kept, true);
}

async function freshen() {
  const answer = await call(door.dataset.fresh);
  if (!answer.ok) return;
  const state = await answer.json();
  token = state.token;
  for (const each of document.querySelectorAll("[name=csrf_token]")) each.value = token;
  document.querySelector("#present").textContent = state.present_count;
  document.querySelector("#came").textContent = state.head_count;
}

function tell(answer) {
  const look = lookOf(answer);
  sent += 1;
  document.querySelector("#sent").textContent = sent;
  showAnswer(look, isEnglish ? answer.detail_en : answer.detail, answer.name, isEnglish ? answer.next_en : answer.next);
  showRecent(answer, look);
  sound(look === "done" ? "done" : "refused");
}

async function lookAround() {
  try {
    await freshen();
    isAway = false;
  } catch {
    isAway = true;
  }
  await showState();
  if (!isAway && !isLocked) await send();
  setTimeout(lookAround, AGAIN);
}

// --- Without a network ------------------------------------------------------------------------------------------------------

async function keepPage() {
  if (!("serviceWorker" in navigator)) {
    document.querySelector("#offline-open").hidden = false;
    return;
  }
  navigator.serviceWorker.addEventListener("message", () => {
    document.querySelector("#offline-ready").hidden = false;
  });
  await navigator.serviceWorker.register(door.dataset.worker);
  const { active } = await navigator.serviceWorker.ready;
  const files = performance.getEntriesByType("resource").map((each) => each.name);
  const own = [...new Set(files)].filter((each) => /\/static\//.test(each) && each.startsWith(location.origin));
  active.postMessage({ page: location.pathname, files: own });
}

// With a script one tap takes the picture and sends it; without one there are the browser's own field and a button.
const photoForm = document.querySelector("#photo-form");
photoForm.classList.add("is-easy");
photoForm.elements.photo.addEventListener("change", () => photoForm.requestSubmit());

window.addEventListener("online", () => send());
window.addEventListener("offline", () => {
  isAway = true;
  showState();
});
window.addEventListener("focus", showState);
window.addEventListener("blur", showState);
door.addEventListener("click", () => field.focus());
keepPage();
lookAround();

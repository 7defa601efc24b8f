// A form is sent once: its button rests until the answer comes. The server keeps a second sending harmless in any case.
document.addEventListener("submit", (event) => {
  const form = event.target;
  const pressed = event.submitter || document.activeElement;
  // A file leaves the page where it is, so what else the form can do is not over.
  if (!form.matches("[data-once]") || (pressed && pressed.matches("[data-file]"))) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "1";
  form.classList.add("is-sending");
  const counted = form.dataset.counts;
  // The number stays with the form, so that a second sending is known as the same.
  if (counted && !form.action.includes("ready=")) form.action += "?ready=" + counted.split("/").pop();
  wait(() => !form.isConnected || !form.classList.contains("is-sending"), counted);
});

// Whoever waits for long work, an import or a file, sees that it goes on, and for how long it has.
const BUSY_AFTER_SECONDS = 1;
const GIVE_UP_SECONDS = 600;
let watch = null;

function wait(isOver, counted) {
  const busy = document.getElementById("busy");
  const since = Date.now();
  let asked = 0;
  document.getElementById("busy-far").textContent = "";
  clearInterval(watch);
  watch = setInterval(() => {
    const seconds = Math.floor((Date.now() - since) / 1000);
    const isDone = isOver() || seconds > GIVE_UP_SECONDS;
    busy.hidden = isDone || seconds < BUSY_AFTER_SECONDS;
    document.getElementById("busy-seconds").textContent = seconds;
    if (isDone) clearInterval(watch);
    else if (counted && seconds > asked) {
      asked = seconds;
      ask(counted);
    }
  }, 250);
}

// Work that can count says how far it is; of all else only the time is known.
function ask(counted) {
  fetch(counted)
    .then((answer) => (answer.status === 200 ? answer.json() : null))
    .then((far) => {
      if (far) document.getElementById("busy-far").textContent = far.done.toLocaleString() + " / " + far.total.toLocaleString();
    })
    .catch(() => {});
}

// A file leaves the page where it is, so its answer brings a cookie with the number that was asked for.
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[download], a[href*='.pdf']");
  if (!link || link.target === "_blank") return;
  const number = String(Date.now());
  const address = new URL(link.href);
  address.searchParams.set("ready", number);
  link.href = address.href;
  wait(() => document.cookie.includes("ready=" + number));
});

// Coming back by the browser's own button finds the form as it was left, and it may be sent again.
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("[data-sent]")) {
    delete form.dataset.sent;
    form.classList.remove("is-sending");
  }
  clearInterval(watch);
  const busy = document.getElementById("busy");
  if (busy) busy.setAttribute("hidden", "");
});

// A menu that was opened closes by a tap elsewhere, and by the key Escape, which gives the focus back to its word.
document.addEventListener("click", (event) => {
  for (const open of document.querySelectorAll(".drop[open]")) if (!open.contains(event.target)) open.open = false;
});
document.addEventListener("keydown", (event) => {
  const open = event.key === "Escape" && document.querySelector(".drop[open]");
  if (!open) return;
  open.open = false;
  open.querySelector("summary").focus();
});

// A table that is wider than the screen can be moved by the arrow keys, too.
for (const box of document.querySelectorAll(".table-box")) {
  if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
}

// The page is whole without it: the worker only keeps files, and says so when there is no net.
if ("serviceWorker" in navigator) window.addEventListener("load", () => navigator.serviceWorker.register("/sw.js").catch(() => {}));

// The code on the screen: counts down, fetches the next one in time, and hides one that has run out.
const box = document.querySelector("#code");
const lost = document.querySelector("#lost");
const MARGIN = 3; // Seconds a code may stay after its time, well within the server's own margin.
let left = 0;

function read() {
  left = Number(box.querySelector("[data-seconds-left]").dataset.secondsLeft);
}

async function renew() {
  try {
    const answer = await fetch(box.dataset.source, { cache: "no-store", redirect: "error", signal: AbortSignal.timeout(4000) });
    if (!answer.ok) throw new Error(answer.status);
    box.innerHTML = await answer.text();
    read();
    box.classList.remove("is-stale");
    lost.hidden = true;
  } catch {
    const isStale = left <= -MARGIN;
    box.classList.toggle("is-stale", isStale);
    lost.hidden = !isStale;
  }
}

read();
setInterval(() => {
  left -= 1;
  const shown = document.querySelector("#left");
  if (shown) shown.textContent = Math.max(0, left);
  if (left <= 0 || left % 5 === 0) renew();
}, 1000);

const whole = document.querySelector("#whole");
if (document.fullscreenEnabled) {
  whole.hidden = false;
  whole.addEventListener("click", () => box.requestFullscreen());
}

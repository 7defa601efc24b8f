// The screen in the hall: turns the leaves of the board, and fetches the page again every minute.
const LEAF_SECONDS = 15;
const NEWS_SECONDS = 60;

function turn() {
  const leaves = [...document.querySelectorAll(".display-leaf")];
  if (leaves.length < 2) return;
  const shown = leaves.findIndex((leaf) => leaf.classList.contains("is-shown"));
  leaves[shown].classList.remove("is-shown");
  leaves[(shown + 1) % leaves.length].classList.add("is-shown");
}

async function fetchNews() {
  const display = document.getElementById("display");
  try {
    const answer = await fetch(location.href, { cache: "no-store" });
    if (!answer.ok) throw new Error(answer.status);
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("display");
    display.replaceWith(fresh);
  } catch {
    display.classList.add("is-stale");
  }
}

setInterval(turn, LEAF_SECONDS * 1000);
setInterval(fetchNews, NEWS_SECONDS * 1000);

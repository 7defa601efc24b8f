// Renews the member's code without a flash; without this file the page reloads itself.
async function renew() {
  const card = document.querySelector(".member-code");
  if (!card) return;
  try {
    const answer = await fetch(window.location.href, { cache: "no-store" });
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector(".member-code");
    if (!fresh) return window.location.reload();
    card.replaceWith(document.adoptNode(fresh));
    document.body.classList.remove("is-stale");
  } catch {
    document.body.classList.add("is-stale"); // An old code is not shown as if it were good.
    setTimeout(renew, 2000);
    return;
  }
  wait();
}

const wait = () => setTimeout(renew, 1000 * Number(document.querySelector(".member-code").dataset.seconds) + 300);

if (document.querySelector(".member-code")) wait();
document.addEventListener("visibilitychange", () => document.hidden || renew());

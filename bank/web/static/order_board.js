// The board by keys and by hand: arrows move between cards and lanes; a card dropped on the next lane opens where it is
// decided how. Nothing is done without a form of the card's own page, so a slip of the hand changes nothing.
const board = document.querySelector("[data-board]");
const ALLOWED = { asked: ["looked_at"], looked_at: ["dispatched"], dispatched: ["dispatched"], hung: ["dispatched"], done: ["done"], rated: ["done"] };

function cards(lane) {
  return [...lane.querySelectorAll(".order-card")];
}

if (board) {
  const lanes = [...board.querySelectorAll("[data-lane]")];
  let dragged = null;

  board.addEventListener("keydown", (event) => {
    const card = event.target.closest(".order-card");
    const step = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] }[event.key];
    if (!card || !step) return;
    event.preventDefault();
    const here = lanes.indexOf(card.closest("[data-lane]"));
    const row = cards(lanes[here]).indexOf(card);
    if (step[1]) {
      cards(lanes[here])[row + step[1]]?.focus();
      return;
    }
    for (let next = here + step[0]; lanes[next]; next += step[0]) {
      const found = cards(lanes[next]);
      if (found.length) {
        found[Math.min(row, found.length - 1)].focus();
        return;
      }
    }
  });

  for (const card of board.querySelectorAll(".order-card")) {
    card.draggable = true;
    card.addEventListener("dragstart", () => { dragged = card; });
    card.addEventListener("dragend", () => { dragged = null; lanes.forEach((lane) => lane.classList.remove("is-target")); });
  }
  for (const lane of lanes) {
    lane.addEventListener("dragover", (event) => {
      if (dragged && (ALLOWED[dragged.dataset.state] ?? []).includes(lane.dataset.lane)) {
        event.preventDefault();
        lane.classList.add("is-target");
      }
    });
    lane.addEventListener("dragleave", () => lane.classList.remove("is-target"));
    lane.addEventListener("drop", (event) => {
      event.preventDefault();
      if (dragged) window.location.assign(`${dragged.href}#${lane.dataset.lane === "dispatched" ? "dispatch" : "main"}`);
    });
  }
}

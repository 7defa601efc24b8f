// The button that opens the printer's own window; without this file Ctrl+P does the same. On a slip Enter prints.
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
  if (button.dataset.print === "first") button.focus();
}

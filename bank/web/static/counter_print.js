// The button that opens the printer's own window; without this file Ctrl+P does the same.
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
  button.focus();
}

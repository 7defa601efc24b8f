// Helps the barcode gun; without this file the counter works as well, only the field must then have the focus.
const field = document.querySelector(".scan-input");

if (field) {
  const typesInto = (element) => element.matches("input, textarea, select") && element !== field;

  // A gun types wherever the focus is. Whatever is typed outside a field begins a scan.
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || typesInto(event.target)) return;
    if (event.key === "Escape") window.location.assign(field.dataset.home);
    if (event.target !== field && event.key.length === 1 && event.key !== " ") field.focus();
  });

  // Some guns end with Tab instead of Enter; a Tab that follows at once was never typed by a hand.
  let lastKeyAt = 0;
  field.addEventListener("keydown", (event) => {
    const isGun = performance.now() - lastKeyAt < 100;
    if (event.key === "Tab" && field.value && isGun && !event.isComposing) {
      event.preventDefault();
      field.form.requestSubmit();
    }
    lastKeyAt = performance.now();
  });

  // A scan into a window that lies behind another is lost, so the field says when that is so.
  const showState = () => document.body.classList.toggle("is-paused", !document.hasFocus());
  window.addEventListener("blur", showState);
  window.addEventListener("focus", () => {
    showState();
    if (!typesInto(document.activeElement)) field.focus();
  });
}

// A choice that shows another part of the same page takes effect at once; without this script its button does it.
for (const choice of document.querySelectorAll("select[data-sends]")) {
  choice.form.classList.add("sends-itself");
  choice.addEventListener("change", () => choice.form.submit());
}

// Small comforts. Every page works without this file.
document.addEventListener("DOMContentLoaded", () => {
  const narrow = window.matchMedia("(max-width: 62rem)").matches;
  for (const folded of document.querySelectorAll("details[data-fold-when-narrow]")) {
    if (narrow) folded.removeAttribute("open");
  }
  const summary = document.querySelector(".govuk-error-summary");
  if (summary) summary.focus();
});
// A draft that could not be kept is said so, beside the form, and nothing typed is lost.
document.addEventListener("htmx:responseError", (event) => {
  const form = event.target.closest("form[data-ended]");
  const told = document.getElementById("saved");
  if (form && told) told.textContent = form.dataset.ended;
});

// For convenience only: every view works without this script.
"use strict";

document.addEventListener("change", (event) => {
  const form = event.target.form;
  if (form && form.matches("[data-auto]") && event.target.matches("select, input[type=checkbox]")) {
    form.requestSubmit();
  }
});

// Empty fields are left out of the address.
document.addEventListener("submit", (event) => {
  for (const field of event.target.elements) {
    if (field.name && !field.value) {
      field.disabled = true;
      setTimeout(() => { field.disabled = false; });
    }
  }
});

document.addEventListener("keydown", (event) => {
  const isTyping = event.target.matches("input, select, textarea");
  const search = document.getElementById("text");
  if (event.key === "/" && search && !isTyping && !event.ctrlKey && !event.metaKey && !event.altKey) {
    event.preventDefault();
    search.focus();
  }
});

// On a narrow screen the filters are folded, so that the results come first.
const filters = document.querySelector(".filters > .fold");
if (filters && matchMedia("(max-width: 56rem)").matches) {
  filters.open = false;
}

// Keys of the review page; every control also works without this script.
"use strict";

(() => {
  const form = document.getElementById("review");
  if (!form) {
    return;
  }
  const press = (action) => form.querySelector(`button[value="${action}"]`)?.click();
  const ACTIONS = {
    enter: () => press("save"),
    x: () => press("skip"),
    z: () => press("undo"),
    s: () => document.getElementById("rule").focus(),
    v: () => { const whole = document.getElementById("whole"); whole.open = !whole.open; },
    r: () => document.getElementById("reason").focus(),
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) {
      return;
    }
    const isTyping = event.target.matches("input:not([type=radio]):not([type=checkbox]), select, textarea, summary");
    if (event.key === "Escape") {
      event.target.blur();
      return;
    }
    if (isTyping || event.target.matches("button, a")) {
      return;
    }
    const key = event.key.toLowerCase();
    const choice = form.querySelector(`[data-key="${CSS.escape(key)}"]`);
    if (choice) {
      event.preventDefault();
      choice.checked = choice.type === "radio" ? true : !choice.checked;
    } else if (ACTIONS[key]) {
      event.preventDefault();
      ACTIONS[key]();
    }
  });
  // The place of the provision in the document, without moving the page.
  const scroll = form.querySelector(".whole .scroll");
  const here = scroll?.querySelector("#here, .here");
  if (matchMedia("(max-width: 62rem)").matches) {
    document.getElementById("whole").open = false;
  } else if (here) {
    scroll.scrollTop = here.getBoundingClientRect().top - scroll.getBoundingClientRect().top - 60;
  }
})();

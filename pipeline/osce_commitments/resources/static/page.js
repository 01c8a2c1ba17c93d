// For convenience only: every view works without this script.
"use strict";

document.documentElement.classList.add("js");

const BASKET = "osce-commitments-basket";

// --- Filters: a change shows the new results in place, so that nobody loses their place.

function addressOf(form) {
  const asked = new URLSearchParams();
  for (const [name, value] of new FormData(form)) {
    if (value) {
      asked.append(name, value);
    }
  }
  const query = asked.toString();
  return form.getAttribute("action") + (query ? `?${query}` : "");
}

function pathOf(node) {
  return node && node.name ? `[name="${CSS.escape(node.name)}"]` + (node.type === "checkbox" ? `[value="${CSS.escape(node.value)}"]` : "") : null;
}

// What is typed while an answer is on its way must not be lost.
function fieldsOf(live) {
  return new Map([...live.querySelectorAll("input[name][form]:not([type=checkbox])")].map((one) => [pathOf(one), one.value]));
}

function withoutPlace() {
  return location.href.split("#")[0];
}

let latest = 0;
let shown = withoutPlace();

async function show(address, isNew) {
  const turn = ++latest;
  const live = document.getElementById("live");
  live.setAttribute("aria-busy", "true");
  const sent = fieldsOf(live);
  let text;
  try {
    const answer = await fetch(address);
    text = await answer.text();
  } catch {
    location.assign(address);
    return;
  }
  if (turn !== latest) {
    return;
  }
  const found = new DOMParser().parseFromString(text, "text/html");
  const fresh = found.getElementById("live");
  if (!fresh) {
    location.assign(address);
    return;
  }
  const focused = pathOf(document.activeElement);
  const before = document.activeElement.getBoundingClientRect().top;
  const open = [...live.querySelectorAll("details[open] > summary")].map((one) => one.textContent.trim().split("\n")[0]);
  const folded = live.querySelector(".fold:not([open])") !== null;
  // The search field keeps what is being typed.
  for (const name of ["form.search input[type=hidden]", ".masthead", ".colophon", ".cards", ".intro", ".error"]) {
    swap(name, found);
  }
  const typed = [...fieldsOf(live)].filter(([selector, value]) => sent.get(selector) !== value);
  live.replaceWith(fresh);
  for (const [selector, value] of typed) {
    const field = fresh.querySelector(selector);
    if (field) {
      field.value = value;
      field.addEventListener("blur", () => show(addressOf(field.form), true), { once: true });
    }
  }
  for (const one of fresh.querySelectorAll("details > summary")) {
    if (open.includes(one.textContent.trim().split("\n")[0])) {
      one.parentElement.open = true;
    }
  }
  fresh.querySelector(".fold").open = !folded;
  document.title = found.title;
  if (isNew) {
    history.pushState({ live: true }, "", address);
    shown = withoutPlace();
  }
  if (focused) {
    const again = fresh.querySelector(focused);
    if (again) {
      again.focus({ preventScroll: true });
      // What was above may be gone: the control stays under the hand.
      window.scrollBy({ top: again.getBoundingClientRect().top - before, behavior: "instant" });
    }
  }
  fillBasket();
}

function swap(selector, found) {
  const [now, next] = [document, found].map((one) => [...one.querySelectorAll(selector)]);
  if (now.length && now.length === next.length) {
    now.forEach((one, at) => one.replaceWith(next[at]));
  } else if (now.length) {
    now.forEach((one) => one.remove());
    if (selector.includes("hidden")) {
      document.querySelector("form.search").append(...next);
    }
  } else if (next.length && selector.includes("hidden")) {
    document.querySelector("form.search").append(...next);
  }
}

document.addEventListener("change", (event) => {
  const form = event.target.form;
  if (!form || !form.matches("[data-auto]") || event.target.type === "search") {
    return;
  }
  if (document.getElementById("live")) {
    show(addressOf(form), true);
  } else {
    form.requestSubmit();
  }
});

// A link within the page also pops a state; it must keep the focus that it sets.
window.addEventListener("popstate", () => {
  if (document.getElementById("live") && shown !== withoutPlace()) {
    location.reload();
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

// --- Basket: selected provisions and notes stay in this browser only.

function basket() {
  try {
    return JSON.parse(localStorage.getItem(BASKET)) || {};
  } catch {
    return {};
  }
}

function keep(found) {
  localStorage.setItem(BASKET, JSON.stringify(found));
  fillBasket();
}

function basketAddress() {
  const asked = new URLSearchParams(location.search).has("version") ? [["version", new URLSearchParams(location.search).get("version")]] : [];
  for (const [id, note] of Object.entries(basket())) {
    asked.push(["id", id]);
    if (note) {
      asked.push(["note", `${id} ${note}`]);
    }
  }
  return `${document.documentElement.dataset.root}basket${asked.length ? `?${new URLSearchParams(asked)}` : ""}`;
}

function fillBasket() {
  const found = basket();
  const size = Object.keys(found).length;
  for (const box of document.querySelectorAll('.select-one input[name="id"]')) {
    box.checked = box.value in found;
  }
  for (const field of document.querySelectorAll("textarea[data-note]")) {
    field.value = found[field.dataset.note] || field.value;
  }
  document.querySelectorAll("[data-basket-size]").forEach((one) => { one.textContent = size ? ` (${size})` : ""; });
  document.querySelectorAll("[data-basket-count]").forEach((one) => { one.textContent = `${size} selected.`; });
  document.querySelectorAll("[data-basket]").forEach((one) => { one.classList.toggle("has-some", size > 0); });
  document.querySelectorAll("[data-basket-link]").forEach((one) => { one.href = basketAddress(); });
}

document.addEventListener("change", (event) => {
  const found = basket();
  if (event.target.matches('.select-one input[name="id"]')) {
    if (event.target.checked) {
      found[event.target.value] ??= "";
    } else {
      delete found[event.target.value];
    }
    keep(found);
  } else if (event.target.matches("textarea[data-note]")) {
    found[event.target.dataset.note] = event.target.value.trim();
    keep(found);
    // Reports and downloads of the basket carry the notes.
    location.replace(basketAddress());
  }
});

document.addEventListener("submit", (event) => {
  if (event.target.matches("[data-basket]")) {
    event.preventDefault();
    location.assign(basketAddress());
  }
});

document.addEventListener("click", (event) => {
  const added = event.target.closest("[data-add]");
  if (added) {
    event.preventDefault();
    keep({ [added.dataset.add]: "", ...basket() });
    added.textContent = "In the basket";
    return;
  }
  const one = event.target.closest("[data-drop], [data-empty-basket]");
  if (!one) {
    return;
  }
  event.preventDefault();
  const found = basket();
  delete found[one.dataset.drop];
  keep(one.matches("[data-empty-basket]") ? {} : found);
  location.assign(basketAddress());
});

// --- Keys

function move(step) {
  const links = [...document.querySelectorAll(".hit h3 a, tr.row .c-citation a, .acts > li > a")];
  if (!links.length) {
    return;
  }
  const at = links.indexOf(document.activeElement);
  const next = links[Math.min(Math.max(at + step, 0), links.length - 1)];
  next.focus();
  next.closest(".hit, tr, li").scrollIntoView({ block: "nearest" });
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches("input:not([type=checkbox]), select, textarea")) {
    return;
  }
  const search = document.getElementById("text");
  const keys = document.getElementById("keys");
  const act = {
    "/": () => search?.focus(),
    "?": () => keys.showModal(),
    j: () => move(1),
    k: () => move(-1),
    x: () => document.activeElement.closest(".hit, tr.row")?.querySelector(".select-one input")?.click(),
  }[event.key];
  if (act && !keys.open) {
    event.preventDefault();
    act();
  }
});

// --- Progress: the page asks again until search by meaning is ready.

if (document.querySelector("[data-preparing]")) {
  setTimeout(() => location.reload(), 5000);
}

// A chart that is wider than the screen opens at its newest years.
for (const one of document.querySelectorAll(".scroll:has(.timeline)")) {
  one.scrollLeft = one.scrollWidth;
}
// On a narrow screen the filters are folded, so that the results come first; beside a table they leave the text no room.
const filters = document.querySelector(".filters > .fold");
const isTable = document.body.classList.contains("broad");
if (filters && matchMedia(isTable ? "(max-width: 95rem)" : "(max-width: 56rem)").matches) {
  filters.open = isTable && sessionStorage.getItem("filters") === "open";
  document.addEventListener("toggle", (event) => {
    if (event.target.matches(".fold")) {
      sessionStorage.setItem("filters", event.target.open ? "open" : "closed");
    }
  }, true);
}
if (document.querySelector("[data-keep-basket]")) {
  // The address of a basket that somebody sent becomes the basket of this browser, if that is empty.
  const asked = new URLSearchParams(location.search);
  if (!Object.keys(basket()).length && asked.has("id")) {
    const notes = Object.fromEntries(asked.getAll("note").map((one) => [one.split(" ", 1)[0], one.slice(one.indexOf(" ") + 1)]));
    keep(Object.fromEntries(asked.getAll("id").map((id) => [id, notes[id] || ""])));
  }
}
fillBasket();

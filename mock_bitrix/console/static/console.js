// Renews what lives on a portal's page, and follows its links and forms without leaving it.

import { act, prefill } from "./actions.js";
import { morph } from "./morph.js";

const main = document.querySelector("main[data-portal]");
const EVERY = 1000;
const LONGEST = 10000;
const QUIET = 8000;
// The server has at most one part in so many of its time to work for us.
const SHARE = 10;

let paused = false;
let told = 0;
let failing = false;

const here = () => `/console/${encodeURIComponent(main.dataset.portal)}`;
const parsed = (text) => new DOMParser().parseFromString(text, "text/html");

export async function renew() {
  const query = location.search;
  const answer = await fetch(here() + "/live" + query, { headers: { Accept: "text/html" } });
  if (!answer.ok) { throw new Error(answer.status === 403 ? "sign in again" : `status ${answer.status}`); }
  const fresh = parsed(await answer.text());
  if (location.search !== query) { return; }
  for (const part of fresh.querySelectorAll("[data-live]")) { replace(part); }
  announce(fresh.getElementById("news").textContent);
}

function replace(part) {
  const old = document.getElementById(part.id);
  if (!old) { return; }
  const section = old.contains(document.activeElement) ? old.closest("section") : null;
  morph(old, part);
  // What had the focus is gone: go on from the head of its section, not from the top of the page.
  if (section && document.activeElement === document.body) { section.querySelector("h2").focus(); }
}

// Whoever can't see the figures hears of them, but not with each change.
function announce(text) {
  const news = document.getElementById("news");
  if (news.textContent === text || performance.now() - told < QUIET) { return; }
  told = performance.now();
  news.textContent = text;
}

function connected(problem) {
  const told = document.getElementById("connection");
  const text = problem ? `No news: ${problem.message}` : paused ? "Paused" : "Live";
  if (told.textContent !== text) { told.textContent = text; }
  told.className = problem ? "bad" : paused ? "" : "good";
  failing = Boolean(problem);
}

async function watch() {
  const start = performance.now();
  if (!document.hidden && !paused) {
    await renew().then(() => connected(null), connected);
  }
  const took = performance.now() - start;
  setTimeout(watch, Math.min(LONGEST, Math.max(EVERY, SHARE * took)));
}

// Shows what another query asks for: filters, pages, an explanation, an event to emit.
async function show(query) {
  const answer = await fetch(here() + query, { headers: { Accept: "text/html" } });
  if (!answer.ok) { location.assign(here() + query); return; }
  const fresh = parsed(await answer.text());
  const event = document.querySelector("form[data-action=emit] [name=event]").defaultValue;
  morph(main, fresh.querySelector("main"));
  for (const form of main.querySelectorAll("form:not([data-action])")) { form.reset(); }
  const emit = main.querySelector("form[data-action=emit]");
  if (emit.elements.event.defaultValue !== event) { emit.reset(); prefill(emit); }
  announce(document.getElementById("news").textContent);
}

async function go(address) {
  const { search, hash } = new URL(address, location.href);
  if (search !== location.search) { history.pushState(null, "", location.pathname + search + hash); }
  await show(search);
  if (hash) {
    const place = document.getElementById(hash.slice(1));
    place.scrollIntoView();
    (place.querySelector("input:not([type=hidden]), select") || place).focus();
  }
}

function clicked(event) {
  const link = event.target.closest("a[href^='?']");
  if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) { return; }
  event.preventDefault();
  const turned = link.closest(".pages") !== null;
  go(link.href).then(() => { if (turned) { document.getElementById("queue").scrollIntoView(); } }, connected);
}

function submitted(event) {
  const form = event.target;
  if (form.dataset.action) {
    event.preventDefault();
    act(form, event.submitter, main.dataset.portal).then(renew).catch(connected);
  } else if (form.getAttribute("method") !== "post") {  // `form.method` may be a field of that name
    event.preventDefault();
    const given = [...new FormData(form)].filter(([, value]) => value !== "");
    go("?" + new URLSearchParams(given)).catch(connected);
  }
}

function pause(event) {
  paused = !paused;
  event.currentTarget.setAttribute("aria-pressed", String(paused));
  event.currentTarget.textContent = paused ? "Go on" : "Pause";
  connected(null);
}

function begin() {
  const button = document.getElementById("pause");
  button.hidden = false;
  button.addEventListener("click", pause);
  document.addEventListener("click", clicked);
  document.addEventListener("submit", submitted);
  document.addEventListener("visibilitychange", () => { if (!document.hidden && !failing && !paused) { renew().catch(connected); } });
  window.addEventListener("popstate", () => show(location.search).catch(connected));
  const emit = document.querySelector("form[data-action=emit]");
  emit.elements.event.addEventListener("change", () => prefill(emit));
  connected(null);
  setTimeout(watch, EVERY);
}

if (main) { begin(); }

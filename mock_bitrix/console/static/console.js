"use strict";

const main = document.querySelector("main[data-portal]");
const PAUSE = 1500;

const ACTIONS = {
  emit: ({ event, data }) => ["POST", "events", data.trim() ? { event, data: JSON.parse(data) } : { event }],
  advance: ({ seconds }) => ["PUT", "clock", { advance: Number(seconds) }],
  freeze: () => ["PUT", "clock", { freeze: true }],
  resume: () => ["PUT", "clock", { resume: true }],
  fault: ({ fault, method, times, when }) => ["POST", "faults", { fault, method, times: times ? Number(times) : null, when }],
  heal: () => ["DELETE", "faults"],
  explain: (given) => ["GET", "explain?" + new URLSearchParams(given)],
};

function tell(text) { document.getElementById("notice").textContent = text; }

async function send(verb, path, body) {
  const request = { method: verb, headers: { "Content-Type": "application/json" } };
  if (body !== undefined) { request.body = JSON.stringify(body); }
  const answer = await fetch(`/_mock/portals/${main.dataset.portal}/${path}`, request);
  const text = await answer.text();
  if (!answer.ok) { throw new Error(text); }
  return text;
}

async function act(event) {
  const form = event.target.closest("form[data-action]");
  if (!form) { return; }
  event.preventDefault();
  const action = form.dataset.action;
  try {
    const text = await send(...ACTIONS[action](Object.fromEntries(new FormData(form))));
    if (action === "explain") {
      document.getElementById("explained").textContent = JSON.stringify(JSON.parse(text), null, 2);
    } else {
      tell(`Done: ${text}`);
    }
    await renew();
  } catch (problem) {
    tell(`Refused: ${problem.message}`);
  }
}

async function renew() {
  for (const part of main.querySelectorAll("[data-live]")) {
    // What somebody reads by keyboard or has selected stays as it is.
    if (part.contains(document.activeElement) || part.contains(getSelection().focusNode)) { continue; }
    const answer = await fetch(`/console/${main.dataset.portal}/${part.dataset.live}${location.search}`);
    if (!answer.ok) { continue; }
    const text = await answer.text();
    if (part.dataset.shown !== text) { part.innerHTML = text; part.dataset.shown = text; }
  }
}

async function watch() {
  if (!document.hidden) { await renew().catch(() => tell("The server doesn't answer.")); }
  setTimeout(watch, PAUSE);
}

if (main) {
  document.addEventListener("submit", act);
  setTimeout(watch, PAUSE);
}

/**
 * What the page does for each command. A function gets the frame, the command's parameters, and
 * `reply`, which answers the application: once, or again for each event, or not at all.
 */

import { ask } from "./server.js";
import { choose, slide, tell } from "./dialogs.js";
import { bindEvent } from "./events.js";
import { notice } from "./log.js";

const PATHS =
  /^\/(crm\/(deal|lead|contact|company|type)|marketplace|company\/personal\/user\/[0-9]+|workgroups\/group\/[0-9]+)\//;

const fromServer = (command) => async (frame, params, reply) => {
  reply(await ask(frame, command, params));
};

const said = (sentence) => (frame, params, reply) => {
  notice(`${sentence}${params === undefined ? "" : `: ${JSON.stringify(params)}`}`);
  reply(undefined);
};

/** `addFrame`: makes the page listen to one more frame, and gives a function that ends this. */
export function commandsOf(addFrame) {
  const commands = {
    getInitData: fromServer("getInitData"),
    refreshAuth: fromServer("refreshAuth"),
    setAppOption: fromServer("setAppOption"),
    setUserOption: fromServer("setUserOption"),
    setInstall: fromServer("setInstall"),
    setInstallFinish,
    resizeWindow,
    reloadWindow: (frame, params, reply) => { reply(undefined); location.reload(); },
    setTitle,
    setScroll,
    openApplication: (frame, params, reply) => openApplication(frame, params, reply, addFrame),
    closeApplication,
    openPath,
    selectUser,
    selectAccess,
    selectCRM,
    getInterface: (frame, params, reply) => {
      reply({ command: Object.keys(commands), event: [] });
    },
    placementBindEvent: (frame, params, reply) => bindEvent(String(params?.event), reply),
    showAppForm: said("The application asked for its form"),
    imCallTo: said("The application asked for a call"),
    imPhoneTo: said("The application asked to phone"),
    imOpenMessenger: said("The application asked for the messenger"),
    imOpenHistory: said("The application asked for a chat's history"),
  };
  return commands;
}

async function setInstallFinish(frame, params, reply) {
  const finished = await ask(frame, "setInstallFinish");
  reply(finished);
  if (finished) {
    location.reload();
  }
}

function resizeWindow(frame, params, reply) {
  frame.resize(params?.width, params?.height);
  reply(undefined);
}

function setTitle(frame, params, reply) {
  frame.heading.textContent = String(params?.title ?? "");
  reply(undefined);
}

function setScroll(frame, params, reply) {
  window.scrollTo(0, Number(params?.scroll) || 0);
  reply(undefined);
}

async function openApplication(frame, params, reply, addFrame) {
  const opened = await ask(frame, "openApplication", params ?? {});
  const slider = slide(opened, String(params?.bx24_title ?? opened.title), Number(params?.bx24_width));
  const forget = addFrame(slider.frame);
  await slider.closed;
  forget();
  reply(undefined);
}

function closeApplication(frame, params, reply) {
  if (frame.close) {
    frame.close();
  } else {
    said("The application asked to be closed")(frame, params, reply);
  }
}

async function openPath(frame, params, reply) {
  const path = String(params?.path ?? params);
  if (!PATHS.test(path)) {
    reply({ result: "error", errorCode: "PATH_NOT_AVAILABLE" });
    return;
  }
  const { pathname } = new URL(path, location.origin);
  await tell("A page of the portal", `Here the portal would show ${pathname}`);
  reply({ result: "close" });
}

async function selectUser(frame, params, reply) {
  const people = await ask(frame, "selectUser");
  const choices = people.map(({ id, name }) => ({ label: `${name} (${id})`, value: { id, name } }));
  const multiple = Boolean(params?.mult);
  const chosen = await choose("Select users", [{ name: "Employees", choices }], multiple);
  reply(multiple ? chosen ?? [] : chosen?.[0] ?? null);
}

async function selectAccess(frame, params, reply) {
  const people = await ask(frame, "selectAccess");
  const blocked = new Set(params?.value ?? []);
  const choice = (provider, id, name) => (
    { label: `${name} (${id})`, value: { provider, id, name }, disabled: blocked.has(id) }
  );
  const me = people.find((each) => each.me);
  const others = [choice("other", "AU", "All authorized users"), choice("other", "CR", "Author")];
  if (me) {
    others.push(choice("other", `U${me.id}`, me.name));
  }
  reply(await choose("Select access permissions", [
    { name: "Employees", choices: people.map(({ id, name }) => choice("intranet", `IU${id}`, name)) },
    { name: "Other", choices: others },
  ], true));
}

async function selectCRM(frame, params, reply) {
  const found = await ask(frame, "selectCRM", params ?? {});
  const groups = Object.entries(found).map(([name, entities]) => (
    { name, choices: entities.map((each) => ({ label: `${each.title} (${each.id})`, value: each })) }
  ));
  const chosen = await choose("Select elements of CRM", groups, Boolean(params?.multiple));
  reply(chosen && Object.fromEntries(
    Object.keys(found).map((type) => [type, chosen.filter((each) => each.type === type)]),
  ));
}

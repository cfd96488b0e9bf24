/** The page around an application: opens its frame, hears what it says, answers. */

import { commandsOf } from "./commands.js";
import { Frame } from "./frame.js";
import { note, notice } from "./log.js";
import { parse } from "./protocol.js";

const frames = new Set();
const commands = commandsOf(addFrame);

function addFrame(frame) {
  frames.add(frame);
  return () => frames.delete(frame);
}

function hear(event) {
  const frame = [...frames].find((each) => each.sent(event));
  const message = frame && parse(event.data);
  if (!message) {
    return;
  }
  if (event.origin !== frame.origin) {
    notice(`A message from ${event.origin} was passed over: the application is at ${frame.origin}.`);
  } else if (message.sid !== frame.sid) {
    notice(`A message with another APP_SID was passed over: ${message.command}.`);
  } else {
    note("→", message.command, message.params);
    obey(frame, message);
  }
}

async function obey(frame, { command, params, key }) {
  const reply = (value) => {
    note("←", command, value);
    frame.answer(key, value);
  };
  try {
    await (Object.hasOwn(commands, command) ? commands[command] : unknown(command))(frame, params, reply);
  } catch (refusal) {
    // As the portal does: the application hears nothing, the person does.
    note("✗", command, refusal.message);
    notice(`${command}: ${refusal.message}`);
  }
}

/** An application must not wait for ever for a command that nobody knows. */
const unknown = (command) => (frame, params, reply) => {
  notice(`This page knows no command ${command}: it answered null.`);
  reply(null);
};

window.addEventListener("message", hear);
const opened = JSON.parse(document.getElementById("opened").textContent);
addFrame(new Frame(opened, document.getElementById("application"), document.getElementById("pagetitle")));

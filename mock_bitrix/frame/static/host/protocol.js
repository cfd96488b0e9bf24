/** The wire between an application in a frame and the page around it. */

/**
 * What an application says: `command[:JSON]:key:APP_SID`, or an object where the command has a
 * colon in its name. `params` undefined: none. Null: something else that landed here.
 */
export function parse(data) {
  if (typeof data === "string") {
    return fromText(data.split(":"));
  }
  if (data !== null && typeof data === "object" && typeof data.method === "string") {
    const { method, params, callback, appSid } = data;
    return { command: method, params: params === "" ? undefined : params, key: callback, sid: appSid };
  }
  return null;
}

function fromText(parts) {
  if (parts.length < 3) {
    return null;
  }
  const sid = parts.pop();
  const key = parts.pop();
  const command = parts.shift();
  return { command, params: valueOf(parts.join(":")), key, sid };
}

/** Some commands send plain text where others send JSON. */
function valueOf(text) {
  if (text === "") {
    return undefined;
  }
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** An answer, as it goes back. */
export function answer(key, value) {
  return `${key}:${value === undefined ? "" : JSON.stringify(value)}`;
}

// The talk with the page around the frame: `command[:JSON]:key:APP_SID`, answered by `key:JSON`.

const callbacks = new Map();
let lastKey = 0;

/** Send a command; `callback` gets the answer, every one of them where it is `lasting`. */
function command(name, params, callback, lasting = false) {
  lastKey += 1;
  const key = `bx24k${lastKey}`;
  if (callback) {
    callbacks.set(key, { callback, lasting });
  }
  window.parent.postMessage(written(name, params, key), portal);
}

function written(name, params, key) {
  if (name.includes(":")) {
    return { method: name, params: params ?? "", callback: key, appSid: frameName.sid };
  }
  const text = typeof params === "string" ? params : JSON.stringify(params ?? {});
  return [name, ...(text === "{}" ? [] : [text]), key, frameName.sid].join(":");
}

function hear(event) {
  if (event.origin !== portal || event.source !== window.parent || typeof event.data !== "string") {
    return;
  }
  const colon = event.data.indexOf(":");
  const key = event.data.slice(0, colon);
  const found = callbacks.get(key);
  if (!found) {
    return;
  }
  if (!found.lasting) {
    callbacks.delete(key);
  }
  const text = event.data.slice(colon + 1);
  found.callback(...(text === "" ? [] : [JSON.parse(text)]));
}

window.addEventListener("message", hear);

// Tokens are renewed once, however many ask for it at the same time.
let renewing = null;

function renew() {
  renewing ??= new Promise((resolve) => {
    command("refreshAuth", {}, (data) => {
      renewing = null;
      keepAuth(data);
      resolve();
    });
  });
  return renewing;
}

BX24.refreshAuth = (callback) => {
  if (!waiting) {
    renew().then(() => callback && callback(BX24.getAuth()));
  }
};

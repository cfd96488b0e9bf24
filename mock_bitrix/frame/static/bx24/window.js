// The portal's window around the frame: its size, its title, its dialogs, its chats.

const orNothing = (callback) => (answer) => {
  if (callback && answer !== null) { // null: the dialog was closed without a choice
    callback(answer);
  }
};

BX24.resizeWindow = (width, height, callback) => {
  const size = { width: Number.parseInt(width, 10), height: Number.parseInt(height, 10) };
  if (size.width > 0 && size.height > 0) {
    command("resizeWindow", size, callback);
  }
};

BX24.fitWindow = (callback) => {
  command("resizeWindow", { width: "100%", height: BX24.getScrollSize().scrollHeight }, callback);
};

BX24.getScrollSize = () => {
  const { body, documentElement: root } = document;
  return {
    scrollWidth: Math.max(root.scrollWidth, root.offsetWidth, body ? body.scrollWidth : 0),
    // Not root.scrollHeight, which is never less than the frame has already.
    scrollHeight: Math.max(Math.ceil(root.getBoundingClientRect().height), body ? body.scrollHeight : 0),
  };
};

BX24.scrollParentWindow = (scroll, callback) => {
  const position = Number.parseInt(scroll, 10);
  if (!Number.isNaN(position)) {
    command("setScroll", { scroll: Math.max(position, 0) }, callback);
  }
};

BX24.reloadWindow = (callback) => command("reloadWindow", {}, callback);
BX24.setTitle = (title, callback) => command("setTitle", { title: title.toString() }, callback);
BX24.closeApplication = (callback) => command("closeApplication", {}, callback);

BX24.openApplication = (params, callback, settings) => {
  const own = Object.entries(settings ?? {}).map(([name, value]) => [`bx24_${name}`, value]);
  const closed = callback && (() => callback());
  command("openApplication", { ...params, ...Object.fromEntries(own) }, closed);
};

BX24.openPath = (path, callback) => command("openPath", { path }, callback);

// A title may come first; the portal's dialogs don't show it.
BX24.selectUser = (...given) => command("selectUser", { mult: false }, orNothing(given.at(-1)));
BX24.selectUsers = (...given) => command("selectUser", { mult: true }, orNothing(given.at(-1)));

BX24.selectAccess = (...given) => {
  const value = given.find(Array.isArray) ?? [];
  command("selectAccess", { value }, orNothing(given.at(-1)));
};

BX24.selectCRM = (params, callback) => {
  const { entityType, multiple, value } = params ?? {};
  command("selectCRM", { entityType, multiple, value }, orNothing(callback));
};

BX24.im = {
  callTo: (userId, video = true) => command("imCallTo", { userId, video }),
  phoneTo: (phone) => command("imPhoneTo", { phone }),
  openMessenger: (dialogId) => command("imOpenMessenger", { dialogId }),
  openHistory: (dialogId) => command("imOpenHistory", { dialogId }),
};

BX24.placement = {
  info: () => ({
    placement: told ? told.PLACEMENT : "",
    options: told ? told.PLACEMENT_OPTIONS : {},
  }),
  getInterface: (callback) => command("getInterface", {}, callback),
  bindEvent: (event, callback) => command("placementBindEvent", { event }, callback, true),
  call: (name, params, callback) => {
    const named = typeof params === "function" ? {} : params;
    command(name, named, typeof params === "function" ? params : callback);
  },
};

// Small helpers that have nothing to do with the portal; and the first message to it.

BX24.isReady = () => document.readyState !== "loading";

BX24.ready = (handler) => {
  if (BX24.isReady()) {
    setTimeout(handler, 0);
  } else {
    document.addEventListener("DOMContentLoaded", () => handler(), { once: true });
  }
};

BX24.bind = (element, name, handler) => element.addEventListener(name, handler);
BX24.unbind = (element, name, handler) => element.removeEventListener(name, handler);

const proxies = new WeakMap();
let proxyContext = null;

/** The same function for the same handler and object, so that it can be unbound again. */
BX24.proxy = (handler, object) => {
  const ofHandler = proxies.get(handler) ?? new Map();
  proxies.set(handler, ofHandler);
  if (!ofHandler.has(object)) {
    ofHandler.set(object, function proxy(...given) {
      const before = proxyContext;
      proxyContext = this;
      try {
        return handler.apply(object, given);
      } finally {
        proxyContext = before;
      }
    });
  }
  return ofHandler.get(object);
};

BX24.proxyContext = () => proxyContext;

function loadOne(source, done) {
  const script = document.createElement("script");
  script.src = source;
  script.onload = done;
  (document.head ?? document.documentElement).append(script);
}

BX24.loadScript = (scripts, callback) => {
  const load = ([first, ...rest]) => {
    if (first === undefined) {
      if (callback) {
        callback();
      }
    } else {
      loadOne(first, () => load(rest));
    }
  };
  BX24.ready(() => load([scripts].flat()));
};

command("getInitData", {}, start);

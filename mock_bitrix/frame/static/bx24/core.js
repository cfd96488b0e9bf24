// Where the application stands, and what the portal has told it.

const BX24 = {};

const frameName = (() => {
  const [domain, protocol, sid] = String(window.name).split("|");
  return { domain: domain.replace(/:(80|443)$/, ""), protocol, sid };
})();

if (!frameName.domain || !frameName.sid || window.parent === window) {
  window.BX24 = null;
  throw new Error("Unable to initialize Bitrix24 JS library! Open the page in a portal's frame.");
}

window.BX24 = BX24;

const portal = `${frameName.protocol === "1" ? "https" : "http"}://${frameName.domain}`;

// What getInitData has answered; null until then.
let told = null;
let auth = { token: null, refresh: null, expires: 0 };

function keepAuth({ AUTH_ID, REFRESH_ID, AUTH_EXPIRES }) {
  auth = { token: AUTH_ID, refresh: REFRESH_ID, expires: Date.now() + Number(AUTH_EXPIRES) * 1000 };
}

// Work that waits until the library is ready; null: it is.
let waiting = [];
const installers = [];
// Whether a chain of first-launch handlers goes on: then installFinish means the next of them.
let nextInstaller = null;

function whenReady(work) {
  if (waiting) {
    waiting.push(work);
  } else {
    setTimeout(work, 0);
  }
}

function becomeReady() {
  const works = waiting;
  waiting = null;
  works.forEach((work) => {
    try {
      work();
    } catch (error) {
      setTimeout(() => { throw error; }, 0); // one handler's mistake is not the next one's
    }
  });
}

function start(data) {
  told = data;
  keepAuth(data);
  runInstallers(data.FIRST_RUN ? [...installers] : []);
}

function runInstallers(left) {
  if (left.length === 0) {
    nextInstaller = null;
    afterInstallers();
    return;
  }
  nextInstaller = () => runInstallers(left.slice(1));
  const handler = left[0];
  if (typeof handler === "string") {
    loadOne(handler, () => {});
    return;
  }
  try {
    handler();
  } catch (error) {
    console.error(error);
    alert("Installation failed!");
  }
}

function afterInstallers() {
  if (!told.FIRST_RUN) {
    becomeReady();
    return;
  }
  command("setInstall", { install: true }, () => {
    const onlyInstalls = told.INSTALL && installers.length > 0 && waiting.length === 0;
    becomeReady();
    if (onlyInstalls) {
      command("setInstallFinish", {}); // there is nobody else who would say so
    }
  });
}

BX24.init = (handler) => {
  if (handler) {
    whenReady(handler);
  }
};

BX24.install = (handler) => {
  if (handler && !told) {
    installers.push(handler);
  }
};

BX24.installFinish = () => {
  if (nextInstaller) {
    const next = nextInstaller;
    nextInstaller = null;
    next();
  } else if (told && told.INSTALL) {
    command("setInstallFinish", {});
  }
};

BX24.getAuth = () => {
  if (waiting || auth.expires <= Date.now()) {
    return false;
  }
  return {
    access_token: auth.token,
    refresh_token: auth.refresh,
    expires_in: auth.expires,
    domain: BX24.getDomain(),
    member_id: told.MEMBER_ID,
  };
};

BX24.isAdmin = () => Boolean(told && told.IS_ADMIN);
BX24.getLang = () => (told ? told.LANG : "");
BX24.getDomain = () => frameName.domain;

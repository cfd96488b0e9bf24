// What the application stores in the portal: for itself, and for each user.

function options(kind, name, mayWrite) {
  const change = (option, value, callback) => {
    if (!waiting && mayWrite()) {
      told[kind] = { ...told[kind], [option]: value };
      command(name, { name: option, value }, (stored) => {
        told[kind] = stored;
        if (callback) {
          callback(stored);
        }
      });
    }
  };
  const get = (option) => (waiting ? undefined : told[kind][option]);
  return { get, set: change };
}

BX24.appOption = options("APP_OPTIONS", "setAppOption", BX24.isAdmin);
BX24.userOption = options("USER_OPTIONS", "setUserOption", () => true);

// A REST call over HTTP: parameters as a form, as PHP reads them.

/** `a[b][0]=c` and so on; gives a list of pairs. Files are read, so it takes a moment. */
async function pairs(value, name) {
  if (value === undefined || value === null || typeof value === "function") {
    return [];
  }
  if (value instanceof Element) {
    return pairs(await ofField(value), name);
  }
  if (value instanceof Date) {
    return [[name, value.toISOString()]];
  }
  if (typeof value === "boolean") {
    return [[name, value ? "1" : "0"]];
  }
  if (typeof value === "object") {
    return members(value, name);
  }
  return [[name, String(value)]];
}

async function members(value, name) {
  const found = [];
  for (const [key, each] of Object.entries(value)) {
    found.push(...await pairs(each, name === undefined ? key : `${name}[${key}]`));
  }
  return found;
}

/** What a form's field holds; a file as its name and its content in base64. */
async function ofField(field) {
  if (field.type !== "file") {
    return field.type === "checkbox" && !field.checked ? null : field.value;
  }
  const files = await Promise.all([...field.files].map(readFile));
  return field.multiple ? files : files[0];
}

function readFile(file) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve([file.name, reader.result.slice(reader.result.indexOf(",") + 1)]);
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(file);
  });
}

function encode(list) {
  return list.map((pair) => pair.map(encodeURIComponent).join("=")).join("&");
}

async function toQuery(params) {
  return encode(await pairs(params ?? {}));
}

/** Call a method; `done` gets status and body. A fresh token is fetched where one is needed. */
function call(method, params, done) {
  const request = new XMLHttpRequest();
  attempt(request, method, params, done, true);
  return request;
}

async function attempt(request, method, params, done, mayRenew) {
  if (auth.expires <= Date.now()) {
    await renew();
  }
  const used = auth.token;
  const body = await toQuery({ ...params, auth: used });
  request.open("POST", `${portal}${told.PATH}/${method}.json`);
  request.setRequestHeader("Content-Type", "application/x-www-form-urlencoded");
  request.onload = () => {
    const answer = read(request);
    if (answer.error === "expired_token" && mayRenew) {
      if (auth.token === used) { // nobody else has renewed it meanwhile
        auth.expires = 0;
      }
      attempt(new XMLHttpRequest(), method, params, done, false);
    } else {
      done(answer, request.status);
    }
  };
  request.onerror = () => { throw new Error("Query error!"); };
  request.send(body);
}

/** A server's failure reaches nobody's callback: so it is with the portal's own library. */
function read(request) {
  if (request.status >= 500) {
    throw new Error("Query error!");
  }
  return JSON.parse(request.responseText);
}

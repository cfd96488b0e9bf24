// Calling methods, one by one and many at once.

function callMethod(method, params, callback) {
  return call(method, params, (answer, status) => {
    if (callback) {
      callback(new AjaxResult(answer, status, { method, params, callback }));
    }
  });
}

BX24.callMethod = (method, params, callback) => {
  if (waiting && !nextInstaller) {
    whenReady(() => callMethod(method, params, callback));
    return undefined;
  }
  return callMethod(method, params, callback);
};

BX24.callBatch = (calls, callback, halt) => {
  if (waiting && !nextInstaller) {
    whenReady(() => callBatch(calls, callback, halt));
    return undefined;
  }
  return callBatch(calls, callback, halt);
};

async function callBatch(calls, callback, halt) {
  const queries = Object.entries(calls).map(([key, each]) => [key, asQuery(each)]);
  const cmd = {};
  for (const [key, { method, params }] of queries) {
    cmd[key] = `${method}?${await toQuery(params)}`;
  }
  call("batch", { cmd, halt: Boolean(halt) }, (answer, status) => {
    const results = Array.isArray(calls) ? [] : {};
    for (const [key, query] of queries) {
      results[key] = new AjaxResult(answerOf(answer, key), status, query);
    }
    if (callback) {
      callback(results);
    }
  });
}

/** A call is `[method, params]` or `{method, params}`. */
function asQuery(given) {
  const [method, params] = Array.isArray(given) ? given : [given.method, given.params];
  return { method, params };
}

/** One call's part of a batch's answer; a batch that was refused refuses each. */
function answerOf(answer, key) {
  if (answer.error) {
    return answer;
  }
  const part = (name) => answer.result[name]?.[key];
  return {
    result: part("result"),
    error: part("result_error"),
    total: part("result_total"),
    next: part("result_next"),
    time: part("result_time"),
  };
}

function subscription(method) {
  return function change(event, handler, authType, callback) {
    if (waiting) {
      whenReady(() => change(event, handler, authType, callback));
      return false;
    }
    if (!BX24.isAdmin()) {
      return false;
    }
    callMethod(method, { event, handler, auth_type: authType }, callback);
    return undefined;
  };
}

BX24.callBind = subscription("event.bind");
BX24.callUnbind = subscription("event.unbind");
BX24.callUnBind = BX24.callUnbind;

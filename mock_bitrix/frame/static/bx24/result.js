// What a callback gets.

class CallError {
  constructor(status, ex) {
    this.status = status;
    this.ex = ex;
  }

  getError() {
    return this.ex;
  }

  getStatus() {
    return this.status;
  }

  toString() {
    const { error, error_description: text } = this.ex;
    return `${error}${text ? `: ${text}` : ""} (${this.status})`;
  }
}

class AjaxResult {
  constructor(answer, status, query) {
    this.answer = answer;
    this.status = status;
    this.query = query;
  }

  data() {
    return this.answer.result;
  }

  time() {
    return this.answer.time;
  }

  /** The refusal, where there is one; in a batch it is an object of its own. */
  error() {
    const { error } = this.answer;
    if (error === undefined || error === null || error === "") {
      return undefined;
    }
    return new CallError(this.status, typeof error === "object" ? error : this.answer);
  }

  more() {
    return this.answer.next !== undefined && !Number.isNaN(Number.parseInt(this.answer.next, 10));
  }

  total() {
    return Number.parseInt(this.answer.total, 10);
  }

  /** Fetch the next page, for the same callback or another one; false: there is none. */
  next(callback) {
    if (!this.more()) {
      return false;
    }
    const { method, params, callback: before } = this.query;
    return callMethod(method, { ...params, start: this.answer.next }, callback ?? before);
  }
}

// The buyer's calls over HTTP. Everything else goes over the line (../Protocol/connection.js).

/** @typedef {import("../Protocol/shapes.js").Problem} Problem */

/** A failed HTTP call; `problem` when the server said why. */
export class Failed extends Error {
  /**
   * @param {number} status 0 = nothing came back
   * @param {Problem|null} problem
   */
  constructor(status, problem) {
    super(problem?.code ?? `status ${status}`);
    this.status = status;
    this.problem = problem;
  }
}

let uploadsFailed = 0;
/**
 * Without a line it does not load; then the file waits like any other, and the next try asks by another address.
 * @returns {Promise<typeof import("./upload.js")>}
 */
const loadUpload = () => import(uploadsFailed ? `./upload.js?${uploadsFailed}` : "./upload.js").catch(() => {
  uploadsFailed += 1;
  throw new Failed(0, null);
});

export class Calls {
  /**
   * Who calls; nobody yet when null.
   * @type {string|null}
   */
  token = null;

  /** @param {string} base origin of the server */
  constructor(base) {
    this.base = base;
  }

  /**
   * @param {string} method
   * @param {string} path
   * @param {object} [body]
   * @returns {Promise<any>}
   */
  async ask(method, path, body) {
    let answer;
    try {
      answer = await fetch(this.base + path, {
        method, credentials: "omit", ...(body ? { body: JSON.stringify(body) } : {}),
        headers: {
          ...(body ? { "Content-Type": "application/json" } : {}), ...(this.token ? { Authorization: `Bearer ${this.token}` } : {}),
        },
      });
    } catch {
      throw new Failed(0, null);
    }
    const content = await answer.json().catch(() => null);
    if (!answer.ok) throw new Failed(answer.status, content?.error ?? null);
    return content;
  }

  /**
   * @param {Blob} file
   * @param {string} name
   * @param {(part: number) => void} progress 0…1
   */
  async upload(file, name, progress) {
    return (await loadUpload()).upload(this, file, name, progress);
  }

  /**
   * @param {string} upload
   * @param {boolean} [small]
   * @returns {Promise<Blob>}
   */
  async file(upload, small = false) {
    const answer = await fetch(`${this.base}/v1/uploads/${encodeURIComponent(upload)}${small ? "/thumbnail" : ""}`, {
      headers: { Authorization: `Bearer ${this.token}` }, credentials: "omit",
    });
    if (!answer.ok) throw new Failed(answer.status, null);
    return answer.blob();
  }
}

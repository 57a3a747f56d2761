// The buyer's calls over HTTP: questions and files. Everything else goes over the line (../Protocol/connection.js).

/** @typedef {import("../Protocol/shapes.js").Problem} Problem */

/** @type {Problem} */
const notTaken = {
  code: "upload.refused", message: { zh: "这个文件没有被接受。", en: "The file was not accepted." }, retry: false,
};

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
   * @param {(part: number) => void} progress
   * @returns {Promise<import("../Protocol/shapes.js").Attachment>}
   */
  upload(file, name, progress) {
    return new Promise((resolve, reject) => {
      // fetch does not tell how far an upload has come.
      const request = new XMLHttpRequest();
      request.open("POST", `${this.base}/v1/uploads?name=${encodeURIComponent(name || "file")}`);
      request.setRequestHeader("Authorization", `Bearer ${this.token}`);
      request.setRequestHeader("Content-Type", file.type || "application/octet-stream");
      request.upload.onprogress = (e) => e.lengthComputable && progress(e.loaded / e.total);
      request.onload = () => {
        let content = null;
        try {
          content = JSON.parse(request.responseText);
        } catch {
          // Not ours; the status speaks.
        }
        if (request.status < 300 && content) resolve(content);
        else reject(new Failed(request.status, content?.error ?? (request.status >= 400 && request.status < 500 ? notTaken : null)));
      };
      request.onerror = request.onabort = () => reject(new Failed(0, null));
      request.send(file);
    });
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

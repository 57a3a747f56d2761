// A file on its way to the server; loaded when the first one is sent.

import { Failed } from "./calls.js";

/** @type {import("../Protocol/shapes.js").Problem} */
const notTaken = {
  code: "upload.refused", message: { zh: "这个文件没有被接受。", en: "The file was not accepted." }, retry: false,
};

/**
 * @param {import("./calls.js").Calls} calls
 * @param {Blob} file
 * @param {string} name
 * @param {(part: number) => void} progress 0…1
 * @returns {Promise<import("../Protocol/shapes.js").Attachment>}
 */
export function upload(calls, file, name, progress) {
  return new Promise((resolve, reject) => {
    // fetch does not tell how far an upload has come.
    const request = new XMLHttpRequest();
    request.open("POST", `${calls.base}/v1/uploads?name=${encodeURIComponent(name || "file")}`);
    request.setRequestHeader("Authorization", `Bearer ${calls.token}`);
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

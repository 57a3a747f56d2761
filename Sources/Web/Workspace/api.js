// HTTP calls of the workspace: JSON in, JSON out, failures as `Refusal` in the person's language.

/** @typedef {{zh: string, en: string}} Both a sentence in both languages */
/** @typedef {{code: string, message: Both, instead?: Both | null, retry?: boolean, field?: string | null}} ErrorShape */

/** A refusal or failure of the server or of the way to it. `message` and `instead` are for people. */
export class Refusal extends Error {
    /**
     * @param {ErrorShape} shape
     * @param {"zh" | "en"} language
     * @param {number} [status] HTTP status; 0 = no answer came
     */
    constructor(shape, language, status = 0) {
        super(shape.message?.[language] || shape.message?.zh || shape.code);
        this.name = "Refusal";
        this.code = shape.code;
        this.status = status;
        this.instead = shape.instead?.[language] || "";
        this.retry = shape.retry === true;
        this.field = shape.field ?? null;
        this.shape = shape;
    }
}

const offline = {
    code: "network.offline",
    message: { zh: "连不上服务器。", en: "The server cannot be reached." },
    instead: { zh: "请检查网络，稍后重试。", en: "Check the network and try again." },
    retry: true,
};
const unreadable = {
    code: "network.unreadable",
    message: { zh: "服务器的回答无法读取。", en: "The server's answer could not be read." },
    instead: { zh: "请重试；若仍不行，请告诉管理员。", en: "Try again; if it persists, tell your administrator." },
    retry: true,
};

/**
 * @typedef {object} UploadOptions
 * @property {(share: number) => void} [progress] called with 0…1
 * @property {AbortSignal} [signal]
 * @property {string} [path] where to, when not to the uploads of conversations
 */

/**
 * The workspace's HTTP client. Paths are relative to `/v1`.
 * @param {{language: () => "zh" | "en", signedOut?: (refusal: Refusal) => void}} options
 */
export function createAPI({ language, signedOut }) {
    /**
     * @param {string} method
     * @param {string} path
     * @param {unknown} [body]
     * @param {{signal?: AbortSignal}} [options]
     * @returns {Promise<any>} the decoded answer; null for an empty one
     */
    async function call(method, path, body, options = {}) {
        /** @type {Response} */
        let answer;
        try {
            answer = await fetch(`/v1${path}`, {
                method,
                credentials: "same-origin",
                headers: body === undefined ? {} : { "content-type": "application/json" },
                body: body === undefined ? undefined : JSON.stringify(body),
                signal: options.signal,
            });
        } catch (problem) {
            if (problem instanceof DOMException && problem.name === "AbortError") throw problem;
            throw new Refusal(offline, language());
        }
        const text = await answer.text();
        return decode(answer.status, text);
    }

    /**
     * @param {number} status
     * @param {string} text
     */
    function decode(status, text) {
        let value = null;
        try {
            value = text ? JSON.parse(text) : null;
        } catch {
            throw new Refusal(unreadable, language(), status);
        }
        if (status >= 200 && status < 300) return value;
        const refusal = new Refusal(value?.error ?? unreadable, language(), status);
        if (status === 401) signedOut?.(refusal);
        throw refusal;
    }

    /**
     * Sends bytes as they are, with progress (fetch cannot report it).
     * @param {Blob} file
     * @param {string} name
     * @param {UploadOptions} [options]
     * @returns {Promise<any>} the upload: id, name, type, size, width, height
     */
    function upload(file, name, options = {}) {
        return new Promise((resolve, reject) => {
            const request = new XMLHttpRequest();
            request.open("POST", `/v1${options.path ?? "/uploads"}?name=${encodeURIComponent(name)}`
                + (file instanceof File ? `&modified=${file.lastModified}` : ""));
            request.upload.onprogress = (event) => {
                if (event.lengthComputable) options.progress?.(event.loaded / event.total);
            };
            request.onload = () => {
                try {
                    resolve(decode(request.status, request.responseText));
                } catch (problem) {
                    reject(problem);
                }
            };
            request.onerror = () => reject(new Refusal(offline, language()));
            request.onabort = () => reject(new DOMException("Aborted", "AbortError"));
            options.signal?.addEventListener("abort", () => request.abort());
            request.setRequestHeader("content-type", file.type || "application/octet-stream");
            request.send(file);
        });
    }

    return {
        call,
        upload,
        /**
         * @param {string} path
         * @param {{signal?: AbortSignal}} [options]
         */
        get: (path, options) => call("GET", path, undefined, options),
        /**
         * @param {string} path
         * @param {unknown} [body]
         */
        post: (path, body) => call("POST", path, body ?? {}),
        /**
         * @param {string} path
         * @param {unknown} [body]
         */
        put: (path, body) => call("PUT", path, body ?? {}),
        /**
         * @param {string} path
         * @param {unknown} [body]
         */
        patch: (path, body) => call("PATCH", path, body ?? {}),
        /**
         * @param {string} path
         * @param {unknown} [body]
         */
        delete: (path, body) => call("DELETE", path, body),
        /**
         * A refusal that came over the socket, as the same error.
         * @param {ErrorShape} shape
         */
        refusal: (shape) => new Refusal(shape, language()),
    };
}

/** @typedef {ReturnType<typeof createAPI>} API */

/**
 * A query string from the values that are set.
 * @param {Record<string, string | number | boolean | null | undefined>} values
 */
export function query(values) {
    const parameters = new URLSearchParams();
    for (const [name, value] of Object.entries(values)) {
        if (value !== undefined && value !== null && value !== "") parameters.set(name, String(value));
    }
    const text = parameters.toString();
    return text ? `?${text}` : "";
}

// Commands that a person has given and the server has not yet answered. They are kept in IndexedDB before they are
// sent, so they survive a closed tab; they go out in order per conversation and with the same key until they are
// acknowledged or refused. Tabs of one person share the box: a lock per conversation lets one of them send, and
// should two send all the same, the key makes it one message. (A browser older than Web Locks, 2022, goes without.)
// Where the browser keeps nothing, a list in memory stands in and says so.

/** @typedef {import("./shapes.js").Frame} Frame */
/** @typedef {import("./shapes.js").Ack} Ack */
/** @typedef {import("./shapes.js").Attachment} Attachment */
/** @typedef {import("./shapes.js").Problem} Problem */

/**
 * @typedef {object} Entry
 * @property {number} [id] order of writing
 * @property {string} key
 * @property {string} lane the conversation; entries of one lane go out one after the other
 * @property {Frame} frame
 * @property {number} at when it was written, local clock
 * @property {"waiting"|"failed"} state failed = refused; it stays until the person retries or drops it
 * @property {Problem|null} problem why it was refused
 * @property {Blob|null} [file] to be uploaded first; its upload then goes into `frame.upload`
 * @property {string} [fileName]
 * @property {Attachment|null} [attachment] the finished upload
 */

/**
 * What the box tells. `acked` reaches every tab; `progress` (0…1 of an upload) only the one that sends.
 * @typedef {{type: "changed"} | {type: "acked", entry: Entry, ack: Ack} | {type: "refused", entry: Entry}
 *   | {type: "progress", key: string, part: number}} News
 */

/**
 * @typedef {object} Options
 * @property {string} name one person's box, e.g. "buyer-5"; others' boxes are never read
 * @property {(frame: Frame) => Promise<Ack>} send rejects with `Refused` for good, with anything else to be tried again
 * @property {(file: Blob, name: string, progress: (part: number) => void) => Promise<Attachment>} [upload]
 * @property {(news: News) => void} [onNews]
 * @property {Drawer} [drawer] where entries are kept; IndexedDB by default
 */

/** How long a broken delivery rests before it is tried again while the line is live, ms. */
const firstWait = 1_000;
const longestWait = 60_000;

export class Outbox {
  /**
   * In order of writing. Replaced, never changed in place.
   * @type {readonly Entry[]}
   */
  entries = [];
  /** False when the browser keeps nothing: what is unsent is lost with the tab, and the person must be told so. */
  durable = false;

  #options;
  /** @type {Drawer|null} */
  #drawer = null;
  /** @type {BroadcastChannel|null} */
  #channel = null;
  /** @type {Set<string>} */
  #draining = new Set();
  /** @type {Promise<void>|null} */
  #opened = null;
  #failures = 0;
  #open = false;
  #closed = false;

  /** @param {Options} options */
  constructor(options) {
    this.#options = options;
  }

  /** Reads what an earlier tab left. Nothing is sent before `resume`. */
  async open() {
    await (this.#opened ??= this.#openOnce());
    return this;
  }

  async #openOnce() {
    this.#drawer = this.#options.drawer ?? (await openDrawer(`qinke-outbox-${this.#options.name}`));
    this.durable = this.#drawer.durable;
    if (globalThis.BroadcastChannel) {
      this.#channel = new BroadcastChannel(`qinke-outbox-${this.#options.name}`);
      this.#channel.onmessage = ({ data }) => void this.#overheard(data);
    }
    await this.#reload();
  }

  close() {
    this.#closed = true;
    this.#channel?.close();
    this.#drawer?.close();
  }

  /** The line is live: send what waits. */
  resume() {
    this.#open = true;
    for (const lane of new Set(this.entries.map((e) => e.lane))) void this.#drain(lane);
  }

  /** The line is down: finish nothing new. */
  pause() {
    this.#open = false;
  }

  /**
   * Keeps a command, then sends it. Resolves when it is kept, not when it is sent.
   * @param {Frame} frame with its key
   * @param {{lane: string, file?: Blob|null, fileName?: string}} where
   * @returns {Promise<Entry>}
   */
  async add(frame, { lane, file = null, fileName = "" }) {
    const key = frame.key;
    if (!key) throw new TypeError("a command needs a key");
    /** @type {Entry} */
    const entry = { key, lane, frame, at: Date.now(), state: "waiting", problem: null, file, fileName, attachment: null };
    this.entries = [...this.entries, entry];
    this.#tell({ type: "changed" });
    await this.#opened;
    if (this.#drawer) entry.id = await this.#drawer.put(entry);
    this.#say({ type: "changed" });
    if (this.#open) void this.#drain(lane);
    return entry;
  }

  /**
   * Tries a refused entry once more. A refusal stored nothing, so the same key may serve again.
   * @param {string} key
   */
  async retry(key) {
    const entry = this.entries.find((e) => e.key === key && e.state === "failed");
    if (!entry) return;
    await this.#store({ ...entry, state: "waiting", problem: null });
    if (this.#open) void this.#drain(entry.lane);
  }

  /**
   * Drops an entry that is not on its way.
   * @param {string} key
   */
  async discard(key) {
    const entry = this.entries.find((e) => e.key === key);
    if (entry) await this.#remove(entry);
    this.#say({ type: "changed" });
  }

  /** @param {string} lane */
  async #drain(lane) {
    if (this.#draining.has(lane) || !this.#drawer) return;
    this.#draining.add(lane);
    try {
      await this.#drawer.alone(lane, async () => {
        await this.#reload(); // another tab may have sent some meanwhile
        for (let entry = this.#next(lane); entry && this.#open && !this.#closed; entry = this.#next(lane)) {
          await this.#deliver(entry);
        }
      });
      this.#failures = 0;
    } catch {
      // The line or an upload broke. The entry stays; it goes out on the next `resume`, or after a while.
      const wait = Math.min(longestWait, firstWait * 2 ** this.#failures++);
      setTimeout(() => {
        if (this.#open && !this.#closed) void this.#drain(lane);
      }, wait);
      return;
    } finally {
      this.#draining.delete(lane);
    }
    if (this.#open && !this.#closed && this.#next(lane)) void this.#drain(lane);
  }

  /** @param {string} lane */
  #next(lane) {
    return this.entries.find((e) => e.lane === lane && e.state === "waiting");
  }

  /** @param {Entry} entry */
  async #deliver(entry) {
    try {
      const ready = await this.#uploaded(entry);
      const ack = await this.#options.send(ready.frame);
      await this.#remove(ready);
      const news = /** @type {News} */ ({ type: "acked", entry: { ...ready, file: null }, ack });
      this.#tell(news);
      this.#say(news);
    } catch (error) {
      const problem = /** @type {{problem?: Problem}} */ (error).problem;
      if (!problem || problem.retry) throw error;
      const refused = /** @type {Entry} */ ({ ...(this.entries.find((e) => e.key === entry.key) ?? entry), state: "failed", problem });
      await this.#store(refused);
      this.#tell({ type: "refused", entry: refused });
    }
  }

  /**
   * @param {Entry} entry
   * @returns {Promise<Entry>}
   */
  async #uploaded(entry) {
    if (!entry.file || entry.attachment || !this.#options.upload) return entry;
    const attachment = await this.#options.upload(entry.file, entry.fileName ?? "", (part) => {
      this.#tell({ type: "progress", key: entry.key, part });
    });
    const kind = attachment.type.startsWith("image/") ? "image" : "file";
    const ready = { ...entry, attachment, frame: { ...entry.frame, kind, upload: attachment.upload } };
    await this.#store(ready);
    return ready;
  }

  /** @param {Entry} entry */
  async #store(entry) {
    this.entries = this.entries.map((e) => (e.key === entry.key ? entry : e));
    await this.#drawer?.put(entry);
    this.#tell({ type: "changed" });
    this.#say({ type: "changed" });
  }

  /** @param {Entry} entry */
  async #remove(entry) {
    this.entries = this.entries.filter((e) => e.key !== entry.key);
    const id = entry.id ?? (await this.#drawer?.all())?.find((kept) => kept.key === entry.key)?.id;
    if (id !== undefined) await this.#drawer?.remove(id);
    this.#tell({ type: "changed" });
  }

  async #reload() {
    const kept = await this.#drawer?.all();
    if (!kept || this.#closed) return;
    // An entry just added here may not have reached the drawer yet.
    const unkept = this.entries.filter((e) => e.id === undefined && !kept.some((k) => k.key === e.key));
    this.entries = [...kept, ...unkept];
    this.#tell({ type: "changed" });
  }

  /** @param {News} news */
  async #overheard(news) {
    if (news.type === "acked") {
      this.entries = this.entries.filter((e) => e.key !== news.entry.key);
      this.#tell(news);
    }
    await this.#reload();
    if (this.#open) for (const lane of new Set(this.entries.map((e) => e.lane))) void this.#drain(lane);
  }

  /** @param {News} news */
  #tell(news) {
    if (!this.#closed) this.#options.onNews?.(news);
  }

  /**
   * To the other tabs.
   * @param {News} news
   */
  #say(news) {
    if (!this.#closed) this.#channel?.postMessage(news);
  }
}

// Where entries are kept ------------------------------------------------------------------------------------------

/**
 * @typedef {object} Drawer
 * @property {boolean} durable
 * @property {() => Promise<any[]>} all in order of their first writing
 * @property {(value: any) => Promise<number>} put a value without `id` is new; answers its id
 * @property {(id: number) => Promise<void>} remove
 * @property {(name: string, act: () => Promise<void>) => Promise<void>} alone runs while no other tab is in the same act
 * @property {() => void} close
 */

/**
 * @param {string} name
 * @returns {Promise<Drawer>}
 */
export async function openDrawer(name) {
  try {
    const database = await openDatabase(name);
    return new DatabaseDrawer(name, database);
  } catch {
    return new MemoryDrawer();
  }
}

/**
 * @param {string} name
 * @returns {Promise<IDBDatabase>}
 */
function openDatabase(name) {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(name, 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore("entries", { keyPath: "id", autoIncrement: true });
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
    request.onblocked = () => reject(new Error("blocked"));
  });
}

/** @implements {Drawer} */
class DatabaseDrawer {
  durable = true;

  /**
   * @param {string} name
   * @param {IDBDatabase} database
   */
  constructor(name, database) {
    this.name = name;
    this.database = database;
    database.onversionchange = () => database.close();
  }

  all() {
    return this.#act("readonly", (store) => store.getAll());
  }

  /** @param {any} value */
  put(value) {
    return this.#act("readwrite", (store) => store.put(value));
  }

  /** @param {number} id */
  remove(id) {
    return this.#act("readwrite", (store) => store.delete(id));
  }

  close() {
    this.database.close();
  }

  /**
   * @param {string} name
   * @param {() => Promise<void>} act
   */
  async alone(name, act) {
    if (globalThis.navigator?.locks) await navigator.locks.request(`${this.name}/${name}`, act);
    else await act();
  }

  /**
   * @param {IDBTransactionMode} mode
   * @param {(store: IDBObjectStore) => IDBRequest} act
   * @returns {Promise<any>} after the transaction is complete, so that what is told is kept
   */
  #act(mode, act) {
    return new Promise((resolve, reject) => {
      const options = mode === "readwrite" ? { durability: "strict" } : {};
      // @ts-ignore the third argument is younger than this compiler's library
      const transaction = this.database.transaction("entries", mode, options);
      const request = act(transaction.objectStore("entries"));
      transaction.oncomplete = () => resolve(request.result);
      transaction.onerror = transaction.onabort = () => reject(transaction.error);
    });
  }
}

/** @implements {Drawer} */
export class MemoryDrawer {
  durable = false;
  /** @type {Map<number, any>} */
  #values = new Map();
  #last = 0;

  async all() {
    return [...this.#values.values()];
  }

  /** @param {any} value */
  async put(value) {
    const id = value.id ?? ++this.#last;
    this.#values.set(id, { ...value, id });
    return id;
  }

  /** @param {number} id */
  async remove(id) {
    this.#values.delete(id);
  }

  /**
   * @param {string} _name
   * @param {() => Promise<void>} act
   */
  async alone(_name, act) {
    await act();
  }

  close() {}
}

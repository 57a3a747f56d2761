// A small ordered store that outlives the tab (IndexedDB), with a lock between tabs (Web Locks). A browser older than
// Web Locks (2022) goes without: two of its tabs may send the same command, and its key makes it one. Where the
// browser keeps nothing, a list in memory stands in and says so.

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

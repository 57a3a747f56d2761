// A small ordered store that outlives the tab (IndexedDB), with a lock between tabs (Web Locks; else a lease in the
// store). Where the browser keeps nothing, a list in memory stands in and says so.

/**
 * @typedef {object} Drawer
 * @property {boolean} durable
 * @property {() => Promise<any[]>} all in order of their first writing
 * @property {(value: any) => Promise<number>} put a value without `id` is new; answers its id
 * @property {(id: number) => Promise<void>} remove
 * @property {(name: string, act: () => Promise<void>) => Promise<void>} alone runs while no other tab is in the same act
 * @property {() => void} close
 */

/** How long a lease holds when its tab stops renewing it, ms. */
const leaseTime = 10_000;

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
      request.result.createObjectStore("leases");
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
    request.onblocked = () => reject(new Error("blocked"));
  });
}

/** @implements {Drawer} */
class DatabaseDrawer {
  durable = true;
  #me = Math.random().toString(36).slice(2);

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
    return this.#act("entries", "readonly", (store) => store.getAll());
  }

  /** @param {any} value */
  put(value) {
    return this.#act("entries", "readwrite", (store) => store.put(value));
  }

  /** @param {number} id */
  remove(id) {
    return this.#act("entries", "readwrite", (store) => store.delete(id));
  }

  close() {
    this.database.close();
  }

  /**
   * @param {string} name
   * @param {() => Promise<void>} act
   */
  async alone(name, act) {
    if (globalThis.navigator?.locks) {
      await navigator.locks.request(`${this.name}/${name}`, act);
      return;
    }
    while (!(await this.#lease(name))) await new Promise((wake) => setTimeout(wake, leaseTime / 5));
    const renewal = setInterval(() => void this.#lease(name), leaseTime / 3);
    try {
      await act();
    } finally {
      clearInterval(renewal);
      await this.#act("leases", "readwrite", (store) => store.delete(name));
    }
  }

  /**
   * @param {string} name
   * @returns {Promise<boolean>} whether the lease is ours now
   */
  #lease(name) {
    return new Promise((resolve, reject) => {
      const transaction = this.database.transaction("leases", "readwrite");
      const store = transaction.objectStore("leases");
      let ours = false;
      const reading = store.get(name);
      reading.onsuccess = () => {
        const held = reading.result;
        ours = !held || held.by === this.#me || held.until < Date.now();
        if (ours) store.put({ by: this.#me, until: Date.now() + leaseTime }, name);
      };
      transaction.oncomplete = () => resolve(ours);
      transaction.onerror = transaction.onabort = () => reject(transaction.error);
    });
  }

  /**
   * @param {string} name
   * @param {IDBTransactionMode} mode
   * @param {(store: IDBObjectStore) => IDBRequest} act
   * @returns {Promise<any>} after the transaction is complete, so that what is told is kept
   */
  #act(name, mode, act) {
    return new Promise((resolve, reject) => {
      const options = mode === "readwrite" ? { durability: "strict" } : {};
      // @ts-ignore the third argument is younger than this compiler's library
      const transaction = this.database.transaction(name, mode, options);
      const request = act(transaction.objectStore(name));
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

// How far each view of the inbox has been read: page by page, each page once, one reading at a time.

/** @typedef {import("./views.js").View} View */

export class Pages {
    /** @type {Map<View, {next: string | null, loaded: boolean, loading: Promise<void> | null}>} */
    #views = new Map();

    /**
     * @param {View} view
     * @param {boolean} anew from the first page
     * @param {(cursor: string | null, done: (next: string | null) => void) => Promise<void>} read calls `done` with
     *   what leads to the next page, null at the end
     */
    load(view, anew, read) {
        const page = this.#views.get(view) ?? { next: null, loaded: false, loading: null };
        this.#views.set(view, page);
        if (page.loading) return page.loading;
        if (page.loaded && !page.next && !anew) return Promise.resolve();
        page.loading = read(page.loaded && !anew ? page.next : null, (next) => {
            page.next = next;
            page.loaded = true;
        }).finally(() => {
            page.loading = null;
        });
        return page.loading;
    }

    /** @param {View} view */
    hasMore(view) {
        const page = this.#views.get(view);
        return !page || !page.loaded || page.next !== null;
    }

    /** @param {View} view */
    isLoaded(view) {
        return this.#views.get(view)?.loaded ?? false;
    }

    /**
     * Forgets everything.
     * @returns {View[]} what was read so far
     */
    forget() {
        const views = [...this.#views.keys()];
        this.#views.clear();
        return views;
    }
}

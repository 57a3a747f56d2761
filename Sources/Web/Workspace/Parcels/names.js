// The names of statuses, problems, carriers and choices, read once from the server.

import { pick } from "../words.js";

/**
 * @typedef {object} Names
 * @property {any[]} carriers
 * @property {{value: string, label: string}[]} problems
 * @property {{value: string, label: string}[]} statuses
 * @property {{value: string, label: string}[]} ticketKinds
 * @property {{value: string, label: string}[]} options
 * @property {(code: string) => string} carrier
 * @property {(code: string) => string} name of anything else
 */

/**
 * @param {import("../shell.js").App} app
 * @returns {Promise<Names>}
 */
export async function readNames(app) {
    const known = await app.api.get("/carriers");
    /** @type {Map<string, string>} */
    const words = new Map();
    const list = /** @param {any[]} some @param {string} kind */ (some, kind) => some.map((one) => {
        words.set(`${kind}.${one.code}`, pick(one.name));
        return { value: one.code, label: pick(one.name) };
    });
    const problems = list(known.problems, "problem");
    const statuses = list(known.statuses, "status");
    const ticketKinds = list(known.ticketKinds, "ticket");
    const options = list(known.options, "option");
    list(known.skips, "skip");
    list(known.routes, "route");
    return {
        carriers: known.carriers, problems, statuses, ticketKinds, options,
        carrier: (code) => known.carriers.find((/** @type {any} */ one) => one.code === code)?.name ?? code,
        name: (code) => words.get(code) ?? code,
    };
}

// The shapes of Docs/api.md §3 as types. Nothing here runs; other modules import the types from JSDoc.

/** @typedef {{zh: string, en: string}} Words */
/** @typedef {{code: string, message: Words, instead?: Words|null, retry?: boolean, field?: string|null}} Problem */
/** @typedef {{kind: "buyer"|"agent"|"bot"|"system", id: string, name: string}} Author */
/** @typedef {{id: string, name: string}} Named */
/** @typedef {{upload: string, name: string, type: string, size: number, width?: number|null, height?: number|null}} Attachment */
/** @typedef {{kind: "product"|"order"|"link", title: string, price?: number|null, image?: string|null, url?: string|null, lines?: [string, string][]|null, item?: string|null, sku?: string|null}} Card */

/**
 * @typedef {object} Message
 * @property {string} id
 * @property {number} number counts every entry of the conversation
 * @property {number|null} follows number of the entry before it that everybody sees
 * @property {number} at ms
 * @property {string|null} [key]
 * @property {Author} author
 * @property {"text"|"image"|"file"|"card"|"system"|"note"} kind
 * @property {string|null} [text]
 * @property {number|null} [replyTo]
 * @property {"all"|"staff"|"owner"} [audience]
 * @property {string[]|null} [mentions]
 * @property {Attachment|null} [attachment]
 * @property {Card|null} [card]
 * @property {{code: string, args?: Record<string, string>|null}|null} [system]
 * @property {number|null} [editedAt]
 * @property {boolean} [withdrawn]
 */

/**
 * @typedef {object} Summary
 * @property {string} id
 * @property {string} channel
 * @property {"queued"|"open"|"snoozed"|"closed"} state
 * @property {{id: string, name: string, verified?: boolean}} buyer
 * @property {Named|null} [owner]
 * @property {Named|null} [group]
 * @property {number} lastNumber
 * @property {number} lastPublic
 * @property {number|null} [waitingSince]
 * @property {number|null} [deadline]
 * @property {{number: number, text: string, kind: string, from: string, at: number}|null} [preview]
 * @property {number} readByAgent
 * @property {number} readByBuyer
 * @property {number} deliveredToBuyer
 * @property {number} unread
 * @property {string[]} tags
 * @property {number|null} [snoozedUntil]
 * @property {string|null} [snoozeNote]
 * @property {string|null} [mergedInto]
 * @property {{reason: string, why: Words, at: number}|null} [assignment]
 * @property {{invited: boolean, score: number|null, comment: string|null}} [rating]
 * @property {number} openedAt
 * @property {number|null} [closedAt]
 * @property {number|null} [queuedSince]
 * @property {number|null} [place]
 * @property {number} [asOf]
 */

/**
 * @typedef {object} EventFrame
 * @property {"event"} type
 * @property {number} event
 * @property {string} kind
 * @property {string} conversation
 * @property {number} at
 * @property {Author} [actor]
 * @property {any} body
 */

/** @typedef {{type: string, key?: string, [field: string]: any}} Frame */
/** @typedef {{type: "ack", key: string, event: number, [field: string]: any}} Ack */

export {};

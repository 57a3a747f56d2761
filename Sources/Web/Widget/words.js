// Both languages of the buyer's window side by side, for the check that neither lacks a text.

import { texts as laterEn } from "./later.en.js";
import { texts as laterZh } from "./later.zh.js";
import { texts as en } from "./texts.en.js";
import { texts as zh } from "./texts.zh.js";

/** @type {import("../Protocol/i18n.js").Catalogue} */
export const words = { zh: { ...zh, ...laterZh }, en: { ...en, ...laterEn } };

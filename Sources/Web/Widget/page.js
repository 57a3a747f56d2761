// /chat/{slug}?lang=en — the buyer's window for links and QR codes.

import { chooseLanguage } from "../Protocol/i18n.js";
import "./chat.js";

const slug = decodeURIComponent(location.pathname.split("/").filter(Boolean).at(-1) ?? "");
const language = chooseLanguage(new URLSearchParams(location.search).get("lang"), ...navigator.languages);
document.documentElement.lang = language;
if (language === "en") document.title = "Customer service";

const chat = document.createElement("qinke-chat");
for (const [name, value] of Object.entries({ shop: slug, lang: language, mode: "page", base: location.origin })) chat.setAttribute(name, value);
document.getElementById("place")?.append(chat);

// The one tag of a shop's page:
//
//   <script src="https://host/widget.js" data-shop="slug" async></script>
//
// and, when wanted: data-identity="signed token" data-lang="en" data-colour="#0f6b5b" data-position="left".
// It puts a <qinke-chat> at the end of the page; everything else is loaded as modules from the tag's own address.
(() => {
  const tag = /** @type {HTMLScriptElement|null} */ (document.currentScript);
  if (!tag || document.querySelector("qinke-chat")) return;
  const chat = document.createElement("qinke-chat");
  for (const name of ["shop", "identity", "lang", "colour", "position"]) {
    const value = tag.dataset[name];
    if (value) chat.setAttribute(name, value);
  }
  const place = () => document.body.append(chat);
  if (document.body) place();
  else document.addEventListener("DOMContentLoaded", place, { once: true });
  import(new URL("widget/chat.js", tag.src).href).catch((error) => console.error("qinke: the chat window did not load", error));
})();

// "Ask about this": hands the product to the chat window as a card. Any shop's page can do the same.

for (const button of document.querySelectorAll("article button")) {
  button.addEventListener("click", () => {
    const article = /** @type {HTMLElement} */ (button.closest("article"));
    const chat = /** @type {import("../chat.js").QinkeChat|null} */ (document.querySelector("qinke-chat"));
    chat?.ask({
      kind: "product", title: article.querySelector("h2")?.textContent ?? "", price: Number(article.dataset.fen),
      image: article.querySelector("img")?.src ?? null, url: `${location.origin}${location.pathname}#${article.id}`, lines: [["货号", article.id]],
    });
  });
}

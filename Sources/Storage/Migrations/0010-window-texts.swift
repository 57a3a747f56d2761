import SQL

/// The chat window's texts in the shop's own words, in both languages; `greeting` held one of them in one language.
let windowTexts = Migration(10, "window texts") { _ in
    ["ALTER TABLE shop_setting ADD COLUMN texts TEXT NOT NULL DEFAULT '{}'"]
}

// How well a text answers what was typed: for the palette and for quick phrases.

/**
 * How well `text` answers `query`: 0 = not at all. All letters must appear in order; runs, starts of
 * words and whole matches count more.
 * @param {string} text
 * @param {string} query both in lower case
 */
export function score(text, query) {
    if (query === "") return 1;
    const whole = text.indexOf(query);
    if (whole === 0) return 1000 - text.length;
    if (whole > 0) return 600 - whole - text.length / 10;
    let at = 0;
    let sum = 0;
    let run = 0;
    for (const letter of query) {
        if (letter === " ") continue;
        const found = text.indexOf(letter, at);
        if (found < 0) return 0;
        run = found === at ? run + 1 : 0;
        sum += 4 + run * 6 + (found === 0 || /[\s\-·/]/.test(text[found - 1]) ? 12 : 0) - (found - at) * 0.2;
        at = found + 1;
    }
    return Math.max(1, sum - text.length / 20);
}

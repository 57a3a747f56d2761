// Comma-separated values as RFC 4180 has them, and as spreadsheets write them. Pure.

/**
 * The rows of a text. Quoted fields may hold commas, quotes (doubled) and line ends; a leading mark of byte order is
 * dropped; `;` and tab count as separators when the first line uses them.
 * @param {string} text
 * @returns {{line: number, cells: string[]}[]} `line` counts from 1; empty lines are left out
 * @throws {SyntaxError} when a quoted field never ends; its message is the line's number
 */
export function parseCSV(text) {
    const source = text.replace(/^\ufeff/, "");
    const separator = separatorOf(source);
    /** @type {{line: number, cells: string[]}[]} */
    const rows = [];
    /** @type {string[]} */
    let cells = [];
    let cell = "";
    let quoted = false;
    let line = 1;
    let start = 1;
    const endRow = () => {
        cells.push(cell);
        if (cells.some((each) => each.trim() !== "")) rows.push({ line: start, cells });
        cells = [];
        cell = "";
    };
    for (let at = 0; at < source.length; at += 1) {
        const sign = source[at];
        if (quoted) {
            if (sign === "\n") line += 1;
            if (sign !== '"') cell += sign;
            else if (source[at + 1] === '"') {
                cell += '"';
                at += 1;
            } else quoted = false;
        } else if (sign === '"' && cell.trim() === "") {
            cell = "";
            quoted = true;
        } else if (sign === separator) {
            cells.push(cell);
            cell = "";
        } else if (sign === "\n") {
            endRow();
            line += 1;
            start = line;
        } else if (sign !== "\r") cell += sign;
    }
    if (quoted) throw new SyntaxError(String(start));
    endRow();
    return rows;
}

/** @param {string} source */
function separatorOf(source) {
    const first = source.split("\n", 1)[0];
    const count = (/** @type {string} */ sign) => first.split(sign).length;
    return [",", ";", "\t"].reduce((best, sign) => (count(sign) > count(best) ? sign : best));
}

/**
 * A text that spreadsheets open: with a mark of byte order, CRLF, and no cell that a spreadsheet would run as a
 * formula.
 * @param {string[][]} rows
 */
export function writeCSV(rows) {
    const body = rows.map((row) => row.map(quote).join(",")).join("\r\n");
    return `\ufeff${body}\r\n`;
}

/** @param {string} cell */
function quote(cell) {
    const safe = /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell;
    return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

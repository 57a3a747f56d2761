// A QR code (ISO/IEC 18004, model 2) drawn as SVG: byte mode, error correction M, versions 1 to 40.
// Kept here because secrets (a second factor's key) must never be sent to a drawing service.

/** Error correction words per block at level M, by version. */
const CORRECTION = [0, 10, 16, 26, 18, 24, 16, 18, 22, 22, 26, 30, 22, 22, 24, 24, 28, 28, 26, 26, 26, 26, 28,
    28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28];
/** Number of blocks at level M, by version. */
const BLOCKS = [0, 1, 1, 1, 2, 2, 4, 4, 4, 5, 5, 5, 8, 9, 9, 10, 10, 11, 13, 14, 16, 17, 17, 18, 20, 21, 23,
    25, 26, 28, 29, 31, 33, 35, 37, 38, 40, 43, 45, 47, 49];
/** The two format bits that say level M. */
const LEVEL_BITS = 0;

/**
 * The modules of a QR code.
 * @param {string} text at most about 2,300 bytes of UTF-8
 * @returns {boolean[][]} rows of modules, true = dark, without the quiet zone
 * @throws {RangeError} when the text does not fit version 40
 */
export function encode(text) {
    const bytes = new TextEncoder().encode(text);
    const version = smallestVersion(bytes.length);
    const words = interleave(dataWords(bytes, version), version);
    /** @type {boolean[][] | null} */
    let best = null;
    let lowest = Infinity;
    for (let mask = 0; mask < 8; mask += 1) {
        const modules = place(words, version, mask);
        const score = penalty(modules);
        if (score < lowest) {
            lowest = score;
            best = modules;
        }
    }
    return /** @type {boolean[][]} */ (best);
}

/**
 * An SVG picture of a QR code, dark on white whatever the theme: readers expect it so.
 * @param {string} text
 * @param {string} label what the picture is, for people who do not see it
 * @returns {SVGSVGElement}
 */
export function drawQRCode(text, label) {
    const quiet = 4;
    const modules = encode(text);
    const size = modules.length + quiet * 2;
    const space = "http://www.w3.org/2000/svg";
    const picture = document.createElementNS(space, "svg");
    picture.setAttribute("viewBox", `0 0 ${size} ${size}`);
    picture.setAttribute("role", "img");
    picture.setAttribute("aria-label", label);
    picture.setAttribute("shape-rendering", "crispEdges");
    picture.classList.add("qr-code");
    const paper = document.createElementNS(space, "rect");
    paper.setAttribute("width", String(size));
    paper.setAttribute("height", String(size));
    paper.setAttribute("fill", "#ffffff");
    const ink = document.createElementNS(space, "path");
    ink.setAttribute("fill", "#000000");
    ink.setAttribute("d", outline(modules, quiet));
    picture.append(paper, ink);
    return picture;
}

/**
 * One path for all dark modules: a run of dark modules in a row is one rectangle.
 * @param {boolean[][]} modules
 * @param {number} offset
 */
function outline(modules, offset) {
    const runs = [];
    for (const [y, row] of modules.entries()) {
        for (let x = 0; x < row.length; x += 1) {
            if (!row[x]) continue;
            const start = x;
            while (x + 1 < row.length && row[x + 1]) x += 1;
            runs.push(`M${start + offset} ${y + offset}h${x - start + 1}v1h-${x - start + 1}z`);
        }
    }
    return runs.join("");
}

// MARK: Capacity

/** @param {number} version */
function rawModules(version) {
    let count = (16 * version + 128) * version + 64;
    if (version >= 2) {
        const alignments = Math.floor(version / 7) + 2;
        count -= (25 * alignments - 10) * alignments - 55;
        if (version >= 7) count -= 36;
    }
    return count;
}

/** @param {number} version */
function dataCapacity(version) {
    return Math.floor(rawModules(version) / 8) - CORRECTION[version] * BLOCKS[version];
}

/** @param {number} length bytes of text */
function smallestVersion(length) {
    for (let version = 1; version <= 40; version += 1) {
        const header = 4 + (version < 10 ? 8 : 16);
        if (header + length * 8 <= dataCapacity(version) * 8) return version;
    }
    throw new RangeError("The text is too long for a QR code");
}

// MARK: Words

/**
 * The text as data words: mode, length, bytes, terminator, padding.
 * @param {Uint8Array} bytes
 * @param {number} version
 */
function dataWords(bytes, version) {
    /** @type {number[]} */
    const bits = [];
    /** @type {(value: number, width: number) => void} */
    const push = (value, width) => {
        for (let bit = width - 1; bit >= 0; bit -= 1) bits.push((value >>> bit) & 1);
    };
    push(0b0100, 4);
    push(bytes.length, version < 10 ? 8 : 16);
    for (const byte of bytes) push(byte, 8);
    const capacity = dataCapacity(version) * 8;
    push(0, Math.min(4, capacity - bits.length));
    push(0, (8 - (bits.length % 8)) % 8);
    for (let pad = 0xec; bits.length < capacity; pad ^= 0xec ^ 0x11) push(pad, 8);
    const words = new Uint8Array(bits.length / 8);
    for (const [index, bit] of bits.entries()) words[index >>> 3] |= bit << (7 - (index & 7));
    return words;
}

/**
 * Splits data words into blocks, adds each block's correction words and interleaves them.
 * @param {Uint8Array} data
 * @param {number} version
 */
function interleave(data, version) {
    const blocks = BLOCKS[version];
    const total = Math.floor(rawModules(version) / 8);
    const short = Math.floor(total / blocks);
    const shortBlocks = blocks - (total % blocks);
    const correction = CORRECTION[version];
    const divisor = generator(correction);
    const pieces = [];
    let start = 0;
    for (let index = 0; index < blocks; index += 1) {
        const length = short - correction + (index < shortBlocks ? 0 : 1);
        const piece = data.subarray(start, start + length);
        start += length;
        pieces.push({ piece, check: remainder(piece, divisor) });
    }
    const result = [];
    for (let index = 0; index <= short - correction; index += 1) {
        for (const { piece } of pieces) if (index < piece.length) result.push(piece[index]);
    }
    for (let index = 0; index < correction; index += 1) {
        for (const { check } of pieces) result.push(check[index]);
    }
    return result;
}

/**
 * Product in the field of 256 elements, modulo x⁸+x⁴+x³+x²+1.
 * @param {number} a
 * @param {number} b
 */
function multiply(a, b) {
    let product = 0;
    for (let bit = 7; bit >= 0; bit -= 1) {
        product = (product << 1) ^ ((product >>> 7) * 0x11d);
        product ^= ((b >>> bit) & 1) * a;
    }
    return product;
}

/**
 * The Reed–Solomon generator polynomial, without its leading 1.
 * @param {number} degree
 */
function generator(degree) {
    const result = new Uint8Array(degree);
    result[degree - 1] = 1;
    let root = 1;
    for (let step = 0; step < degree; step += 1) {
        for (let index = 0; index < degree; index += 1) {
            result[index] = multiply(result[index], root) ^ (index + 1 < degree ? result[index + 1] : 0);
        }
        root = multiply(root, 2);
    }
    return result;
}

/**
 * @param {Uint8Array} data
 * @param {Uint8Array} divisor
 */
function remainder(data, divisor) {
    const result = new Uint8Array(divisor.length);
    for (const byte of data) {
        const factor = byte ^ result[0];
        result.copyWithin(0, 1);
        result[result.length - 1] = 0;
        for (let index = 0; index < result.length; index += 1) {
            result[index] ^= multiply(divisor[index], factor);
        }
    }
    return result;
}

// MARK: Modules

/** @param {number} version */
function alignmentCentres(version) {
    if (version === 1) return [];
    const count = Math.floor(version / 7) + 2;
    const size = version * 4 + 17;
    const step = version === 32 ? 26 : Math.ceil((version * 4 + 4) / (count * 2 - 2)) * 2;
    const centres = [6];
    for (let position = size - 7; centres.length < count; position -= step) centres.splice(1, 0, position);
    return centres;
}

/**
 * @param {number[]} words
 * @param {number} version
 * @param {number} mask
 */
function place(words, version, mask) {
    const size = version * 4 + 17;
    /** @type {boolean[][]} */
    const modules = Array.from({ length: size }, () => new Array(size).fill(false));
    /** @type {boolean[][]} */
    const fixed = Array.from({ length: size }, () => new Array(size).fill(false));
    /** @type {(x: number, y: number, dark: boolean) => void} */
    const set = (x, y, dark) => {
        modules[y][x] = dark;
        fixed[y][x] = true;
    };
    drawPatterns(version, size, set);
    drawFormat(mask, size, set);
    if (version >= 7) drawVersion(version, size, set);

    let index = 0;
    for (let right = size - 1; right >= 1; right -= 2) {
        if (right === 6) right = 5;
        for (let vertical = 0; vertical < size; vertical += 1) {
            for (const x of [right, right - 1]) {
                const upward = ((right + 1) & 2) === 0;
                const y = upward ? size - 1 - vertical : vertical;
                if (fixed[y][x]) continue;
                const bit = index < words.length * 8 && ((words[index >>> 3] >>> (7 - (index & 7))) & 1) === 1;
                modules[y][x] = bit !== masked(mask, x, y);
                index += 1;
            }
        }
    }
    return modules;
}

/**
 * @param {number} version
 * @param {number} size
 * @param {(x: number, y: number, dark: boolean) => void} set
 */
function drawPatterns(version, size, set) {
    for (let index = 0; index < size; index += 1) {
        set(6, index, index % 2 === 0);
        set(index, 6, index % 2 === 0);
    }
    for (const [cx, cy] of [[3, 3], [size - 4, 3], [3, size - 4]]) {
        for (let dy = -4; dy <= 4; dy += 1) {
            for (let dx = -4; dx <= 4; dx += 1) {
                const distance = Math.max(Math.abs(dx), Math.abs(dy));
                const x = cx + dx;
                const y = cy + dy;
                if (x < 0 || y < 0 || x >= size || y >= size) continue;
                set(x, y, distance !== 2 && distance !== 4);
            }
        }
    }
    const centres = alignmentCentres(version);
    const last = centres.length - 1;
    for (const [i, cx] of centres.entries()) {
        for (const [j, cy] of centres.entries()) {
            if ((i === 0 && j === 0) || (i === 0 && j === last) || (i === last && j === 0)) continue;
            for (let dy = -2; dy <= 2; dy += 1) {
                for (let dx = -2; dx <= 2; dx += 1) {
                    set(cx + dx, cy + dy, Math.max(Math.abs(dx), Math.abs(dy)) !== 1);
                }
            }
        }
    }
}

/**
 * @param {number} mask
 * @param {number} size
 * @param {(x: number, y: number, dark: boolean) => void} set
 */
function drawFormat(mask, size, set) {
    const data = (LEVEL_BITS << 3) | mask;
    let check = data;
    for (let step = 0; step < 10; step += 1) check = (check << 1) ^ ((check >>> 9) * 0x537);
    const bits = ((data << 10) | check) ^ 0x5412;
    /** @type {(position: number) => boolean} */
    const bit = (position) => ((bits >>> position) & 1) === 1;
    for (let index = 0; index <= 5; index += 1) set(8, index, bit(index));
    set(8, 7, bit(6));
    set(8, 8, bit(7));
    set(7, 8, bit(8));
    for (let index = 9; index < 15; index += 1) set(14 - index, 8, bit(index));
    for (let index = 0; index < 8; index += 1) set(size - 1 - index, 8, bit(index));
    for (let index = 8; index < 15; index += 1) set(8, size - 15 + index, bit(index));
    set(8, size - 8, true);
}

/**
 * @param {number} version
 * @param {number} size
 * @param {(x: number, y: number, dark: boolean) => void} set
 */
function drawVersion(version, size, set) {
    let check = version;
    for (let step = 0; step < 12; step += 1) check = (check << 1) ^ ((check >>> 11) * 0x1f25);
    const bits = (version << 12) | check;
    for (let index = 0; index < 18; index += 1) {
        const dark = ((bits >>> index) & 1) === 1;
        const far = size - 11 + (index % 3);
        const near = Math.floor(index / 3);
        set(far, near, dark);
        set(near, far, dark);
    }
}

/**
 * @param {number} mask
 * @param {number} x
 * @param {number} y
 */
function masked(mask, x, y) {
    switch (mask) {
        case 0: return (x + y) % 2 === 0;
        case 1: return y % 2 === 0;
        case 2: return x % 3 === 0;
        case 3: return (x + y) % 3 === 0;
        case 4: return (Math.floor(x / 3) + Math.floor(y / 2)) % 2 === 0;
        case 5: return ((x * y) % 2) + ((x * y) % 3) === 0;
        case 6: return (((x * y) % 2) + ((x * y) % 3)) % 2 === 0;
        default: return (((x + y) % 2) + ((x * y) % 3)) % 2 === 0;
    }
}

// MARK: Choosing the mask

/** @param {boolean[][]} modules */
function penalty(modules) {
    const size = modules.length;
    let score = 0;
    let dark = 0;
    for (let line = 0; line < size; line += 1) {
        score += lineScore(modules[line]) + lineScore(modules.map((row) => row[line]));
        for (let x = 0; x < size; x += 1) {
            if (modules[line][x]) dark += 1;
            if (line + 1 < size && x + 1 < size) {
                const corner = modules[line][x];
                if (corner === modules[line][x + 1] && corner === modules[line + 1][x]
                    && corner === modules[line + 1][x + 1]) score += 3;
            }
        }
    }
    const total = size * size;
    score += Math.max(0, Math.ceil(Math.abs(dark * 20 - total * 10) / total) - 1) * 10;
    return score;
}

/**
 * Runs of one colour, and shapes that look like a finder pattern.
 * @param {boolean[]} line
 */
function lineScore(line) {
    let score = 0;
    let run = 1;
    for (let index = 1; index <= line.length; index += 1) {
        if (index < line.length && line[index] === line[index - 1]) {
            run += 1;
        } else {
            if (run >= 5) score += run - 2;
            run = 1;
        }
    }
    const text = line.map((dark) => (dark ? "1" : "0")).join("");
    for (const finder of ["10111010000", "00001011101"]) {
        for (let at = text.indexOf(finder); at >= 0; at = text.indexOf(finder, at + 1)) score += 40;
    }
    return score;
}

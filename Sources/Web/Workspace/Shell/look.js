// Theme and contrast, remembered on this computer.

/** @typedef {"system" | "light" | "dark"} Theme */

const themeKey = "qinke.theme";
const contrastKey = "qinke.contrast";

/** @returns {Theme} */
export function theme() {
    const value = localStorage.getItem(themeKey);
    return value === "light" || value === "dark" ? value : "system";
}

export function highContrast() {
    return localStorage.getItem(contrastKey) === "more";
}

/** @param {Theme} value */
export function setTheme(value) {
    localStorage.setItem(themeKey, value);
    applyLook();
}

/** @param {boolean} on */
export function setHighContrast(on) {
    localStorage.setItem(contrastKey, on ? "more" : "standard");
    applyLook();
}

export function applyLook() {
    const root = document.documentElement;
    const chosen = theme();
    if (chosen === "system") root.removeAttribute("data-theme");
    else root.setAttribute("data-theme", chosen);
    if (highContrast()) root.setAttribute("data-contrast", "more");
    else root.removeAttribute("data-contrast");
}

// A browser's long description of itself as the two words that people know it by. Pure.

/** From the special to the general: most browsers also call themselves Chrome or Safari. */
const browsers = [
    [/MicroMessenger\//, "WeChat"], [/DingTalk\//, "DingTalk"], [/Edg(?:e|A|iOS)?\//, "Edge"], [/OPR\//, "Opera"],
    [/QQBrowser\//, "QQ Browser"], [/Firefox\/|FxiOS\//, "Firefox"], [/HeadlessChrome\//, "Chrome (headless)"],
    [/Chrome\/|CriOS\//, "Chrome"], [/Safari\//, "Safari"], [/curl\//, "curl"], [/python/i, "Python"],
];
const systems = [
    [/HarmonyOS|OpenHarmony/, "HarmonyOS"], [/iPhone/, "iPhone"], [/iPad/, "iPad"], [/Android/, "Android"],
    [/Windows/, "Windows"], [/Macintosh|Mac OS X/, "macOS"], [/CrOS/, "ChromeOS"], [/Linux/, "Linux"],
];

/**
 * @param {string} agent what the browser sent
 * @returns {string} such as "Chrome · Windows"; what nobody knows is given back, shortened
 */
export function deviceName(agent) {
    const name = (/** @type {any[][]} */ list) => list.find(([pattern]) => pattern.test(agent))?.[1];
    const words = [name(browsers), name(systems)].filter(Boolean);
    return words.length ? words.join(" · ") : agent.slice(0, 40);
}

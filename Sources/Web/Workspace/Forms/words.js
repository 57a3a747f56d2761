// What every form says.
/** @type {import("../words.js").Catalogue} */
export const formsWords = {
    zh: {
        "forms.cancel": "取消",
        "forms.required": "请填写这一项",
        "forms.number": "请填写数字",
        "forms.between": "请填写 {min} 到 {max} 之间的数",
        "forms.show": "显示",
        "forms.busy": "请稍候…",
        "forms.wait": "请等 {seconds} 秒",
        "forms.failed": "这一步没有成功。",
        "forms.failedInstead": "请刷新页面再试；若仍不行，请告诉管理员。",
        "forms.copy": "复制",
        "forms.copied": "已复制",
        "forms.copyFailed": "浏览器不允许复制，请手动选中复制。",
    },
    en: {
        "forms.cancel": "Cancel",
        "forms.required": "Please fill this in",
        "forms.number": "Please enter a number",
        "forms.between": "Please enter a number from {min} to {max}",
        "forms.show": "Show",
        "forms.busy": "One moment…",
        "forms.wait": "Wait {seconds} s",
        "forms.failed": "This step did not succeed.",
        "forms.failedInstead": "Reload the page and try again; if it persists, tell your administrator.",
        "forms.copy": "Copy",
        "forms.copied": "Copied",
        "forms.copyFailed": "The browser does not allow copying; please select the text yourself.",
    },
};

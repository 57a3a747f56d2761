// The audit log in sentences. A kind that this page does not know is told by its name.

import { language, reasonText, t } from "../words.js";

/**
 * @param {import("./audit.js").AuditEntry} entry
 * @param {(code: string) => string} [scopeName] a permission in words
 * @returns {string}
 */
export function auditSentence(entry, scopeName = (/** @type {string} */ code) => code) {
    const args = entry.args ?? {};
    const known = t(`audit.say.${entry.kind}`) !== `audit.say.${entry.kind}`;
    return t(known ? `audit.say.${entry.kind}` : "audit.say.other", {
        kind: entry.kind, reason: "–", from: "–", number: "–", version: "–", scopes: "–", fields: "–",
        ...flat(args, scopeName),
        actor: entry.actor?.name || t("audit.system"),
        name: entry.subject?.name || args.name || args.title || args.login || "–",
    });
}

/**
 * @param {Record<string, any>} args
 * @param {(code: string) => string} scopeName
 */
function flat(args, scopeName) {
    const comma = language() === "zh" ? "、" : ", ";
    return Object.fromEntries(Object.entries(args).map(([name, value]) => {
        const parts = Array.isArray(value) ? value
            : name === "fields" || name === "scopes" ? String(value).split(/[,、]\s*/) : [value];
        const say = /** @type {Record<string, (part: string) => string>} */ ({
            fields: fieldName, scopes: scopeName, reason: reasonText,
        })[name] ?? ((part) => part);
        return [name, parts.map((part) => say(String(part))).join(comma)];
    }));
}

/** @param {string} field */
function fieldName(field) {
    const name = t(`audit.field.${field}`);
    return name === `audit.field.${field}` ? field : name;
}

/** @type {import("../words.js").Catalogue} */
export const auditWords = {
    zh: {
        "audit.lead": "谁在什么时候做了什么。只能看，不能改。",
        "audit.kind": "类型",
        "audit.actor": "操作人",
        "audit.from": "从哪天",
        "audit.to": "到哪天",
        "audit.allKinds": "全部类型",
        "audit.allActors": "全部操作人",
        "audit.more": "更早的记录",
        "audit.empty": "没有符合条件的记录",
        "audit.counted": "已显示 {n} 条",
        "audit.system": "系统",
        "audit.field.name": "姓名",
        "audit.field.nickname": "昵称",
        "audit.field.role": "岗位",
        "audit.field.level": "级别",
        "audit.field.employment": "用工",
        "audit.field.department": "部门",
        "audit.field.groups": "分组",
        "audit.field.cap": "接待上限",
        "audit.field.suspended": "停用",
        "audit.field.texts": "窗口文字",
        "audit.field.colours": "窗口颜色",
        "audit.field.hours": "营业时间",
        "audit.field.origins": "允许的网站",
        "audit.kind.setup.done": "开店",
        "audit.kind.session.opened": "登录",
        "audit.kind.session.refused": "登录失败",
        "audit.kind.session.closed": "退出",
        "audit.kind.session.ended": "强制下线",
        "audit.kind.password.changed": "修改密码",
        "audit.kind.totp.enrolled": "开启两步验证",
        "audit.kind.totp.removed": "关闭两步验证",
        "audit.kind.totp.recoveryUsed": "使用恢复码",
        "audit.kind.staff.added": "添加员工",
        "audit.kind.staff.changed": "修改员工",
        "audit.kind.staff.suspended": "停用员工",
        "audit.kind.staff.restored": "恢复员工",
        "audit.kind.staff.passwordReset": "重设密码",
        "audit.kind.group.added": "添加分组",
        "audit.kind.group.changed": "修改分组",
        "audit.kind.group.removed": "删除分组",
        "audit.kind.token.issued": "签发令牌",
        "audit.kind.token.revoked": "撤销令牌",
        "audit.kind.policy.changed": "修改规则",
        "audit.kind.shop.changed": "修改店铺",
        "audit.kind.identity.rotated": "更换签名密钥",
        "audit.kind.conversation.watched": "旁听会话",
        "audit.kind.conversation.takenOver": "接管会话",
        "audit.kind.message.historyRead": "查看修改记录",
        "audit.kind.phrase.added": "添加短语",
        "audit.kind.phrase.changed": "修改短语",
        "audit.kind.phrase.removed": "删除短语",
        "audit.say.other": "{actor}：{kind}（{name}）",
        "audit.say.setup.done": "{actor} 建立了店铺",
        "audit.say.session.opened": "{actor} 登录",
        "audit.say.session.refused": "用账号「{name}」登录失败",
        "audit.say.session.closed": "{actor} 退出登录",
        "audit.say.session.ended": "{actor} 让 {name} 下线，原因：{reason}",
        "audit.say.password.changed": "{actor} 修改了自己的密码",
        "audit.say.totp.enrolled": "{actor} 开启了两步验证",
        "audit.say.totp.removed": "{actor} 关闭了两步验证",
        "audit.say.totp.recoveryUsed": "{actor} 用掉一个恢复码登录",
        "audit.say.staff.added": "{actor} 添加了员工 {name}",
        "audit.say.staff.changed": "{actor} 修改了 {name} 的{fields}",
        "audit.say.staff.suspended": "{actor} 停用了 {name}",
        "audit.say.staff.restored": "{actor} 恢复了 {name}",
        "audit.say.staff.passwordReset": "{actor} 重设了 {name} 的密码",
        "audit.say.group.added": "{actor} 添加了分组「{name}」",
        "audit.say.group.changed": "{actor} 修改了分组「{name}」",
        "audit.say.group.removed": "{actor} 删除了分组「{name}」",
        "audit.say.token.issued": "{actor} 签发了令牌「{name}」，范围：{scopes}",
        "audit.say.token.revoked": "{actor} 撤销了令牌「{name}」",
        "audit.say.policy.changed": "{actor} 修改了规则，现为第 {version} 版",
        "audit.say.shop.changed": "{actor} 修改了店铺的{fields}",
        "audit.say.identity.rotated": "{actor} 更换了买家身份签名密钥",
        "audit.say.conversation.watched": "{actor} 旁听了与 {name} 的会话",
        "audit.say.conversation.takenOver": "{actor} 从 {from} 接管了与 {name} 的会话，原因：{reason}",
        "audit.say.message.historyRead": "{actor} 查看了 {name} 会话中第 {number} 条的修改记录",
        "audit.say.phrase.added": "{actor} 添加了短语「{name}」",
        "audit.say.phrase.changed": "{actor} 修改了短语「{name}」",
        "audit.say.phrase.removed": "{actor} 删除了短语「{name}」",
    },
    en: {
        "audit.lead": "Who did what, and when. It can be read, never changed.",
        "audit.kind": "Kind",
        "audit.actor": "Person",
        "audit.from": "From day",
        "audit.to": "To day",
        "audit.allKinds": "All kinds",
        "audit.allActors": "Everybody",
        "audit.more": "Earlier entries",
        "audit.empty": "No entry matches",
        "audit.counted": "{n} entries shown",
        "audit.system": "The system",
        "audit.field.name": "name",
        "audit.field.nickname": "nickname",
        "audit.field.role": "role",
        "audit.field.level": "level",
        "audit.field.employment": "employment",
        "audit.field.department": "department",
        "audit.field.groups": "groups",
        "audit.field.cap": "cap",
        "audit.field.suspended": "suspension",
        "audit.field.texts": "window texts",
        "audit.field.colours": "window colours",
        "audit.field.hours": "hours",
        "audit.field.origins": "allowed sites",
        "audit.kind.setup.done": "Set-up",
        "audit.kind.session.opened": "Sign-in",
        "audit.kind.session.refused": "Refused sign-in",
        "audit.kind.session.closed": "Sign-out",
        "audit.kind.session.ended": "Forced sign-out",
        "audit.kind.password.changed": "Password changed",
        "audit.kind.totp.enrolled": "Second factor on",
        "audit.kind.totp.removed": "Second factor off",
        "audit.kind.totp.recoveryUsed": "Recovery code used",
        "audit.kind.staff.added": "Staff added",
        "audit.kind.staff.changed": "Staff changed",
        "audit.kind.staff.suspended": "Staff suspended",
        "audit.kind.staff.restored": "Staff restored",
        "audit.kind.staff.passwordReset": "Password reset",
        "audit.kind.group.added": "Group added",
        "audit.kind.group.changed": "Group changed",
        "audit.kind.group.removed": "Group removed",
        "audit.kind.token.issued": "Token issued",
        "audit.kind.token.revoked": "Token revoked",
        "audit.kind.policy.changed": "Policy changed",
        "audit.kind.shop.changed": "Shop changed",
        "audit.kind.identity.rotated": "Signing secret replaced",
        "audit.kind.conversation.watched": "Conversation watched",
        "audit.kind.conversation.takenOver": "Conversation taken over",
        "audit.kind.message.historyRead": "Edit history read",
        "audit.kind.phrase.added": "Phrase added",
        "audit.kind.phrase.changed": "Phrase changed",
        "audit.kind.phrase.removed": "Phrase removed",
        "audit.say.other": "{actor}: {kind} ({name})",
        "audit.say.setup.done": "{actor} set up the shop",
        "audit.say.session.opened": "{actor} signed in",
        "audit.say.session.refused": "A sign-in as “{name}” was refused",
        "audit.say.session.closed": "{actor} signed out",
        "audit.say.session.ended": "{actor} signed {name} out: {reason}",
        "audit.say.password.changed": "{actor} changed their password",
        "audit.say.totp.enrolled": "{actor} turned on the second factor",
        "audit.say.totp.removed": "{actor} turned off the second factor",
        "audit.say.totp.recoveryUsed": "{actor} signed in with a recovery code",
        "audit.say.staff.added": "{actor} added {name}",
        "audit.say.staff.changed": "{actor} changed {name}: {fields}",
        "audit.say.staff.suspended": "{actor} suspended {name}",
        "audit.say.staff.restored": "{actor} restored {name}",
        "audit.say.staff.passwordReset": "{actor} reset the password of {name}",
        "audit.say.group.added": "{actor} added the group “{name}”",
        "audit.say.group.changed": "{actor} changed the group “{name}”",
        "audit.say.group.removed": "{actor} removed the group “{name}”",
        "audit.say.token.issued": "{actor} issued the token “{name}” for {scopes}",
        "audit.say.token.revoked": "{actor} revoked the token “{name}”",
        "audit.say.policy.changed": "{actor} changed the policy; version {version} is in force",
        "audit.say.shop.changed": "{actor} changed the shop: {fields}",
        "audit.say.identity.rotated": "{actor} replaced the secret that signs buyers in",
        "audit.say.conversation.watched": "{actor} watched the conversation with {name}",
        "audit.say.conversation.takenOver": "{actor} took the conversation with {name} over from {from}: {reason}",
        "audit.say.message.historyRead": "{actor} read the earlier text of entry {number} with {name}",
        "audit.say.phrase.added": "{actor} added the phrase “{name}”",
        "audit.say.phrase.changed": "{actor} changed the phrase “{name}”",
        "audit.say.phrase.removed": "{actor} removed the phrase “{name}”",
    },
};

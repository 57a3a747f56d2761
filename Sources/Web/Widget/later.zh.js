// What forms.js and overlays.js say, in Chinese; loaded with them.

/** @type {Record<string, string>} */
export const texts = {
  "chat.rate": "这次服务您满意吗？",
  "chat.rate0": "非常满意",
  "chat.rate1": "满意",
  "chat.rate2": "一般",
  "chat.rate3": "不满意",
  "chat.rate4": "很不满意",
  "chat.rateComment": "想说的话（可不填）",
  "chat.rateSend": "提交评价",
  "chat.rateLater": "以后再说",
  "chat.offlineTitle": "客服现在不在线",
  "chat.offlineText": "留下联系方式和问题，我们上班后尽快回复您。",
  "chat.hours": "今天的在线时间：{hours}。",
  "chat.name": "怎么称呼您",
  "chat.contact": "手机号或邮箱",
  "chat.question": "您的问题",
  "chat.leave": "提交留言",
  "chat.leaving": "正在提交…",
  "chat.leaveMore": "再留一条",
  "chat.nameNeeded": "请填写称呼。",
  "chat.contactNeeded": "请填写手机号或邮箱，方便我们联系您。",
  "chat.contactWrong": "请检查手机号或邮箱的格式。",
  "chat.questionNeeded": "请写下您的问题。",
  "chat.zoomClose": "关闭大图",
};

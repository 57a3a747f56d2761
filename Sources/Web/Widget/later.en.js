// What forms.js and overlays.js say, in English; loaded with them.

/** @type {Record<string, string>} */
export const texts = {
  "chat.rate": "How satisfied are you?",
  "chat.rate0": "Very satisfied",
  "chat.rate1": "Satisfied",
  "chat.rate2": "Neutral",
  "chat.rate3": "Dissatisfied",
  "chat.rate4": "Very dissatisfied",
  "chat.rateComment": "Anything to add? (optional)",
  "chat.rateSend": "Send rating",
  "chat.rateLater": "Not now",
  "chat.offlineTitle": "We are away right now",
  "chat.offlineText": "Leave your question and how to reach you; we answer as soon as we are back.",
  "chat.hours": "Today we are online {hours}.",
  "chat.name": "Your name",
  "chat.contact": "Phone or e-mail",
  "chat.question": "Your question",
  "chat.leave": "Leave message",
  "chat.leaving": "Sending…",
  "chat.leaveMore": "Leave another",
  "chat.nameNeeded": "Please tell us your name.",
  "chat.contactNeeded": "Please leave a phone number or e-mail so that we can reach you.",
  "chat.contactWrong": "Please check the phone number or e-mail.",
  "chat.questionNeeded": "Please write your question.",
  "chat.zoomClose": "Close photo",
};

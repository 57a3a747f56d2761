"""Takes the pictures of the README from the living screens: Scripts/screenshots.

Desk, window and wall, Chinese and English, light and dark, at 1280×720 and on a phone. The talk is Demo/'s.
"""
import json
import sys

from playwright.sync_api import expect, sync_playwright

from house import ROOT, SLUG, House
from people import Agent, Buyer, Faults
from test_screens import settled

OUT = ROOT / "Docs/screenshots"
PHONE = {"viewport": {"width": 390, "height": 844}, "device_scale_factor": 2, "is_mobile": True, "has_touch": True}
# Who writes, which dialogue, how many of its turns have been said.
TALKS = [
    ("云朵泡泡", "zh-promo-stack-coupons", 5), ("晴天娃娃", "zh-urge-stuck-parcel", 7),
    ("Bluebird88", "en-size-jacket", 5), ("退休的老张头", "zh-return-dont-like", 9),
    ("一颗酸梅", "zh-fresh-late-ice", 5), ("今天也要早睡", "zh-presale-dress-size", 5),
    ("纸飞机", "zh-invoice-company", 7),
]
LATE = [("小熊软糖", "在吗？尾号 0472 的怎么还没发"), ("山间清风", "这款有没有 2XL"), ("oatmilk", "Is the kettle back in white?")]


def dialogues():
    lines = []
    for language in ("zh", "en"):
        lines += (ROOT / f"Demo/dialogues.{language}.jsonl").read_text(encoding="utf-8").splitlines()
    return {one["id"]: one["turns"] for one in map(json.loads, lines)}


class Caller:
    """A buyer without a window: the same protocol over HTTP."""

    def __init__(self, house, name):
        self.house, self.said = house, 0
        status, answer, _ = house.call("POST", "/v1/buyer/sessions", {"shop": SLUG, "name": name})
        assert status < 300, (status, answer)
        self.token = {"Authorization": "Bearer " + answer["token"]}
        self.name = name

    def say(self, text):
        self.said += 1
        status, answer, _ = self.house.call("POST", "/v1/commands", {
            "type": "say", "key": f"b{self.said}", "kind": "text", "text": text}, self.token)
        assert status < 300, (status, answer)
        return answer["conversation"]


def agent_says(agents, conversation, text, key):
    """The owner of the conversation answers."""
    for agent in agents:
        answer = agent.context.request.post(
            f"{agent.line.address}/v1/commands", headers={"Origin": agent.line.address},
            data={"type": "say", "key": key, "conversation": conversation, "kind": "text", "text": text})
        if answer.ok:
            return
    raise AssertionError((answer.status, answer.text()))


def fill_the_shop(house, agents):
    for phrase in json.loads((ROOT / "Demo/phrases.json").read_text(encoding="utf-8"))["phrases"]:
        status, answer, _ = house.call("POST", "/v1/phrases", {"scope": "shop", **phrase}, house.owner)
        assert status < 300, (status, answer)
    known = dialogues()
    for name, identifier, turns in TALKS:
        buyer, conversation = Caller(house, name), None
        for index, (who, text) in enumerate(known[identifier][:turns]):
            if who == "buyer":
                conversation = buyer.say(text)
            else:
                agent_says(agents, conversation, text, f"{identifier[:40]}-{index}")
    for name, text in LATE:
        Caller(house, name).say(text)


WORDS = {
    "zh": ("您好，这件雨衣骑车穿大一码吗？", "您好～里面还要加绒的话拍大一码，单穿正常码就好", "好的，今天能发吗"),
    "en": ("Hi, does this rain jacket run small?", "Hello! True to size; take one up for a fleece underneath.",
           "Great. Does it ship today?"),
}


def talk(buyer, language, agents, key):
    """A short talk in the buyer's own window."""
    question, answer, thanks = WORDS[language]
    buyer.come(f"/chat/{SLUG}?lang={language}")
    buyer.say(question)
    buyer.all_sent()
    _, held, _ = buyer.house.call(
        "GET", "/v1/buyer/conversation", headers={"Authorization": buyer.token})
    agent_says(agents, held["conversation"]["id"], answer, key)
    buyer.sees(answer)
    buyer.say(thanks)
    buyer.all_sent()
    return buyer


def look(person, language, theme):
    person.page.evaluate(
        "([language, theme]) => { localStorage.setItem('qinke.language', language);"
        " localStorage.setItem('qinke.theme', theme); }", [language, theme])
    person.page.emulate_media(color_scheme=theme)


def picture(person, name):
    settled(person.page)
    person.page.evaluate("() => document.fonts.ready")
    person.page.screenshot(path=OUT / f"{name}.png")
    print(f"Docs/screenshots/{name}.png", flush=True)


def main():
    OUT.mkdir(parents=True, exist_ok=True)
    faults = Faults()
    with sync_playwright() as playwright, House() as house:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        cheng = Agent(browser, house, faults, "小橙").sign_in("cheng")
        ning = Agent(browser, house, faults, "青柠").sign_in("ning")
        lead = Agent(browser, house, faults, "麦子").sign_in("mai", "/wall")
        for agent in (cheng, ning):
            agent.go("online")
        fill_the_shop(house, (cheng, ning))
        first = cheng.page.locator(".inbox-row a.inbox-link").first
        expect(first).to_be_visible()
        first.click()
        expect(cheng.chat).to_be_visible()
        pocket = Agent(browser, house, faults, "小橙的手机", **PHONE).sign_in("cheng")
        address = cheng.page.url.replace(cheng.line.address, "")
        buyers = {}
        for language, tag in (("zh", "zh-CN"), ("en", "en-GB")):
            for kind, size in (("phone", PHONE), ("wide", {})):
                buyers[kind, language] = talk(
                    Buyer(browser, house, faults, f"买家 {kind} {language}", locale=tag, **size),
                    language, (cheng, ning), f"shot-{kind}-{language}")
        for language in ("zh", "en"):
            for theme in ("light", "dark"):
                for person in (cheng, pocket, lead):
                    look(person, language, theme)
                cheng.page.goto(cheng.line.address + address)
                expect(cheng.timeline.locator(".msg").first).to_be_visible()
                picture(cheng, f"desk-{language}-{theme}")
                pocket.page.goto(pocket.line.address + address)
                expect(pocket.timeline.locator(".msg").first).to_be_visible()
                picture(pocket, f"desk-phone-{language}-{theme}")
                lead.page.goto(lead.line.address + "/wall")
                picture(lead, f"wall-{language}-{theme}")
                for kind, name in (("phone", "widget-phone"), ("wide", "widget")):
                    buyers[kind, language].page.emulate_media(color_scheme=theme)
                    picture(buyers[kind, language], f"{name}-{language}-{theme}")
        for person in (cheng, ning, lead, pocket, *buyers.values()):
            person.leave()
        browser.close()
    for fault in faults:
        print(f"in the windows: {fault}", file=sys.stderr)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())

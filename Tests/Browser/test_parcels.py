"""Parcels on a living server: a delay batch from detection to the buyers' answers, a ticket, a carrier's own figures."""
import re
import time

from playwright.sync_api import expect

from house import ROOT, SLUG, House
from people import LIMIT, Agent, Buyer

PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}
PICTURES = ROOT / ".build/reports/browser"
HOUR = 3_600_000
WORDS = {
    "zh": {"trouble": "未揽收", "notify": "通知这里的买家", "preview": "预览", "send": "发给 2 位买家", "sent": "已发完",
           "told": "已通知 2 / 2", "reason": "大雪封路，中转站停运", "refund": "退款", "done": "已处理", "answer": "2",
           "open": "开快递工单", "tickets": "快递工单", "title": "会通知 2 位买家"},
    "en": {"trouble": "Not collected", "notify": "Tell these buyers", "preview": "Preview", "send": "Send to 2 buyers",
           "sent": "sent", "told": "2 of 2 told", "reason": "snow has stopped the sorting centre", "refund": "A refund",
           "done": "Dealt with", "answer": "refund please", "open": "Open a ticket", "tickets": "Carrier tickets",
           "title": "2 buyers will be told"},
}


def post(house, path, body):
    status, answer, _ = house.call(
        "POST", path, body, {**house.owner, "Origin": house.address})
    assert status < 300, (status, answer)
    return answer


def enter(house, waybill, name, buyer=None, paid=60, to="广东深圳"):
    """A parcel that the carrier should have collected by now."""
    now = int(time.time() * 1000)
    return post(house, "/v1/parcels", {
        "orderNumber": f"20{waybill[-6:]}", "buyer": buyer, "buyerName": name, "from": "浙江杭州", "to": to,
        "paidAt": now - paid * HOUR, "carrier": "zhongtong", "waybill": waybill})["parcel"]["id"]


def dialog(page):
    return page.locator("dialog[open]")


def picture(page, name):
    page.screenshot(path=PICTURES / f"parcels-{name}.png")


def delay_batch(stage, language):
    words = WORDS[language]
    with House() as house:
        buyer = stage.person(Buyer, house, "云朵").come()
        buyer.say("我的包裹怎么还没动静")
        buyer.all_sent()
        status, answer, _ = house.call(
            "GET", "/v1/buyer/conversation", headers={"Authorization": buyer.token})
        assert status == 200, answer
        first = answer["buyer"]["id"]
        # Somebody who never wrote: a conversation is made, and nobody has to answer it.
        status, answer, _ = house.call("POST", "/v1/buyer/sessions", {"shop": SLUG, "name": "静静"})
        assert status < 300, answer
        enter(house, "78123456789012", "云朵", first)
        enter(house, "78123456789013", "静静", answer["buyer"]["id"])
        enter(house, "78123456789014", "路人")
        enter(house, "78123456789015", "不急", first, paid=2)
        owner = stage.person(
            Agent, house, "老板", locale="zh-CN" if language == "zh" else "en-GB").sign_in("laoban", "/parcels")
        page = owner.page
        expect(page.locator(".parcels-row")).to_have_count(3)
        owner.axe(f"parcels {language}")
        picture(page, f"list-{language}")
        page.locator(".parcels-lists button", has_text=words["trouble"]).click()
        page.get_by_role("button", name=words["notify"]).click()
        dialog(page).locator("[name=reason]").fill(words["reason"])
        picture(page, f"compose-{language}")
        dialog(page).locator("button[type=submit]").click()
        expect(dialog(page).get_by_role("heading", name=words["title"])).to_be_visible()
        expect(dialog(page).locator(".delay-text")).to_contain_text(words["reason"])
        owner.axe(f"preview {language}")
        picture(page, f"preview-{language}")
        dialog(page).get_by_role("button", name=words["send"]).click()
        expect(page.get_by_text(words["told"])).to_be_visible()
        expect(page.locator(".tag", has_text=re.compile(f"^{words['sent']}$"))).to_be_visible()
        # Each buyer reads their own words in their own chat, and answers there.
        expect(buyer.log.get_by_text(words["reason"])).to_be_visible()
        buyer.say(words["answer"])
        row = page.locator("tr", has_text="云朵")
        expect(row.locator(".tag.brand", has_text=words["refund"])).to_be_visible(timeout=2 * LIMIT)
        owner.axe(f"batch {language}")
        picture(page, f"batch-{language}")
        row.get_by_role("button", name=words["done"]).click()
        dialog(page).locator("button[type=submit]").click()
        expect(dialog(page)).to_have_count(0)
        expect(row.locator(".tag.good", has_text=re.compile(words["done"], re.I))).to_be_visible()
        # The same parcel is not told twice in two days.
        page.goto(f"{owner.line.address}/parcels")
        page.locator(".parcels-lists button", has_text=words["trouble"]).click()
        page.get_by_role("button", name=words["notify"]).click()
        dialog(page).locator("[name=reason]").fill(words["reason"])
        dialog(page).locator("button[type=submit]").click()
        expect(dialog(page).locator(".delay-skipped summary")).to_contain_text("3")


def test_a_delay_batch_goes_from_detection_to_the_answers_in_chinese(stage):
    delay_batch(stage, "zh")


def test_a_delay_batch_goes_from_detection_to_the_answers_in_english(stage):
    delay_batch(stage, "en")


def test_a_parcel_is_followed_intercepted_and_claimed_for(stage):
    with House() as house:
        parcel = enter(house, "78123456789012", "云朵")
        post(house, f"/v1/parcels/{parcel}/events", {
            "at": int(time.time() * 1000) - 50 * HOUR, "status": "pickedUp", "text": "【杭州市】已揽收"})
        owner = stage.person(Agent, house, "老板").sign_in("laoban", "/parcels")
        page = owner.page
        page.locator(".parcels-open").first.focus()
        page.keyboard.press("Enter")
        expect(dialog(page).locator(".parcels-track li")).to_have_count(1)
        owner.axe("sheet")
        picture(page, "sheet-zh")
        dialog(page).get_by_role("button", name="拦截退回").click()
        dialog(page).last.locator("[name=note]").fill("买家不要了")
        dialog(page).last.locator("button[type=submit]").click()
        expect(dialog(page).get_by_text("等快递答复")).to_be_visible()
        dialog(page).get_by_role("button", name="开快递工单").click()
        dialog(page).last.locator("[name=note]").fill("两天没有新的记录")
        dialog(page).last.locator("[name=claim]").fill("99")
        dialog(page).last.locator("button[type=submit]").click()
        expect(dialog(page).locator(".parcels-ticket")).to_contain_text("¥99.00")
        page.keyboard.press("Escape")
        page.get_by_role("link", name="快递工单").click()
        ticket = page.locator(".parcels-ticket")
        ticket.get_by_role("button", name="登记赔付").click()
        dialog(page).locator("[name=paid]").fill("100")
        dialog(page).locator("button[type=submit]").click()
        expect(dialog(page).locator(".wrong", has_text="不超过")).to_be_visible()
        dialog(page).locator("[name=paid]").fill("80")
        dialog(page).locator("button[type=submit]").click()
        expect(dialog(page)).to_have_count(0)
        expect(ticket).to_have_count(0)
        page.get_by_role("link", name="快递公司").click()
        expect(page.locator("tr", has_text="中通快递").first).to_contain_text("¥80.00 / ¥99.00")
        owner.axe("carriers")
        picture(page, "carriers-zh")


def test_parcels_fit_a_phone_in_the_dark(stage):
    with House() as house:
        for number in range(12, 18):
            enter(house, f"781234567890{number}", "云朵")
        owner = stage.person(
            Agent, house, "老板", color_scheme="dark", **PHONE).sign_in("laoban", "/parcels")
        expect(owner.page.locator(".parcels-row")).to_have_count(6)
        wide = owner.page.evaluate("document.documentElement.scrollWidth > innerWidth")
        assert not wide, "the page is wider than a phone"
        owner.axe("parcels on a phone")
        picture(owner.page, "phone-dark")
        owner.page.goto(f"{owner.line.address}/parcels/carriers")
        expect(owner.page.locator("h1")).to_be_visible()
        picture(owner.page, "phone-carriers-dark")

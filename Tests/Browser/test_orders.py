"""An order beside the chat: placed, paid (recorded by hand), readdressed, refused in words, found again on its page."""
import re

from playwright.sync_api import expect

from house import ROOT, House
from people import Agent, Buyer

SHOTS = ROOT / ".build/reports/browser"
PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}
WORDS = {
    "zh": {"paid": "已付款，等发货", "hand": "人工登记（模拟）", "money": "¥128.00", "shut": "付款后不能改价，可以退差价",
           "moved": "138****5678", "closed": "请用退款",
           "left": "全部发出，等买家收货", "redirect": "可以请快递拦截或转寄"},
    "en": {"paid": "Paid, waiting to be shipped", "hand": "recorded by hand (simulated)", "money": "¥128.00",
           "shut": "After the payment, pay the difference back", "moved": "138****5678", "closed": "refund it",
           "left": "All has left", "redirect": "intercept or redirect"},
}


def send(page):
    page.locator("dialog[open] button[type=submit]").click()
    expect(page.locator("dialog[open]")).to_have_count(0)


def fill(page, **values):
    for name, value in values.items():
        page.locator(f"dialog[open] [name={name}]").fill(value)


def story(stage, house, language, **look):
    words = WORDS[language]
    locale = "zh-CN" if language == "zh" else "en-GB"
    agent = stage.person(Agent, house, f"cheng-{language}", locale=locale, **look)
    agent.sign_in("cheng")
    if agent.page.locator(".presence-button .presence.online").count() == 0:
        agent.page.locator(".presence-button").click()
        agent.page.get_by_role("menuitemradio").first.click()
        expect(agent.page.locator(".presence-button .presence.online")).to_be_visible()
    buyer = stage.person(Buyer, house, f"buyer-{language}", locale=locale).come()
    hello = f"order please {language}"
    buyer.say(hello)
    agent.open(hello)
    page = agent.page

    # Tabs by keyboard; the order is drafted beside the chat.
    page.locator(".panel-tab[data-tab=buyer]").focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator(".panel-tab[data-tab=orders]")).to_be_focused()
    page.locator(".panel-part .button.primary").click()
    fill(page, goods="大号帆布包 | 60 | 2", freight="8", name="张三丰", mobile="13812345678", region="浙江省", city="杭州市",
         district="西湖区", detail="文三路 1 号")
    send(page)
    sheet = page.locator(".order-sheet")
    expect(sheet).to_contain_text(words["money"])
    number = sheet.locator("h2").inner_text().strip()

    # What the state forbids can be pressed all the same (`force`: it is told to be disabled), and says why in words.
    sheet.locator("[data-act=changeAddress]").click(force=True)
    expect(page.locator(".toast").last).to_be_visible()

    sheet.locator("[data-act=pay]").click()
    send(page)
    expect(sheet).to_contain_text(words["paid"])
    expect(sheet).to_contain_text(words["hand"])
    sheet.locator("[data-act=changePrice]").click(force=True)
    expect(page.locator(".toast", has_text=words["shut"])).to_be_visible()
    sheet.locator("[data-act=close]").click(force=True)
    expect(page.locator(".toast", has_text=words["closed"])).to_be_visible()

    # Another address; a mobile number that is none is refused at its field.
    sheet.locator("[data-act=changeAddress]").click()
    fill(page, name="李四", mobile="1381234", detail="文三路 2 号")
    page.locator("dialog[open] button[type=submit]").click()
    expect(page.locator("dialog[open] .wrong:visible")).to_be_visible()
    fill(page, mobile="13812345678")
    send(page)
    expect(sheet.locator(".order-receiver")).to_contain_text(words["moved"])
    expect(sheet.locator(".order-receiver")).not_to_contain_text("文三路")

    # It leaves with a parcel; from then on the address is the carrier's matter.
    sheet.locator("[data-act=ship]").click()
    waybill = "SF" + str(1234567890000 + len(locale) + (0 if language == "zh" else 1))
    fill(page, waybill=waybill)
    page.locator("dialog[open] [name=carrier]").select_option("shunfeng")
    send(page)
    expect(sheet).to_contain_text(words["left"])
    expect(sheet.locator(".parcel-mini-frame")).to_contain_text(waybill)
    sheet.locator("[data-act=changeAddress]").click(force=True)
    expect(page.locator(".toast", has_text=words["redirect"])).to_be_visible()

    # The timeline tells it to staff, never to the buyer.
    expect(agent.timeline.locator(".system", has_text=number).first).to_be_visible()
    buyer.never_saw(number)
    page.screenshot(path=SHOTS / f"orders-panel-{language}.png")
    agent.axe("the orders beside the chat")

    # The page of orders finds it by the end of its mobile number.
    page.goto(f"{agent.line.address}/orders")
    page.locator("input[type=search]").fill("5678")
    row = page.locator(".orders-table tbody tr", has_text=number)
    expect(row).to_be_visible()
    row.locator(".orders-open").click()
    expect(page).to_have_url(re.compile(r"/orders/\d+$"))
    expect(page.locator(".orders-sheet-place .order-sheet")).to_contain_text(words["left"])
    page.screenshot(path=SHOTS / f"orders-page-{language}.png")
    agent.axe("the page of orders")
    return number


def test_an_order_is_placed_paid_and_changed_beside_the_chat(stage):
    with House() as house:
        for language in ("zh", "en"):
            story(stage, house, language, color_scheme="light" if language == "zh" else "dark")


def test_many_orders_are_previewed_and_done_at_once_and_the_ledger_tells_the_day(stage):
    with House() as house:
        headers = {**house.owner, "Content-Type": "application/json"}
        for index in range(3):
            status, answer, _ = house.call("POST", "/v1/orders", {
                "buyerNick": f"买家{index}", "lines": [{"title": "毛巾", "price": 1990, "quantity": 2}],
                "receiver": {"name": "张三", "mobile": "13900001111", "region": "浙江省", "city": "杭州市", "district": "",
                             "detail": f"路 {index} 号", "zip": ""}}, headers)
            assert status == 201, (status, answer)
            order = answer["order"]
        status, answer, _ = house.call(
            "POST", f"/v1/orders/{order['id']}/pay", {"amount": order["payable"], "channel": "支付宝"}, headers)
        assert status == 200, (status, answer)
        mai = stage.person(Agent, house, "麦子").sign_in("mai", "/orders")
        page = mai.page
        page.locator(".orders-table thead input").check()
        page.locator(".orders-bulk button", has_text="改备注").click()
        fill(page, memo="等大促一起发")
        page.locator("dialog[open] button[type=submit]").click()
        expect(page.locator("dialog[open] .orders-results li")).to_have_count(3)
        page.get_by_role("button", name=re.compile("执行 3 个")).click()
        expect(page.locator(".order-flag")).to_have_count(3)

        # Nobody wrote here, so nobody can be reminded; each row says why.
        page.locator(".orders-table thead input").check()
        page.locator(".orders-bulk button", has_text="催付").click()
        expect(page.locator("dialog[open] .orders-results")).to_contain_text("买家没有在本店聊过天")
        page.screenshot(path=SHOTS / "orders-bulk.png")
        page.keyboard.press("Escape")
        page.get_by_role("tab", name="待付款").click()
        expect(page.locator(".orders-table tbody tr")).to_have_count(2)
        page.get_by_role("tab", name="收支流水").click()
        expect(page.locator(".orders-sums")).to_contain_text("¥39.80")
        expect(page.locator(".orders-table")).to_contain_text("人工登记（模拟）")
        page.screenshot(path=SHOTS / "orders-ledger.png")

        phone = stage.person(Agent, house, "麦子的手机", **PHONE).sign_in("mai", "/orders")
        expect(phone.page.locator(".orders-table tbody tr")).to_have_count(3)
        phone.page.screenshot(path=SHOTS / "orders-phone.png")
        phone.page.locator(".orders-open").first.click()
        expect(phone.page.locator(".order-sheet")).to_contain_text("39.80")
        phone.page.screenshot(path=SHOTS / "orders-phone-sheet.png")
        phone.axe("an order on a phone")

"""Goods come in, are held, counted and told on the page of stock; in both languages and on a phone."""
import sqlite3

from playwright.sync_api import expect

from house import ROOT, House
from people import Agent

SHOTS = ROOT / ".build/reports/browser"
PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}


def goods(house):
    """An item with two variants, as an import would have left it."""
    with sqlite3.connect(house.data, timeout=20) as store:
        shop = store.execute("SELECT id FROM shop").fetchone()[0]
        store.execute(
            "INSERT INTO item (shop, id, number, outer_id, title, state, selling_points, attributes, size_chart, faq, image,"
            " found_by, updated_at, version) VALUES (?, 3, 'A-1', '', '山野酸奶', 'onShelf', '[]', '[]', '', '[]', '', '', 1, 1)",
            (shop,))
        for sku, name in ((7, "原味"), (8, "蓝莓")):
            store.execute(
                "INSERT INTO sku (shop, id, item, outer_id, name, attributes, price, barcode, active, sort)"
                " VALUES (?, ?, 3, ?, ?, '[]', 1200, '', 1, 1)", (shop, sku, f"A-1-{sku}", name))
    store.close()


def field(page, name):
    return page.locator(f"dialog[open] [name={name}]").last


def send(page):
    page.locator("dialog[open] button[type=submit]").last.click()


def test_goods_come_in_are_held_counted_and_told(stage):
    with House() as house:
        goods(house)
        boss = stage.person(Agent, house, "老板").sign_in("laoban", "/stock")
        page = boss.page
        expect(page.locator(".set-empty")).to_contain_text("还没有库存")
        boss.axe("an empty stock")
        for name, code in (("杭州仓", "HZ"), ("广州仓", "GZ")):
            page.get_by_role("button", name="添加仓库").click()
            field(page, "name").fill(name)
            field(page, "code").fill(code)
            field(page, "cutOff").fill("16:00")
            send(page)
            expect(page.locator("dialog[open]")).to_have_count(0)

        page.get_by_role("button", name="采购入库").click()
        page.locator(".stock-choices button", has_text="原味").click()
        page.locator("dialog[open]").get_by_role("button", name="采购入库").click()
        field(page, "warehouse").select_option(label="杭州仓")
        field(page, "quantity").fill("12")
        expect(page.locator(".stock-preview")).to_contain_text("之后：在手 12")
        field(page, "lotCode").fill("L2611")
        field(page, "expiresOn").fill("2099-01-01")
        page.screenshot(path=SHOTS / "stock-purchase.png")
        boss.axe("a purchase with its preview")
        send(page)
        place = page.locator(".stock-place")
        expect(place).to_contain_text("L2611")

        place.get_by_role("button", name="调拨").click()
        field(page, "quantity").fill("20")
        expect(page.locator(".stock-preview .wrong")).to_contain_text("12")
        field(page, "quantity").fill("4")
        expect(page.locator(".stock-preview")).to_contain_text("广州仓：0 → 4")
        send(page)
        expect(place).to_have_count(2)
        first = place.filter(has_text="杭州仓")
        first.get_by_role("button", name="报损").click()
        field(page, "quantity").fill("1")
        field(page, "reason").fill("漏了")
        send(page)
        expect(first.locator("dd").first).to_have_text("7")
        first.get_by_role("button", name="预警线").click()
        field(page, "lowAt").fill("6")
        send(page)
        first.get_by_role("button", name="预留").click()
        field(page, "quantity").fill("2")
        send(page)
        expect(first.locator(".tag.warn")).to_be_visible()
        page.screenshot(path=SHOTS / "stock-variant.png")
        boss.axe("one variant")
        page.keyboard.press("Escape")

        # The lists, by keyboard.
        page.locator(".stock-tab[data-tab=all]").focus()
        page.keyboard.press("ArrowRight")
        expect(page.locator(".stock-tab[data-tab=low]")).to_be_focused()
        expect(page.locator(".set-table tbody tr")).to_have_count(1)
        page.screenshot(path=SHOTS / "stock-low.png")
        page.locator(".stock-tab[data-tab=movements]").click()
        expect(page.locator(".set-table tbody tr")).to_have_count(4)
        page.locator(".stock-tab[data-tab=holds]").click()
        page.locator(".set-table").get_by_role("button", name="释放").click()
        page.locator("dialog[open]").get_by_role("button", name="释放").click()
        expect(page.locator(".set-empty")).to_be_visible()

        dark = stage.person(Agent, house, "boss", locale="en-GB", color_scheme="dark").sign_in("laoban", "/stock")
        expect(dark.page.locator(".set-table tbody tr")).to_have_count(2)
        dark.page.screenshot(path=SHOTS / "stock-dark.png")
        dark.axe("the stock in the dark")

        # Who may only read sees no way to move goods.
        phone = stage.person(Agent, house, "小橙的手机", **PHONE).sign_in("cheng", "/stock")
        expect(phone.page.locator(".set-table tbody tr")).to_have_count(2)
        expect(phone.page.get_by_role("button", name="采购入库")).to_have_count(0)
        phone.page.screenshot(path=SHOTS / "stock-phone.png")
        phone.axe("the stock on a phone")

"""Goods on a living server: added, found by initials, reported, and sent into a chat as a card that tells the price of now."""
from playwright.sync_api import expect

from house import House
from people import Agent, Buyer
from test_settings import closed, dialog


def test_goods_are_added_found_changed_and_sent_into_the_chat(stage):
    with House() as house:
        owner = stage.person(Agent, house, "老板").sign_in("laoban")
        page = owner.page
        page.goto(f"{owner.line.address}/goods")
        expect(page.get_by_text("还没有商品")).to_be_visible()
        page.get_by_role("button", name="添加分类").click()
        dialog(page).locator("[name=name]").fill("上衣")
        dialog(page).locator("button[type=submit]").click()
        closed(page)
        page.get_by_role("button", name="添加商品").click()
        dialog(page).get_by_label("标题").fill("纯棉短袖T恤")
        dialog(page).get_by_label("货号").fill("T-100")
        dialog(page).get_by_label("规格，如 红色;M").fill("红色;M")
        dialog(page).get_by_label("价格（元）", exact=True).fill("五十九")
        dialog(page).get_by_role("button", name="保存").click()
        expect(dialog(page).get_by_text("价格看不懂")).to_be_visible()
        dialog(page).get_by_label("价格（元）", exact=True).fill("59")
        dialog(page).get_by_label("卖点").fill("透气不闷")
        dialog(page).get_by_role("button", name="保存").click()
        closed(page)
        page.get_by_role("searchbox").fill("cmdx")
        row = page.locator(".goods-row", has_text="纯棉短袖T恤")
        expect(row).to_contain_text("¥59.00")
        row.click()
        expect(dialog(page)).to_contain_text("透气不闷")
        dialog(page).get_by_role("button", name="报告错误").click()
        page.locator("dialog[open]").last.locator("[name=text]").fill("标题少写了面料")
        page.locator("dialog[open]").last.locator("button[type=submit]").click()
        expect(page.locator("dialog[open]")).to_have_count(1)
        expect(dialog(page)).to_contain_text("标题少写了面料")

        page.goto(f"{owner.line.address}/desk")
        owner.go("online")
        buyer = stage.person(Buyer, house, "小林").come()
        buyer.say("有没有红色的短袖")
        owner.open("有没有红色的短袖")
        page.locator('[data-tab="goods"]').click()
        panel = page.locator(".goods-panel")
        panel.get_by_role("searchbox").fill("t-100")
        expect(panel.locator(".goods-row")).to_have_count(1)
        panel.get_by_role("searchbox").press("Enter")
        card = page.locator(".timeline .card", has_text="纯棉短袖T恤")
        # What is true now stands below what was sent: nothing of it was ever bought in.
        expect(card.locator(".card-now")).to_contain_text("缺货")

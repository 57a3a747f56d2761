"""The shop's own colours and texts: chosen beside a living preview, checked, kept in versions, worn by the window."""
import re

from playwright.sync_api import expect

from house import SLUG, House
from people import Agent, Buyer
from test_settings import owner_at

WINE, WINE_RGB = "#8a1f3c", "rgb(138, 31, 60)"


def brand(page):
    return page.locator(".send").evaluate("(send) => getComputedStyle(send).backgroundColor")


def wears(page, colour):
    page.wait_for_function(
        """(colour) => {
            const root = document.querySelector("qinke-chat")?.shadowRoot;
            const send = root?.querySelector(".send");
            if (!send) return false;
            send.disabled = false;
            return getComputedStyle(send).backgroundColor === colour;
        }""", arg=colour)


def row(page, role):
    return page.locator(f"[data-role={role}]")


def test_the_window_wears_the_shops_colours_and_words(stage):
    with House() as house:
        owner = owner_at(stage, house, "look")
        page = owner.page
        preview = page.locator(".set-window")
        expect(preview.locator("#title")).to_have_text("山野日用")
        owner.axe("settings/look")

        # A colour that cannot be made out is told so, and is not saved; the nearest that can is offered.
        field = row(page, "brand").locator("input.input")
        field.fill("#f4d35e")
        expect(row(page, "brand").locator(".hint")).to_contain_text("至少要 3:1")
        page.get_by_role("button", name="保存", exact=True).click()
        expect(page.locator(".toast")).to_have_count(0)
        row(page, "brand").get_by_role("button", name=re.compile("改用")).click()
        expect(row(page, "brand").locator(".hint")).to_contain_text("AA")

        field.fill(WINE)
        assert preview.locator(".send").evaluate(
            "(send) => getComputedStyle(send).backgroundColor") == WINE_RGB, "the preview follows at once"
        greeting = page.get_by_role("group", name="欢迎语")
        greeting.get_by_label("中文").fill("您好呀，我是山野")
        greeting.get_by_label("英文").fill("Hello from Shanye")
        expect(preview.locator(".greeting")).to_have_text("您好呀，我是山野")
        page.get_by_role("button", name="保存", exact=True).click()
        expect(page.locator(".toast")).to_contain_text("已保存")

        buyer = stage.person(Buyer, house, "买家").come()
        wears(buyer.page, WINE_RGB)
        expect(buyer.page.locator(".greeting")).to_have_text("您好呀，我是山野")
        buyer.axe("the window in the shop's colours")
        buyer.page.emulate_media(color_scheme="dark")
        buyer.axe("the window in the shop's colours, dark")
        english = stage.person(Buyer, house, "visitor", locale="en-GB").come(f"/chat/{SLUG}?lang=en")
        expect(english.page.locator(".greeting")).to_have_text("Hello from Shanye")

        # Back to standard, undone, and brought back from the versions.
        page.get_by_role("button", name="全部恢复默认").click()
        page.get_by_role("button", name="保存", exact=True).click()
        expect(page.locator(".set-versions li")).to_have_count(2)
        status, answer, _ = house.call("GET", "/v1/shop", headers=house.owner)
        assert status == 200 and answer["shop"]["colours"] == {} and answer["shop"]["texts"] == {}, answer
        page.get_by_role("button", name="取回").click()
        page.get_by_role("button", name="保存", exact=True).click()
        expect(page.locator(".set-versions li")).to_have_count(3)
        status, answer, _ = house.call("GET", "/v1/shop", headers=house.owner)
        assert answer["shop"]["colours"] == {"brand": WINE}, answer
        page.goto(f"{owner.line.address}/settings/audit")
        expect(page.get_by_text("修改了店铺的窗口颜色").or_(page.get_by_text("窗口文字、窗口颜色")).first).to_be_visible()


def test_two_who_change_the_look_at_once_do_not_overwrite_each_other(stage):
    with House() as house:
        owner = owner_at(stage, house, "look")
        status, answer, _ = house.call(
            "PUT", "/v1/shop", {"texts": {"title": {"zh": "山野客服", "en": ""}}}, house.owner)
        assert status == 200, answer
        row(owner.page, "brand").locator("input.input").fill(WINE)
        owner.page.get_by_role("button", name="保存", exact=True).click()
        expect(owner.page.get_by_text("刚被别人改过")).to_be_visible()
        owner.page.get_by_role("button", name="看新的").or_(
            owner.page.locator("[role=alert] button")).first.click()
        expect(owner.page.locator(".set-window #title")).to_have_text("山野客服")


def test_an_agent_does_not_see_the_look(stage):
    with House() as house:
        agent = stage.person(Agent, house, "小橙").sign_in("cheng", "/settings")
        expect(agent.page.get_by_role("link", name="时限与限制")).to_be_visible()
        expect(agent.page.get_by_role("link", name="窗口外观")).to_have_count(0)


def test_a_full_queue_is_told_and_takes_a_message(stage):
    with House() as house:
        status, answer, _ = house.call(
            "PUT", "/v1/policy", {"version": 0, "values": {"queueLimit": 1}}, house.owner)
        assert status == 200, answer
        # Both came while there was room; the first one takes the place.
        first = stage.person(Buyer, house, "买家一").come()
        second = stage.person(Buyer, house, "买家二").come()
        first.say("我先来的")
        first.all_sent()
        expect(first.page.locator("p.queue")).to_be_visible()
        second.say("我也想问")
        form = second.page.locator("form.sheet")
        expect(form).to_contain_text("排队的人太多")
        expect(form.locator("textarea")).to_have_value("我也想问")
        second.axe("the form at a full queue")
        form.locator("input").nth(0).fill("阿花")
        form.locator("input").nth(1).fill("hua@example.com")
        form.locator("button[type=submit]").click()
        expect(second.page.locator(".done")).to_be_visible()
        expect(second.log.locator(".failed")).to_have_count(0)
        # Who comes now is told before they write.
        third = stage.person(Buyer, house, "买家三")
        third.page.goto(f"{third.line.address}/chat/{SLUG}")
        expect(third.page.locator("form.sheet")).to_contain_text("排队的人太多")
        # Somebody takes both on; the third asks again and is let in.
        agent = stage.person(Agent, house, "小橙").sign_in("cheng")
        agent.go("online")
        agent.open("我也想问")
        agent.open("我先来的")
        third.page.get_by_role("button", name="再试一次").click()
        expect(third.field).to_be_visible()
        third.say("轮到我了吗")
        agent.open("轮到我了吗")

"""The supervisor's wall, live: figures, silent watching, whispering, taking over, reassigning, a lost agent, the TV."""
import re

from playwright.sync_api import expect

from house import House
from people import Agent, Buyer


def tile(page, name):
    return page.locator(f".wall-tile.{name} .wall-figure")


def agent_line(page, name):
    return page.locator(".wall-agent", has_text=name)


def test_the_wall_follows_a_queue_and_a_whisper_stays_secret(stage):
    with House() as house:
        lead = stage.person(Agent, house, "麦子").sign_in("mai", "/wall")
        page = lead.page
        expect(tile(page, "queued")).to_have_text("0")
        expect(page.get_by_text("没有人排队")).to_be_visible()

        # Nobody is there: the buyer queues, and the wall says so without being asked again.
        buyer = stage.person(Buyer, house, "买家").come()
        buyer.say("在吗，包裹三天没动了")
        expect(tile(page, "queued")).to_have_text("1")
        expect(page.locator(".wall-panel-queue .wall-row")).to_contain_text("包裹三天没动了")
        expect(tile(page, "online")).to_have_text("0")
        assert re.fullmatch(r"\d+:\d\d", tile(page, "longest").inner_text())

        # An agent comes: the conversation moves from the queue to them.
        agent = stage.person(Agent, house, "小橙").sign_in("cheng")
        agent.go("online")
        expect(tile(page, "queued")).to_have_text("0")
        expect(tile(page, "online")).to_have_text("1")
        row = page.locator(".wall-panel-waiting .wall-row")
        expect(row).to_contain_text("小橙")
        expect(agent_line(page, "小橙")).to_contain_text("1/")

        # Watching is silent and live.
        row.click()
        drawer = page.locator(".watch")
        expect(drawer.get_by_text("在吗，包裹三天没动了")).to_be_visible()
        agent.open("在吗，包裹三天没动了")
        agent.say("我帮您查一下")
        expect(drawer.get_by_text("我帮您查一下")).to_be_visible()
        lead.axe("the wall with its drawer")

        # A whisper reaches the owner and nobody else.
        drawer.locator("textarea").fill("先道歉，再查物流")
        drawer.locator("textarea").press("Enter")
        agent.sees("先道歉，再查物流")
        expect(drawer.get_by_text("先道歉，再查物流")).to_be_visible()
        buyer.say("好的")
        expect(drawer.get_by_text("好的", exact=True)).to_be_visible()
        buyer.never_saw("先道歉")
        buyer.never_saw("麦子")

        # Taking over needs a reason, which the owner's side keeps.
        drawer.get_by_role("button", name="接管").click()
        form = page.locator("dialog[open] form")
        form.locator("button[type=submit]").click()
        expect(form.locator(".wrong").filter(has_text=re.compile("."))).to_be_visible()
        form.locator("[name=reason]").fill("买家要求主管")
        form.locator("button[type=submit]").click()
        expect(page.locator("dialog[open]")).to_have_count(0)
        expect(drawer.get_by_text("原因：买家要求主管")).to_be_visible()
        expect(drawer.get_by_role("button", name="在接待台打开")).to_be_visible()

        # Escape closes the drawer and gives the keyboard back to the row.
        expect(row).to_contain_text("好的")
        page.keyboard.press("Escape")
        expect(drawer).to_have_count(0)
        page.wait_for_function("() => document.activeElement.matches('.wall-row')")


def test_a_supervisor_reassigns_with_a_card_and_sees_a_lost_agent(stage):
    with House() as house:
        lead = stage.person(Agent, house, "麦子").sign_in("mai", "/wall")
        page = lead.page
        first = stage.person(Agent, house, "小橙").sign_in("cheng")
        first.go("online")
        buyer = stage.person(Buyer, house, "买家").come()
        buyer.say("退款怎么还没到账")
        row = page.locator(".wall-panel-waiting .wall-row")
        expect(row).to_contain_text("小橙")
        second = stage.person(Agent, house, "青柠").sign_in("ning")
        second.go("online")
        expect(agent_line(page, "青柠")).to_contain_text("在线")

        row.click()
        page.locator(".watch").get_by_role("button", name="转给别人").click()
        form = page.locator("dialog[open] form")
        choice = form.locator("[name=to] option", has_text="青柠")
        form.locator("[name=to]").select_option(choice.get_attribute("value"))
        form.locator("[name=promise]").fill("今天 18 点前答复")
        form.locator("[name=nextStep]").fill("查退款进度")
        form.locator("[name=mood]").select_option("upset")
        form.locator("button[type=submit]").click()
        expect(page.locator("dialog[open]")).to_have_count(0)
        expect(row).to_contain_text("青柠")
        expect(page.locator(".watch").get_by_text("下一步：查退款进度")).to_be_visible()
        expect(second.row("退款怎么还没到账")).to_be_visible()

        # A browser that dies is shown as lost, and does not count as online.
        expect(tile(page, "online")).to_have_text("2")
        second.leave()
        stage.people.remove(second)
        expect(agent_line(page, "青柠")).to_contain_text("掉线")
        expect(tile(page, "online")).to_have_text("1")


def test_the_wall_fills_a_television(stage):
    with House() as house:
        lead = stage.person(Agent, house, "麦子", viewport={"width": 1920, "height": 1080}).sign_in("mai", "/wall")
        page = lead.page
        expect(page.get_by_text("没有人排队")).to_be_visible()
        expect(tile(page, "queued")).to_have_css("font-size", "42px")
        page.get_by_role("button", name="大屏模式").click()
        page.wait_for_url(re.compile("/wall/tv$"))
        expect(page.locator(".wall.tv")).to_be_visible()
        # 3.6 em of 1.3 % of the width: read from across the room.
        expect(tile(page, "queued")).to_have_css("font-size", re.compile("^(89|90)"))
        box = page.locator(".wall").bounding_box()
        assert (box["width"], box["height"]) == (1920, 1080), box
        lead.axe("the wall on a television")
        page.keyboard.press("Escape")
        page.wait_for_url(re.compile("/wall$"))
        # The address alone opens it too, for a screen that nobody touches.
        page.goto(lead.line.address + "/wall/tv")
        expect(page.locator(".wall.tv")).to_be_visible()

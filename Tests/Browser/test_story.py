"""Two buyers and two agents, from the first word to the rating, with everything that can get in between."""
import re
from pathlib import Path

from playwright.sync_api import expect

from house import House
from people import LIMIT, Agent, Buyer, until_equal
from picture import png


def owner_of(agents, words):
    """Which of two agents got the conversation whose last words these are."""
    a, b = agents
    for _ in range(LIMIT // 100):
        for one, other in ((a, b), (b, a)):
            if one.row(words).count():
                return one, other
        a.page.evaluate("() => new Promise((go) => setTimeout(go, 100))")
    raise AssertionError(f"nobody got the conversation “{words}”")


def equal_everywhere(buyer, agent, conversation):
    """Buyer's window, buyer's API, agent's desk and agent's API hold the same, in the same order."""
    wanted = agent.told(conversation)
    assert buyer.told() == wanted, f"\n      buyer's API {buyer.told()}\n      agent's API {wanted}"
    until_equal(buyer.shown, wanted, buyer.page)
    until_equal(agent.shown, wanted, agent.page)
    return wanted


def test_two_buyers_and_two_agents_end_with_the_same_conversation(stage):
    with House() as house:
        cheng = stage.person(Agent, house, "小橙").sign_in("cheng")
        ning = stage.person(Agent, house, "青柠").sign_in("ning")
        for agent in (cheng, ning):
            agent.go("online")
        buyer = stage.person(Buyer, house, "买家甲").come()
        other = stage.person(Buyer, house, "买家乙").come()

        # Both write; each gets an agent of their own, since the load is shared.
        buyer.say("在吗，M 码还有吗？")
        first, second = owner_of((cheng, ning), "在吗，M 码还有吗？")
        other.say("发票怎么开")
        second.open("发票怎么开")
        second.sees("发票怎么开")
        first.open("在吗，M 码还有吗？")
        first.sees("在吗，M 码还有吗？")
        conversation, others = first.conversation, second.conversation
        assert conversation != others

        # Answers arrive where they belong and nowhere else.
        first.say("在的，M 码还有 3 件")
        second.say("订单页点“申请发票”就行")
        buyer.sees("在的，M 码还有 3 件")
        other.sees("订单页点“申请发票”就行")
        other.never_saw("在的，M 码还有 3 件")

        # A note is for colleagues.
        first.note("这位买家上次换过尺码")
        first.sees("这位买家上次换过尺码")
        first.say("您平时穿多大？")
        buyer.sees("您平时穿多大？")
        buyer.never_saw("这位买家上次换过尺码")

        # A picture goes over, cleaned and shown.
        buyer.send_image(png(Path(house.folder.name, "标签.png")))
        picture = first.timeline.locator(".picture img")
        expect(picture).to_be_visible()
        expect(picture).to_have_js_property("complete", True)
        assert picture.evaluate("(image) => image.naturalWidth") > 0, "the picture does not load"
        buyer.all_sent()

        # Both take a word back; both see it gone.
        first.say("价格是 99 元")
        buyer.sees("价格是 99 元")
        first.act_on("价格是 99 元", "撤回")
        expect(buyer.log.get_by_text("价格是 99 元")).to_have_count(0)
        buyer.say("手滑打错了")
        first.sees("手滑打错了")
        buyer.act_on("手滑打错了", "撤回")
        expect(first.timeline.locator(".timeline-items").get_by_text("手滑打错了")).to_have_count(0)

        # Handed over, with what was promised.
        first.transfer(second.name, "今天发货", "查一下 M 码库存")
        second.page.goto(f"{second.line.address}/desk/{conversation}")
        second.sees("您平时穿多大？")
        expect(second.timeline.get_by_text("今天发货").first).to_be_visible()
        second.say("我接着为您服务，M 码已经给您留好")
        buyer.sees("我接着为您服务，M 码已经给您留好")

        # The buyer reloads; it is all there.
        before = buyer.shown()
        buyer.page.reload()
        expect(buyer.field).to_be_visible()
        until_equal(buyer.shown, before, buyer.page)

        # The buyer's line is cut; both go on writing; nothing is lost, doubled or out of order.
        buyer.line.cut()
        buyer.say("断网时说的第一句")
        buyer.say("断网时说的第二句")
        second.say("您那边网络还好吗")
        second.all_sent()
        expect(buyer.log.locator(".unsent")).to_have_count(2)
        buyer.line.mend()
        buyer.all_sent()
        buyer.sees("您那边网络还好吗")
        second.sees("断网时说的第二句")

        # The same with the agent's line, and a reload in the middle: the outbox is kept.
        second.line.cut()
        second.say("这句在客服断网时写")
        expect(second.page.locator(".timeline-pending > *")).to_have_count(1)
        buyer.say("收到了吗")
        buyer.all_sent()
        second.line.mend()
        second.all_sent()
        buyer.sees("这句在客服断网时写")
        second.sees("收到了吗")
        equal_everywhere(buyer, second, conversation)

        # Closed, invited, rated; the agent sees the face.
        second.close()
        form = buyer.page.locator("form.rating")
        expect(form).to_be_visible()
        form.locator("label.face-0").click()
        form.locator("textarea").fill("谢谢，很耐心")
        form.locator("button[type=submit]").click()
        expect(form).to_have_count(0)
        second.page.goto(f"{second.line.address}/desk/{conversation}")
        expect(second.page.locator(".chat-rating")).to_be_visible()

        wanted = equal_everywhere(buyer, second, conversation)
        assert wanted.count("withdrawn") == 2 and wanted.count("buyer: [image]") == 1, wanted
        assert len(set(wanted)) == len(wanted) - 1, f"doubled: {wanted}"
        ours = wanted.index("buyer: 断网时说的第一句"), wanted.index("buyer: 断网时说的第二句")
        assert ours[0] < ours[1], wanted
        assert "note: 这位买家上次换过尺码" in second.told(conversation, notes=True)
        until_equal(lambda: second.shown(notes=True), second.told(conversation, notes=True), second.page)
        # The other conversation stayed what it was.
        assert other.told() == ["buyer: 发票怎么开", "agent: 订单页点“申请发票”就行"], other.told()


def test_the_server_is_killed_and_nothing_acknowledged_is_lost(stage):
    with House() as house:
        agent = stage.person(Agent, house, "小橙").sign_in("cheng")
        agent.go("online")
        buyer = stage.person(Buyer, house, "买家").come()
        buyer.say("第一句")
        buyer.all_sent()
        agent.open("第一句")
        conversation = agent.conversation
        house.kill()
        buyer.say("服务器停着的时候说的")
        agent.say("客服这时也在写")
        expect(buyer.log.locator(".unsent")).to_have_count(1)
        house.start()
        buyer.all_sent()
        agent.all_sent()
        agent.sees("服务器停着的时候说的")
        buyer.sees("客服这时也在写")
        wanted = equal_everywhere(buyer, agent, conversation)
        assert sorted(wanted) == sorted(
            ["buyer: 第一句", "buyer: 服务器停着的时候说的", "agent: 客服这时也在写"]), wanted


def test_an_unsent_message_survives_a_closed_tab(stage):
    with House() as house:
        agent = stage.person(Agent, house, "小橙").sign_in("cheng")
        agent.go("online")
        buyer = stage.person(Buyer, house, "买家").come()
        buyer.say("先打个招呼")
        buyer.all_sent()
        agent.open("先打个招呼")
        buyer.line.cut()
        buyer.say("关页面之前写的")
        expect(buyer.log.locator(".unsent")).to_have_count(1)
        page = buyer.page
        buyer.page = buyer.context.new_page()
        page.close()
        buyer.line.mend()
        buyer.come()
        agent.sees("关页面之前写的")
        buyer.all_sent()
        assert agent.told(agent.conversation).count("buyer: 关页面之前写的") == 1


def test_edits_and_replies_are_seen_by_both(stage):
    with House() as house:
        agent = stage.person(Agent, house, "小橙").sign_in("cheng")
        agent.go("online")
        buyer = stage.person(Buyer, house, "买家").come()
        buyer.say("有蓝色嘛")
        agent.open("有蓝色嘛")
        buyer.act_on("有蓝色嘛", "修改")
        expect(buyer.field).to_have_value("有蓝色嘛")
        buyer.say("有蓝色吗")
        agent.sees("有蓝色吗")
        expect(agent.timeline.locator(".timeline-items").get_by_text("有蓝色嘛")).to_have_count(0)
        agent.act_on("有蓝色吗", "回复")
        agent.say("有的，今天能发")
        expect(buyer.log.locator(".quote", has_text=re.compile("有蓝色吗"))).to_be_visible()
        equal_everywhere(buyer, agent, agent.conversation)

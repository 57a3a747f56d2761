"""What belongs together: two conversations of one buyer, colleagues who are named, what was put off, the past."""
import re
import time

from playwright.sync_api import expect

from house import House
from people import Agent, Buyer, until_equal


def rule(house, **values):
    """Sets rules of the shop."""
    _, now, _ = house.call("GET", "/v1/policy", headers=house.owner)
    status, answer, _ = house.call(
        "PUT", "/v1/policy", {"version": now["version"], "values": values}, house.owner)
    assert status == 200, (status, answer)


def command(agent, kind, **fields):
    """One command of this agent, past the screen."""
    answer = agent.context.request.post(
        f"{agent.line.address}/v1/commands", headers={"Origin": agent.line.address},
        data={"type": kind, "key": f"test-{kind}-{time.monotonic_ns()}", **fields})
    assert answer.ok, (answer.status, answer.text())


def two_conversations(stage, house):
    """A buyer whose first conversation is over, and who came back with a second one."""
    rule(house, reopenWithin=0)
    agent = stage.person(Agent, house, "小橙").sign_in("cheng")
    agent.go("online")
    buyer = stage.person(Buyer, house, "买家").come()
    buyer.say("雨衣有大码吗")
    agent.open("雨衣有大码吗")
    agent.say("有到 3XL 的")
    buyer.sees("有到 3XL 的")
    first = agent.conversation
    agent.close()
    buyer.say("还想问问运费")
    expect(agent.row("还想问问运费")).to_be_visible()
    agent.open("还想问问运费")
    second = agent.conversation
    assert first != second
    return agent, buyer, first, second


def test_the_past_stands_beside_the_chat_and_two_become_one(stage):
    with House() as house:
        agent, buyer, first, second = two_conversations(stage, house)
        past = agent.page.locator(".past-row")
        expect(past).to_have_count(1)
        expect(past).to_contain_text("有到 3XL 的")
        past.click()
        agent.page.wait_for_url(re.compile(first))
        agent.sees("雨衣有大码吗")
        agent.axe("a closed conversation from the past")
        agent.page.go_back()
        agent.sees("还想问问运费")

        # The first one is joined to the second: nothing is lost, and the buyer sees one talk.
        agent.page.goto(f"{agent.line.address}/desk/{first}")
        agent.sees("雨衣有大码吗")
        agent.page.locator(".panel").get_by_role("button", name="合并").click()
        form = agent.page.locator("dialog[open] form")
        expect(form.locator("[name=into] option")).to_have_count(1)
        form.locator("button[type=submit]").click()
        agent.page.wait_for_url(re.compile(second))
        agent.sees("雨衣有大码吗")
        agent.sees("有到 3XL 的")
        agent.say("运费 8 元，满 59 包邮")
        buyer.sees("运费 8 元，满 59 包邮")
        until_equal(buyer.shown, buyer.told(), buyer.page)
        assert sorted(buyer.told()) == sorted(
            ["buyer: 还想问问运费", "buyer: 雨衣有大码吗", "agent: 有到 3XL 的", "agent: 运费 8 元，满 59 包邮"])
        agent.page.goto(f"{agent.line.address}/desk/{first}")
        expect(agent.page.get_by_text("已合并").first).to_be_visible()


def test_a_colleague_who_is_named_is_told_and_finds_it(stage):
    with House() as house:
        agent = stage.person(Agent, house, "小橙").sign_in("cheng")
        agent.go("online")
        lead = stage.person(Agent, house, "麦子").sign_in("mai")
        buyer = stage.person(Buyer, house, "买家").come()
        buyer.say("杯子到货碎了")
        agent.open("杯子到货碎了")
        agent.page.locator("button.composer-note").click()
        agent.field.press_sequentially("@麦")
        agent.page.get_by_role("option", name=re.compile("麦子")).click()
        agent.field.press_sequentially("可以直接补发吗")
        agent.field.press("Enter")
        toast = lead.page.locator(".toast", has_text="小橙")
        expect(toast).to_be_visible()
        expect(toast).to_contain_text("可以直接补发吗")
        tab = lead.page.get_by_role("tab", name=re.compile("提到我"))
        expect(tab.locator(".count")).to_have_text("1")
        tab.click()
        expect(lead.row("杯子到货碎了")).to_be_visible()
        expect(tab.locator(".count")).to_have_count(0)
        lead.axe("the view of mentions")
        lead.open("杯子到货碎了")
        expect(lead.timeline.locator(".mention")).to_have_text("@麦子")
        buyer.never_saw("可以直接补发吗")
        # It is still found after the page was loaded anew.
        lead.page.goto(lead.line.address + "/desk")
        lead.page.get_by_role("tab", name=re.compile("提到我")).click()
        expect(lead.row("杯子到货碎了")).to_be_visible()


def test_what_was_put_off_comes_back_and_says_why(stage):
    with House() as house:
        agent = stage.person(Agent, house, "小橙").sign_in("cheng")
        agent.go("online")
        buyer = stage.person(Buyer, house, "买家").come()
        buyer.say("明天能到吗")
        agent.open("明天能到吗")
        agent.say("我问一下仓库")
        buyer.sees("我问一下仓库")
        conversation = agent.conversation
        # By the dialog first: the presets are times of the shop.
        agent.field.press("Alt+s")
        form = agent.page.locator("dialog[open] form")
        expect(form.get_by_text(re.compile("明早|明天"))).to_be_visible()
        form.locator("[name=note]").fill("问仓库")
        form.locator("button[type=submit]").click()
        expect(agent.page.locator("dialog[open]")).to_have_count(0)
        agent.page.get_by_role("tab", name=re.compile("搁置")).click()
        expect(agent.row("我问一下仓库")).to_be_visible()
        # Then due in a moment, which the dialog's minutes do not offer.
        command(agent, "wake", conversation=conversation)
        command(agent, "snooze", conversation=conversation, note="问仓库",
                until=int(time.time() * 1000) + 3_000)
        toast = agent.page.locator(".toast", has_text="问仓库")
        expect(toast).to_be_visible()
        toast.get_by_role("button").first.click()
        agent.sees("我问一下仓库")
        expect(agent.page.locator(".chat-head")).to_contain_text("接待中")

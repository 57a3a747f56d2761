"""The desk looks twice before words leave, and tells in three lines where a chat stood."""
from playwright.sync_api import expect

from house import House
from people import Agent, Buyer


def test_words_that_look_wrong_wait_for_a_second_enter(stage):
    with House() as house:
        agent = stage.person(Agent, house, "小橙").sign_in("cheng")
        agent.go("online")
        buyer = stage.person(Buyer, house, "买家").come()
        buyer.say("有尺码表吗")
        agent.open("有尺码表吗")
        agent.say("尺码表见下图")
        doubt = agent.page.locator(".composer-doubt")
        expect(doubt).to_contain_text("没有附上")
        expect(agent.field).to_have_value("尺码表见下图")
        agent.axe("a second look")
        # Changed words are new words; the same words go at the second Enter.
        agent.field.press_sequentially("里")
        expect(doubt).to_be_hidden()
        agent.field.press("Enter")
        expect(doubt).to_be_visible()
        buyer.never_saw("尺码表见下图里")
        agent.field.press("Enter")
        expect(doubt).to_be_hidden()
        buyer.sees("尺码表见下图里")
        # Nothing doubtful, nothing asked.
        agent.say("您一般穿什么码？")
        buyer.sees("您一般穿什么码？")


def test_three_lines_tell_where_a_chat_stood(stage):
    with House() as house:
        agent = stage.person(Agent, house, "小橙").sign_in("cheng")
        agent.go("online")
        buyer = stage.person(Buyer, house, "买家").come()
        buyer.say("雨衣有大码吗")
        agent.open("雨衣有大码吗")
        gist = agent.page.locator(".gist")
        expect(gist).to_contain_text("雨衣有大码吗")
        agent.say("有到 3XL 的")
        expect(gist).to_contain_text("有到 3XL 的")
        agent.note("老客户，上次送过赠品")
        expect(gist).to_contain_text("老客户")
        buyer.say("那我要 2XL")
        expect(gist.locator("dd").first).to_have_text("那我要 2XL")
        agent.axe("three lines")


def test_a_removed_note_and_a_snooze_are_undone(stage):
    with House() as house:
        agent = stage.person(Agent, house, "小橙").sign_in("cheng")
        agent.go("online")
        buyer = stage.person(Buyer, house, "买家").come()
        buyer.say("下周再发可以吗")
        agent.open("下周再发可以吗")
        page = agent.page
        page.locator(".note-input").fill("出差到周五")
        page.locator(".note-bar button").click()
        row = page.locator(".note-row", has_text="出差到周五")
        expect(row).to_be_visible()
        row.get_by_role("button", name="移除备注").click()
        expect(row).to_have_count(0)
        page.locator(".toast", has_text="备注已移除").get_by_role("button", name="撤销").click()
        expect(row).to_be_visible()
        agent.field.focus()
        agent.field.press("Alt+s")
        page.locator("dialog[open] form button[type=submit]").click()
        expect(page.locator("dialog[open]")).to_have_count(0)
        page.locator(".toast").get_by_role("button", name="撤销").last.click()
        agent.sees("下周再发可以吗")
        expect(page.locator(".chat-head")).to_contain_text("接待中")

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

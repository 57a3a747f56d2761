"""The desk by keyboard alone, and input methods."""
from playwright.sync_api import expect

from house import House, PASSWORD
from people import Agent, Buyer


def compose(page, text):
    """What a Chinese input method does while its window is open: letters that are not text yet."""
    page.context.new_cdp_session(page).send(
        "Input.imeSetComposition", {"text": text, "selectionStart": len(text), "selectionEnd": len(text)})


def enter_for_the_input_method(page):
    """Enter while it composes: the browser tells of the key, and the input method keeps it."""
    line = page.context.new_cdp_session(page)
    for kind in ("rawKeyDown", "keyUp"):
        line.send("Input.dispatchKeyEvent", {
            "type": kind, "key": "Enter", "code": "Enter", "windowsVirtualKeyCode": 229})


def commit(page, text):
    page.context.new_cdp_session(page).send("Input.insertText", {"text": text})


def focused(page, selector):
    """Waits until the keyboard is in the element."""
    page.wait_for_function(
        "(selector) => document.activeElement?.matches(selector) === true", arg=selector)


def test_enter_belongs_to_the_input_method_while_it_composes(stage):
    with House() as house:
        agent = stage.person(Agent, house, "小橙").sign_in("cheng")
        agent.go("online")
        buyer = stage.person(Buyer, house, "买家").come()
        buyer.field.focus()
        compose(buyer.page, "ni hao")
        enter_for_the_input_method(buyer.page)
        assert buyer.shown() == [], "Enter sent what the input method was still composing"
        commit(buyer.page, "你好")
        expect(buyer.field).to_have_value("你好")
        buyer.page.keyboard.press("Enter")
        buyer.sees("你好")
        buyer.all_sent()
        agent.open("你好")
        agent.field.focus()
        compose(agent.page, "zai de")
        enter_for_the_input_method(agent.page)
        commit(agent.page, "在的")
        expect(agent.field).to_have_value("在的")
        agent.page.keyboard.press("Enter")
        buyer.sees("在的")
        assert agent.told(agent.conversation) == ["buyer: 你好", "agent: 在的"]


def test_the_desk_is_worked_by_keyboard_alone(stage):
    with House() as house:
        agent = stage.person(Agent, house, "小橙")
        page, keys = agent.page, agent.page.keyboard
        page.goto(agent.line.address + "/login")
        focused(page, "input[autocomplete=username]")
        keys.type("cheng")
        keys.press("Tab")
        keys.type(PASSWORD)
        keys.press("Enter")
        expect(page.locator(".presence-button")).to_be_visible()
        page.locator(".presence-button").focus()
        keys.press("Enter")
        expect(page.get_by_role("menu")).to_be_visible()
        keys.press("Home")
        keys.press("Enter")
        expect(page.locator(".presence-button .presence.online")).to_be_visible()

        buyers = []
        for number in range(1, 4):
            buyer = stage.person(Buyer, house, f"买家{number}").come()
            buyer.say(f"第{number}位买家的问题")
            buyer.all_sent()
            buyers.append(buyer)
            expect(agent.row(f"第{number}位买家的问题")).to_be_visible()

        # A number key opens a chat; the next answers go out without the mouse.
        for number, buyer in enumerate(buyers, 1):
            page.locator("body").press(f"Alt+{number}")
            expect(agent.timeline.get_by_text(f"第{number}位买家的问题")).to_be_visible()
            keys.press("Alt+w")
            focused(page, "textarea.composer-field")
            keys.type(f"回答{number}")
            keys.press("Enter")
            buyer.sees(f"回答{number}")

        # A note, the palette and the sheet of shortcuts.
        keys.press("Alt+n")
        keys.type("键盘写的备注")
        keys.press("Enter")
        agent.sees("键盘写的备注")
        keys.press("Control+k")
        palette = page.locator("dialog[open]")
        expect(palette).to_be_visible()
        keys.press("Escape")
        expect(palette).to_have_count(0)

        # Closing by keyboard, with the invitation.
        keys.press("Alt+e")
        expect(page.locator("dialog[open] form")).to_be_visible()
        page.locator("dialog[open] form button[type=submit]").focus()
        keys.press("Enter")
        expect(page.locator("dialog[open]")).to_have_count(0)
        expect(buyers[2].page.locator("form.rating")).to_be_visible()


def test_a_quick_phrase_takes_three_keystrokes(stage):
    with House() as house:
        status, answer, _ = house.call("POST", "/v1/phrases", {
            "scope": "shop", "shortcut": "fh", "title": "发货时间",
            "text": "{买家}您好，今天 16:00 前付款的今天发。"}, house.owner)
        assert status < 300, (status, answer)
        agent = stage.person(Agent, house, "小橙").sign_in("cheng")
        agent.go("online")
        buyer = stage.person(Buyer, house, "买家").come()
        buyer.say("什么时候发货")
        agent.open("什么时候发货")
        agent.field.focus()
        expect(agent.field).to_be_focused()
        keys = agent.page.keyboard
        keys.press("/")
        keys.press("f")
        expect(agent.page.get_by_role("option", name="发货时间")).to_be_visible()
        keys.press("Enter")
        agent.page.wait_for_function(
            "() => document.querySelector('textarea.composer-field').value.includes('16:00') "
            "|| document.querySelector('.timeline').textContent.includes('16:00')")
        if agent.field.input_value():
            keys.press("Enter")
        expect(buyer.log.get_by_text("今天 16:00 前付款的今天发。")).to_be_visible()


def tab_to(page, selector, limit=80):
    """Presses Tab until the keyboard is there; what Tab does not reach, nobody without a mouse does."""
    for _ in range(limit):
        if page.evaluate("(selector) => document.activeElement?.matches(selector) === true", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab does not reach {selector}")


def seen_focus(page):
    """The place of the keyboard is drawn."""
    return page.evaluate("""() => {
        const style = getComputedStyle(document.activeElement);
        return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0 || style.boxShadow !== "none";
    }""")


def test_the_settings_are_worked_by_keyboard_alone(stage):
    with House() as house:
        lead = stage.person(Agent, house, "麦子").sign_in("mai", "/settings/account")
        page, keys = lead.page, lead.page.keyboard
        expect(page.locator("#set-title")).to_be_visible()

        # Through the sections by Tab and Enter; the heading of the next one takes the keyboard.
        for section in ("sessions", "phrases", "staff", "groups", "permissions", "shop", "look", "policy", "audit"):
            link = f".set-link[href='/settings/{section}']"
            if page.locator(link).count() == 0:
                continue
            page.locator(".set-link[aria-current=page]").focus()
            tab_to(page, link)
            assert seen_focus(page), f"nobody sees that the keyboard is on {section}"
            keys.press("Enter")
            page.wait_for_url(f"**/settings/{section}")
            focused(page, "#set-title")

        # A rule is changed, saved and undone.
        page.goto(f"{lead.line.address}/settings/policy")
        expect(page.locator("#set-title")).to_be_visible()
        first = page.locator(".set-rule-value .input").first
        tab_to(page, ".set-rule-value .input")
        expect(first).to_be_focused()
        keys.press("Control+a")
        keys.type("240")
        expect(page.locator(".set-savebar")).to_be_visible()
        tab_to(page, ".set-savebar .button.primary")
        keys.press("Enter")
        expect(page.locator(".toast")).to_be_visible()
        tab_to(page, ".toast button")
        keys.press("Enter")
        expect(page.locator(".set-version")).to_contain_text("2")
        status, answer, _ = house.call("GET", "/v1/policy", headers=house.owner)
        assert answer["version"] == 2 and answer["values"]["replyWithin"] == 180, answer

        # A phrase is made in a dialog, which gives the keyboard back when it closes.
        page.goto(f"{lead.line.address}/settings/phrases")
        expect(page.locator("#set-title")).to_be_visible()
        tab_to(page, ".set-head-actions .button.primary")
        keys.press("Enter")
        expect(page.locator("dialog[open]")).to_be_visible()
        keys.press("Escape")
        expect(page.locator("dialog[open]")).to_have_count(0)
        focused(page, ".set-head-actions .button.primary")
        keys.press("Enter")
        tab_to(page, "dialog[open] [name=title]")
        keys.type("键盘短语")
        tab_to(page, "dialog[open] [name=text]")
        keys.type("全程没有碰鼠标。")
        tab_to(page, "dialog[open] button[type=submit]")
        keys.press("Enter")
        expect(page.locator("dialog[open]")).to_have_count(0)
        expect(page.get_by_text("键盘短语").first).to_be_visible()


def test_the_likely_answer_takes_two_keystrokes(stage):
    with House() as house:
        for shortcut, title, text in (("fh", "发货时间", "今天 16:00 前付款的今天发货。"), ("fp", "发票", "可以开电子发票。")):
            status, answer, _ = house.call("POST", "/v1/phrases", {
                "scope": "shop", "shortcut": shortcut, "title": title, "text": text}, house.owner)
            assert status < 300, (status, answer)
        agent = stage.person(Agent, house, "小橙").sign_in("cheng")
        agent.go("online")
        buyer = stage.person(Buyer, house, "买家").come()
        buyer.say("今天拍什么时候发货呀")
        agent.open("今天拍什么时候发货呀")
        offered = agent.page.locator(".composer-next")
        expect(offered.get_by_role("button")).to_have_count(1)
        expect(offered).to_contain_text("发货时间")
        agent.axe("a likely answer")
        agent.field.press("Alt+r")
        expect(agent.field).to_have_value("今天 16:00 前付款的今天发货。")
        expect(offered).to_be_hidden()
        agent.page.keyboard.press("Enter")
        buyer.sees("今天 16:00 前付款的今天发货。")
        buyer.say("好的谢谢")
        agent.sees("好的谢谢")
        expect(offered).to_be_hidden()

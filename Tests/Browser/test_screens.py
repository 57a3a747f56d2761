"""Every screen: no serious accessibility fault, no policy violation, both languages, both themes, small and large."""
import re

from playwright.sync_api import expect

from house import SLUG, House
from people import Agent, Buyer, Person

HAN = re.compile(r"[\u4e00-\u9fff]")
SETTINGS = ["account", "staff", "groups", "phrases", "shop", "policy", "sessions", "tokens", "audit",
            "permissions", "look"]


def without_names(text):
    """What is left when names of people, of the shop and of the other language are taken out."""
    return re.sub("[小橙青柠麦子老板山野日用]|中文|访客", "", text)


def settled(page):
    """The screen has been read and painted, and no colour is on its way from one theme to the other."""
    page.wait_for_load_state("networkidle")
    page.wait_for_function(
        "() => document.getAnimations().every((one) => !(one instanceof CSSTransition) || one.playState !== 'running')")
    page.wait_for_function("() => document.querySelectorAll('[aria-busy=true]').length === 0")


def no_sideways(page, where):
    wide = page.evaluate("() => document.documentElement.scrollWidth - innerWidth")
    assert wide <= 0, f"{where} is {wide} px wider than the screen"


def conversation(stage, house):
    agent = stage.person(Agent, house, "小橙").sign_in("cheng")
    agent.go("online")
    buyer = stage.person(Buyer, house, "买家").come()
    buyer.say("您好，想问一下尺码")
    agent.open("您好，想问一下尺码")
    agent.say("您好，请问身高体重多少？")
    buyer.sees("您好，请问身高体重多少？")
    return agent, buyer


def test_every_screen_passes_axe_in_both_themes(stage):
    with House() as house:
        agent, buyer = conversation(stage, house)
        lead = stage.person(Agent, house, "麦子").sign_in("mai", "/wall")
        guest = stage.person(Person, house, "路人")
        for theme in ("light", "dark"):
            for person in (agent, buyer, lead, guest):
                person.page.emulate_media(color_scheme=theme)
            settled(agent.page)
            agent.axe(f"desk, {theme}")
            buyer.axe(f"chat page, {theme}")
            lead.page.goto(lead.line.address + "/wall")
            settled(lead.page)
            lead.axe(f"wall, {theme}")
            for part in SETTINGS:
                lead.page.goto(f"{lead.line.address}/settings/{part}")
                settled(lead.page)
                lead.axe(f"settings/{part}, {theme}")
            for path in ("/login", "/no-such-page"):
                guest.page.goto(guest.line.address + path)
                settled(guest.page)
                guest.axe(f"{path}, {theme}")
    with House(made=False) as house:
        first = stage.person(Person, house, "店主")
        first.page.goto(first.line.address + "/setup")
        settled(first.page)
        first.axe("/setup")


def test_every_screen_speaks_english_when_asked(stage):
    with House() as house:
        agent, buyer = conversation(stage, house)
        lead = stage.person(Agent, house, "麦子").sign_in("mai", "/wall")
        lead.page.locator("header.bar button[aria-haspopup=menu]", has=lead.page.locator("svg")).nth(1).click()
        lead.page.get_by_role("menuitemradio", name="English").click()
        expect(lead.page.locator("html")).to_have_attribute("lang", "en")
        lead.page.reload()
        expect(lead.page.locator("html")).to_have_attribute("lang", "en")
        for path in ["/wall", "/desk", *(f"/settings/{part}" for part in SETTINGS)]:
            lead.page.goto(lead.line.address + path)
            settled(lead.page)
            # What people wrote stays what it is; everything that the screen says is English.
            said = lead.page.locator("h1, h2, h3, label, legend, th, button:not([role=menuitemradio]), nav a")
            for text in said.all_inner_texts():
                assert not HAN.search(without_names(text)), f"{path} says in English: {text!r}"
        english = stage.person(Buyer, house, "visitor", locale="en-GB").come(f"/chat/{SLUG}?lang=en")
        english.say("Do you ship abroad?")
        english.all_sent()
        for text in english.page.locator("header, .composer, .strip").all_inner_texts():
            assert not HAN.search(without_names(text)), text
        expect(english.page.locator("html")).to_have_attribute("lang", "en")


def test_the_screens_fit_a_phone(stage):
    phone = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}
    with House() as house:
        agent = stage.person(Agent, house, "小橙", **phone).sign_in("cheng")
        agent.go("online")
        buyer = stage.person(Buyer, house, "买家", **phone).come()
        buyer.say("手机上写的")
        agent.open("手机上写的")
        agent.say("手机上答的")
        buyer.sees("手机上答的")
        no_sideways(agent.page, "the desk")
        no_sideways(buyer.page, "the chat page")
        lead = stage.person(Agent, house, "麦子", **phone).sign_in("mai", "/wall")
        settled(lead.page)
        no_sideways(lead.page, "the wall")
        for part in SETTINGS:
            lead.page.goto(f"{lead.line.address}/settings/{part}")
            settled(lead.page)
            no_sideways(lead.page, f"settings/{part}")


def test_the_first_visit_makes_the_shop(stage):
    with House(made=False) as house:
        owner = stage.person(Person, house, "店主")
        page = owner.page
        page.goto(owner.line.address + "/setup")
        for name, value in (("code", house.code()), ("shopName", "新开的店"), ("slug", "xin-dian"),
                            ("name", "店主"), ("login", "dianzhu")):
            page.locator(f"[name={name}]").fill(value)
        for field in page.locator("input[autocomplete=new-password]").all():
            field.fill("a-long-enough-pass-9")
        page.locator("form button[type=submit]").click()
        page.wait_for_url(re.compile("/desk"))
        expect(page.locator(".presence-button")).to_be_visible()
        status, answer, _ = house.call("GET", "/v1/setup")
        assert status == 200 and answer["needed"] is False, (status, answer)


def test_a_supervisor_watches_and_takes_over(stage):
    with House() as house:
        agent, buyer = conversation(stage, house)
        lead = stage.person(Agent, house, "麦子").sign_in("mai", "/wall")
        expect(lead.page.get_by_text("小橙").first).to_be_visible()
        conversation_id = agent.conversation
        lead.page.goto(f"{lead.line.address}/desk/{conversation_id}")
        lead.sees("您好，想问一下尺码")
        buyer.never_saw("麦子")
        lead.page.locator(".chat-acts").get_by_role("button", name="接管").or_(
            lead.page.get_by_role("menuitem", name="接管")).first.click()
        form = lead.page.locator("dialog[open] form")
        form.locator("[name=reason]").fill("客服离开了")
        form.locator("button[type=submit]").click()
        expect(lead.page.locator("dialog[open]")).to_have_count(0)
        lead.say("您好，我是主管麦子")
        buyer.sees("您好，我是主管麦子")


def test_forced_colours_keep_edges_focus_and_states(stage):
    """A person who chooses the system's own colours still sees what is a control, where the keyboard is, what is chosen."""
    drawn = """(element) => {
        const style = getComputedStyle(element);
        return parseFloat(style.borderTopWidth) > 0 && style.borderTopStyle !== "none"
            || style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0;
    }"""
    with House() as house:
        agent, buyer = conversation(stage, house)
        for person in (agent, buyer):
            person.page.emulate_media(forced_colors="active")
        settled(agent.page)
        for what in (".msg .bubble, .msg .msg-bubble", ".composer .button.primary", ".inbox-row a[aria-current=true]",
                     "[role=tab][aria-selected=true]", ".presence-button"):
            found = agent.page.locator(what)
            if found.count():
                assert found.first.evaluate(drawn), f"the desk's {what} has no edge in forced colours"
        for what in (".bubble", ".send", ".write"):
            assert buyer.page.locator(what).first.evaluate(drawn), f"the window's {what} has no edge in forced colours"
        agent.field.focus()
        assert agent.field.evaluate(drawn) or agent.page.locator(".composer-main").evaluate(drawn)
        agent.axe("desk, forced colours")
        buyer.axe("chat page, forced colours")


def test_what_opens_passes_axe(stage):
    """Dialogs, menus, the palette, the sheet of keys, manager of phrases: in both themes."""
    with House() as house:
        agent, _ = conversation(stage, house)
        page = agent.page
        for theme in ("light", "dark"):
            page.emulate_media(color_scheme=theme)
            for keys, name in (("Alt+t", "transfer"), ("Alt+s", "snooze"), ("Alt+e", "close"), ("Control+k", "palette")):
                agent.field.focus()
                page.keyboard.press(keys)
                expect(page.locator("dialog[open]")).to_be_visible()
                agent.axe(f"{name}, {theme}")
                page.keyboard.press("Escape")
                expect(page.locator("dialog[open]")).to_have_count(0)
            # A single key counts only while nobody writes.
            agent.field.evaluate("(field) => field.blur()")
            page.keyboard.press("?")
            expect(page.locator("dialog[open]")).to_be_visible()
            agent.axe(f"shortcuts, {theme}")
            page.keyboard.press("Escape")
            page.locator(".chat-acts button[aria-haspopup=menu]").click()
            expect(page.get_by_role("menu")).to_be_visible()
            agent.axe(f"menu, {theme}")
            page.keyboard.press("Escape")
            for view in ("排队", "搁置", "已结束", "提到我", "全部"):
                page.get_by_role("tab", name=view).click()
                settled(page)
                agent.axe(f"the view {view}, {theme}")
            page.get_by_role("tab", name="我的").click()

"""Pictures that are dropped and pasted, and what a desk tells while nobody looks at it."""
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import expect

from house import House
from people import Agent, Buyer
from picture import png

GIVE = """(element, [kind, bytes, name]) => {
    const file = new File([new Uint8Array(bytes)], name, { type: "image/png" });
    const data = new DataTransfer();
    data.items.add(file);
    const event = kind === "paste"
        ? new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true, composed: true })
        : new DragEvent(kind, { dataTransfer: data, bubbles: true, cancelable: true, composed: true });
    element.dispatchEvent(event);
    return event.defaultPrevented;
}"""
WATCH_NOTICES = """
window.notices = [];
window.Notification = class extends EventTarget {
    static permission = "default";
    static answer = "granted";
    static async requestPermission() { return (this.permission = this.answer); }
    constructor(title, options) { super(); window.notices.push({ title, ...options }); }
    close() {}
};
"""


def give(locator, kind, picture):
    """A real DataTransfer with a file in it, as the browser makes one."""
    return locator.evaluate(GIVE, [kind, list(picture.read_bytes()), picture.name])


def test_a_picture_is_dropped_and_pasted_on_both_sides(stage):
    with House() as house, TemporaryDirectory() as folder:
        picture = png(Path(folder, "衣服.png"))
        agent = stage.person(Agent, house, "小橙").sign_in("cheng")
        agent.go("online")
        buyer = stage.person(Buyer, house, "买家").come()
        buyer.say("看看这件")
        panel = buyer.page.locator("section.panel")
        assert give(panel, "dragover", picture), "a file over the window is welcome"
        expect(buyer.page.locator(".dropping")).to_be_visible()
        assert give(panel, "drop", picture)
        expect(buyer.page.locator(".dropping")).to_be_hidden()
        expect(buyer.log.locator(".picture img")).to_have_count(1)
        assert give(buyer.field, "paste", picture)
        expect(buyer.log.locator(".picture img")).to_have_count(2)
        buyer.all_sent()

        agent.open("[图片]")
        expect(agent.timeline.locator(".picture img")).to_have_count(2)
        # The desk shows what it is about to send, and sends it with the words.
        assert give(agent.chat, "dragover", picture)
        assert give(agent.chat, "drop", picture)
        expect(agent.page.locator(".attachment")).to_have_count(1)
        assert give(agent.field, "paste", picture)
        expect(agent.page.locator(".attachment")).to_have_count(2)
        agent.page.locator(".attachment button").first.click()
        expect(agent.page.locator(".attachment")).to_have_count(1)
        agent.axe("a picture about to be sent")
        agent.field.focus()
        agent.field.press("Enter")
        agent.all_sent()
        expect(buyer.log.locator(".picture img")).to_have_count(3)
        assert buyer.told()[-1] == "agent: [image]", buyer.told()
        # Words that are pasted or dropped stay words.
        assert not agent.field.evaluate("""(element) => {
            const data = new DataTransfer();
            data.setData("text/plain", "文字");
            const event = new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true });
            element.dispatchEvent(event);
            return event.defaultPrevented;
        }""")


def test_notices_are_asked_for_once_and_told_only_while_nobody_looks(stage):
    with House() as house:
        agent = stage.person(Agent, house, "小橙")
        agent.context.add_init_script(WATCH_NOTICES)
        agent.sign_in("cheng")
        agent.go("online")
        page = agent.page
        bell = page.locator(".inbox-foot").get_by_role("button", name="桌面通知")
        expect(bell).to_have_attribute("aria-pressed", "false")

        # Refused: the desk says so and what to do, and stays off.
        page.evaluate("() => { Notification.answer = 'denied'; }")
        bell.click()
        expect(page.locator(".toast", has_text="没有允许")).to_be_visible()
        expect(bell).to_have_attribute("aria-pressed", "false")
        page.evaluate("() => { Notification.answer = 'granted'; }")
        bell.click()
        expect(bell).to_have_attribute("aria-pressed", "true")

        buyer = stage.person(Buyer, house, "买家").come()
        page.evaluate("() => { document.hasFocus = () => true; }")
        buyer.say("第一句")
        expect(agent.row("第一句")).to_be_visible()
        assert page.evaluate("() => window.notices") == [], "who looks needs no notice"
        page.evaluate("() => { document.hasFocus = () => false; }")
        buyer.say("第二句")
        page.wait_for_function("() => window.notices.length > 0")
        told = page.evaluate("() => window.notices.at(-1)")
        assert told["body"] == "第二句" and told["tag"].startswith("qinke-"), told

        # Kept over a reload, and off again at a press.
        page.reload()
        page.evaluate("() => { Notification.permission = 'granted'; }")
        sound = page.locator(".inbox-foot").get_by_role("button", name="提示音")
        expect(sound).to_have_attribute("aria-pressed", "false")
        sound.click()
        expect(sound).to_have_attribute("aria-pressed", "true")
        assert page.evaluate("() => localStorage.getItem('qinke.sound')") == "on"
        expect(bell).to_have_attribute("aria-pressed", "true")
        bell.click()
        expect(bell).to_have_attribute("aria-pressed", "false")


def test_a_browser_that_grants_notices_is_believed(stage):
    with House() as house:
        agent = stage.person(Agent, house, "小橙")
        agent.context.grant_permissions(["notifications"], origin=agent.line.address)
        agent.sign_in("cheng")
        state = agent.page.evaluate("() => Notification.permission")
        bell = agent.page.locator(".inbox-foot").get_by_role("button", name="桌面通知")
        bell.click()
        # Some builds of Chromium never grant notices without a window; then the desk must say that it is off.
        expect(bell).to_have_attribute("aria-pressed", "true" if state == "granted" else "false")

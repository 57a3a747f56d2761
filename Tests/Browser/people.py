"""The people of a story: a browser window each, a line each that can be cut, and what they can do and see."""
import re

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from house import PASSWORD, SLUG
from line import Line

LIMIT = 15_000  # milliseconds that anything may take to show
expect.set_options(timeout=LIMIT)
WATCH = """
document.addEventListener("securitypolicyviolation", (event) =>
    window.tellTest("policy: " + event.violatedDirective + " " + event.blockedURI + " " + event.sourceFile));
"""


class Faults(list):
    """What must not happen in any window: broken content policy, uncaught errors."""

    def watch(self, page, name):
        page.on("pageerror", lambda error: self.append(f"{name}: uncaught {error}"))
        page.on("console", lambda line: self.append(f"{name}: {line.text}")
                if "Content Security Policy" in line.text else None)


class Person:
    """A browser window of its own: own cookies, own storage, own line."""

    def __init__(self, browser, house, faults, name, **look):
        self.house, self.name, self.faults = house, name, faults
        self.line = Line(house.port)
        look = {"locale": "zh-CN", "timezone_id": "Asia/Shanghai", "reduced_motion": "reduce",
                "viewport": {"width": 1280, "height": 720}, **look}
        self.context = browser.new_context(**look)
        self.context.set_default_timeout(LIMIT)
        self.context.expose_function("tellTest", lambda text: faults.append(f"{name}: {text}"))
        self.context.add_init_script(WATCH)
        self.page = self.context.new_page()
        faults.watch(self.page, name)

    def leave(self):
        self.context.close()
        self.line.close()

    def axe(self, where):
        """No serious and no critical finding; the findings otherwise, as text."""
        found = Axe().run(self.page).response["violations"]
        bad = [f"{one['id']} ({one['impact']}): {one['help']} — "
               + "; ".join(str(node["target"]) for node in one["nodes"][:3])
               for one in found if one["impact"] in ("serious", "critical")]
        assert not bad, f"axe at {where}:\n      " + "\n      ".join(bad)


class Buyer(Person):
    """Somebody who writes to the shop from its chat page."""

    def come(self, path=f"/chat/{SLUG}"):
        self.token = None

        def look(request):
            bearer = request.headers.get("authorization", "")
            if bearer.startswith("Bearer qb_"):
                self.token = bearer
        self.page.on("request", look)
        self.page.goto(self.line.address + path)
        expect(self.field).to_be_visible()
        return self

    @property
    def field(self):
        return self.page.locator("textarea.write")

    @property
    def log(self):
        return self.page.locator(".log")

    def say(self, text):
        self.field.fill(text)
        self.field.press("Enter")
        # Shown at once, before it is sent: whoever asks for what is unsent must not ask too early.
        self.sees(text)

    def sees(self, text):
        expect(self.log.get_by_text(text, exact=True).first).to_be_visible()

    def never_saw(self, text):
        expect(self.page.get_by_text(text)).to_have_count(0)

    def all_sent(self):
        expect(self.log.locator(".unsent")).to_have_count(0)

    def send_image(self, path):
        self.page.locator("input[type=file][accept='image/*']").set_input_files(path)

    def act_on(self, text, choice):
        message = self.log.locator("article.message", has_text=text).last
        message.hover()
        message.locator("button.act").click()
        self.page.get_by_role("menuitem", name=choice).click()

    def shown(self):
        """The conversation as this window shows it: `who: what` per entry that everybody sees."""
        return self.log.evaluate("""(log) => [...log.children].flatMap((entry) => {
            if (entry.matches("p.system")) return /撤回了|withdr/i.test(entry.firstChild.textContent) ? ["withdrawn"] : [];
            if (!entry.matches("article.message")) return [];
            const who = entry.matches(".mine") ? "buyer" : "agent";
            if (entry.matches(".unsent")) return [who + " unsent"];
            if (entry.querySelector(".picture")) return [who + ": [image]"];
            const bubble = entry.querySelector(".bubble").cloneNode(true);
            bubble.querySelectorAll(".quote").forEach((quote) => quote.remove());
            return [who + ": " + bubble.textContent.trim()];
        })""")

    def told(self):
        """The same, as the HTTP API tells this buyer."""
        status, answer, _ = self.house.call(
            "GET", "/v1/buyer/conversation", headers={"Authorization": self.token})
        assert status == 200, (status, answer)
        return listed(answer["messages"])


class Agent(Person):
    """Somebody who answers at the desk."""

    def sign_in(self, login, path="/desk"):
        self.page.goto(f"{self.line.address}/login?next={path}")
        self.page.locator("input[autocomplete=username]").fill(login)
        self.page.locator("input[autocomplete=current-password]").fill(PASSWORD)
        self.page.locator("input[autocomplete=current-password]").press("Enter")
        self.page.wait_for_url(re.compile(re.escape(path)))
        expect(self.page.locator(".presence-button")).to_be_visible()
        return self

    def go(self, state):
        """Says what they do now: online, busy, break, suspended, offline."""
        if self.page.locator(f".presence-button .presence.{state}").count() == 0:
            self.page.locator(".presence-button").click()
            names = {"online": "在线", "busy": "忙碌", "offline": "离线"}
            self.page.get_by_role("menuitemradio", name=re.compile("^" + names[state])).click()
            expect(self.page.locator(f".presence-button .presence.{state}")).to_be_visible()

    def row(self, text):
        return self.page.locator(".inbox-row", has_text=text)

    def open(self, text):
        """Opens the conversation whose row shows the text."""
        self.row(text).first.locator("a.inbox-link").click()
        expect(self.chat).to_be_visible()

    @property
    def chat(self):
        return self.page.locator("section.chat")

    @property
    def field(self):
        return self.page.locator("textarea.composer-field")

    @property
    def timeline(self):
        return self.page.locator(".timeline")

    def say(self, text):
        self.field.fill(text)
        self.field.press("Enter")

    def note(self, text):
        self.page.locator("button.composer-note").click()
        self.say(text)

    def sees(self, text):
        expect(self.timeline.get_by_text(text, exact=True).first).to_be_visible()

    def all_sent(self):
        expect(self.page.locator(".timeline-pending > *")).to_have_count(0)

    def act_on(self, text, choice):
        self.timeline.locator("article.msg", has_text=text).last.click(button="right")
        self.page.get_by_role("menuitem", name=re.compile("^" + choice)).click()

    def transfer(self, to, promise, next_step):
        self.field.press("Alt+t")
        form = self.page.locator("dialog[open] form")
        option = form.locator("[name=to] option", has_text=to)
        form.locator("[name=to]").select_option(option.get_attribute("value"))
        form.locator("[name=promise]").fill(promise)
        form.locator("[name=nextStep]").fill(next_step)
        form.locator("button[type=submit]").click()
        expect(self.page.locator("dialog[open]")).to_have_count(0)

    def close(self):
        self.field.press("Alt+e")
        form = self.page.locator("dialog[open] form")
        expect(form.locator("[name=inviteRating]")).to_be_checked()
        form.locator("button[type=submit]").click()
        expect(self.page.locator("dialog[open]")).to_have_count(0)

    @property
    def conversation(self):
        """The id of the conversation that is open."""
        return re.search(r"/desk/(\d+)", self.page.url).group(1)

    def shown(self, notes=False):
        """The conversation as this desk shows it; `notes` adds what only staff see."""
        return self.timeline.evaluate("""(timeline, notes) => [...timeline.querySelectorAll(".timeline-items .msg")].flatMap((entry) => {
            if (entry.matches(".withdrawn")) return ["withdrawn"];
            const note = entry.matches(".note");
            if (note && !notes) return [];
            const who = note ? "note" : entry.matches(".theirs") ? "buyer" : "agent";
            if (entry.querySelector(".picture, .picture-gone")) return [who + ": [image]"];
            const text = entry.querySelector(".msg-text");
            return text ? [who + ": " + text.textContent.trim()] : [];
        })""", notes)

    def told(self, conversation, notes=False):
        """The same, as the HTTP API tells this agent."""
        answer = self.context.request.get(
            f"{self.line.address}/v1/conversations/{conversation}/messages?after=0&limit=200")
        assert answer.ok, (answer.status, answer.text())
        return listed(answer.json()["messages"], notes)


def listed(messages, notes=False):
    """Messages of the API as the windows' lists: `who: what`."""
    lines = []
    for message in messages:
        if message["kind"] == "system":
            continue
        note = message["kind"] == "note"
        if note and not notes:
            continue
        if message.get("withdrawn"):
            lines.append("withdrawn")
        else:
            who = "note" if note else message["author"]["kind"]
            lines.append(f"{who}: " + ("[image]" if message["kind"] == "image" else message["text"].strip()))
    return lines


def until_equal(read, wanted, page):
    """Waits until `read()` gives `wanted`; the difference is the failure."""
    page.wait_for_function("() => new Promise((go) => requestAnimationFrame(() => go(true)))")
    for _ in range(LIMIT // 100):
        if read() == wanted:
            return
        page.evaluate("() => new Promise((go) => setTimeout(go, 100))")
    assert read() == wanted, f"\n      shown  {read()}\n      wanted {wanted}"

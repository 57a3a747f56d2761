"""The doors as a stranger finds them, over the real program: log-in, cookies, sockets, limits, uploads, logs, pages."""
import base64
import hashlib
import hmac
import json
import os
import select
import socket
import statistics
import struct
import subprocess
import time
import zlib
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

from house import BINARY, PASSWORD, SLUG, House, asking


class Guarded(House):
    """A house behind one proxy, telling all it can tell, so that a secret in the log would show."""

    def start(self):
        self.process = subprocess.Popen(
            [BINARY, "serve", "--port", str(self.port), "--data", self.data, "--proxies", "1",
             "--log-level", "debug"],
            stdout=self.log, stderr=self.log, cwd=self.folder.name,
            env={**os.environ, "NO_COLOR": "1"})
        limit = time.monotonic() + 60
        while True:
            if self.process.poll() is not None or time.monotonic() > limit:
                raise AssertionError(f"qinke serve does not answer:\n{self.said()}")
            try:
                if self.call("GET", "/health")[0] in (200, 503):
                    return
            except OSError:
                select.select([], [], [], 0.05)

    def from_(self, address, method, path, body=None, headers=None):
        return self.call(method, path, body, {"X-Forwarded-For": address, **(headers or {})})

    def raw(self, method, path, body, headers):
        return asking.raw(self.port, method, path, body, headers)


def equal(found, wanted, what):
    if found != wanted:
        raise AssertionError(f"{what}: {found!r} and not {wanted!r}")


def true(condition, what):
    if not condition:
        raise AssertionError(what)


# Log-in

def test_a_log_in_tells_nobody_who_exists():
    """The same answer and the same time class, whether the name exists or not."""
    with Guarded() as house:
        spans = {"cheng": [], "nobody": []}
        answers = {}
        for turn in range(4):
            for login in spans:
                # Each try from an address of its own, so that the throttle for addresses says nothing.
                began = time.monotonic()
                status, body, _ = house.from_(
                    f"198.51.100.{turn * 2 + (login == 'cheng')}", "POST", "/v1/session",
                    {"login": login, "password": "wrong-and-long-enough"})
                spans[login].append(time.monotonic() - began)
                answers.setdefault(login, []).append((status, body["error"]["code"]))
        equal(answers["cheng"], answers["nobody"], "the answers")
        known, unknown = (statistics.median(spans[login]) for login in ("cheng", "nobody"))
        true(unknown > known / 3 and known > unknown / 3,
             f"a known name takes {known * 1000:.0f} ms, an unknown one {unknown * 1000:.0f} ms")


def test_an_office_is_not_punished_for_one_guesser():
    """Many people behind one address log in, some after a slip; only who guesses on waits."""
    with Guarded() as house:
        office = "203.0.113.7"
        for login in ("cheng", "ning", "mai", "laoban"):
            status, _, _ = house.from_(office, "POST", "/v1/session",
                                       {"login": login, "password": "a-slip-of-the-hand"})
            true(status in (401, 403), f"a slip is answered {status}")
            status, body, _ = house.from_(office, "POST", "/v1/session",
                                          {"login": login, "password": PASSWORD})
            equal(status, 200, f"{login} after a slip: {body}")
        codes = []
        for _ in range(12):
            status, body, headers = house.from_(office, "POST", "/v1/session",
                                                {"login": "cheng", "password": "guess-guess-guess"})
            codes.append((status, body["error"]["code"]))
        true((429, "login.throttled") in codes, f"twelve guesses were answered {codes}")
        status, body, _ = house.from_(office, "POST", "/v1/session",
                                      {"login": "ning", "password": PASSWORD})
        equal(status, 200, f"a colleague of the guesser: {body}")


# Other sites

def handshake(house, headers):
    with socket.create_connection(("127.0.0.1", house.port), timeout=30) as line:
        lines = ["GET /v1/socket HTTP/1.1", f"Host: 127.0.0.1:{house.port}", "Upgrade: websocket",
                 "Connection: Upgrade", "Sec-WebSocket-Version: 13",
                 "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        line.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
        answer = b""
        while b"\r\n" not in answer:
            part = line.recv(4096)
            if not part:
                break
            answer += part
        return int(answer.split()[1])


def test_a_socket_with_a_cookie_needs_our_own_origin():
    with Guarded() as house:
        cookie = house.sign_in("cheng")["Cookie"]
        protocol = {"Sec-WebSocket-Protocol": "qinke.v1", "Cookie": cookie}
        equal(handshake(house, {**protocol, "Origin": house.address}), 101, "our own page")
        for origin in ("https://evil.example", "null", f"http://127.0.0.1:{house.port + 1}",
                       f"http://127.0.0.1.evil.example:{house.port}"):
            true(handshake(house, {**protocol, "Origin": origin}) in (401, 403), f"from {origin}")
        true(handshake(house, protocol) in (401, 403), "a cookie without an Origin")
        true(handshake(house, {"Sec-WebSocket-Protocol": "qinke.v1", "Origin": house.address})
             in (401, 403), "nobody at all")


# Limits

def test_an_office_behind_one_address_may_open_many_windows():
    with Guarded() as house:
        office, home = "203.0.113.8", "203.0.113.9"
        def opens(address):
            return house.from_(address, "POST", "/v1/buyer/sessions", {"shop": SLUG})[0]
        equal({opens(office) for _ in range(200)}, {201}, "two hundred windows of one office")
        flood = [opens(office) for _ in range(900)]
        true(429 in flood, "a flood from one address is never refused")
        equal(opens(home), 201, "another address meanwhile")


# Uploads

def png(width, height, data=None, after=b""):
    def chunk(kind, body):
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
    rows = data if data is not None else zlib.compress(b"\0" + b"\x7f\x40\x20" * width) * 1
    if data is None:
        rows = zlib.compress((b"\0" + b"\x7f\x40\x20" * width) * height)
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
            + chunk(b"tEXt", b"Comment\0<script>alert(1)</script>") + chunk(b"IDAT", rows)
            + chunk(b"IEND", b"") + after)


def test_uploads_cannot_be_used_against_anybody():
    with Guarded() as house:
        cookie = house.sign_in("cheng")

        def send(name, data):
            return house.raw("POST", f"/v1/uploads?name={name}", data,
                             {**cookie, "Content-Type": "application/octet-stream"})

        def fetch(upload):
            return house.raw("GET", f"/v1/uploads/{upload}", None, cookie)

        # A picture that is also a page: nothing of the page is left.
        script = b"<script>alert(document.domain)</script>"
        status, body, _ = send("cat.png", png(8, 8, after=b"\n<html>" + script))
        equal(status, 200, f"a polyglot picture: {body}")
        status, data, headers = fetch(json.loads(body)["upload"])
        true(b"script" not in data and data.startswith(b"\x89PNG"), "a script came through in a picture")
        equal(headers["Content-Type"], "image/png", "its type")
        equal(headers["X-Content-Type-Options"], "nosniff", "sniffing")
        # Things that a browser would run are at most downloads, whatever they are called.
        for name, data in (("logo.svg", b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'),
                           ("cat.png", b"<!doctype html><title>x</title>" + script),
                           ("a.html", b"<html>" + script), ("a.xml", b"<?xml version='1.0'?><a/>"),
                           ("a.pdf", b"%PDF-1.4\n" + script)):
            status, body, _ = send(name, data)
            if status >= 300:
                continue
            status, _, headers = fetch(json.loads(body)["upload"])
            true(headers["Content-Disposition"].startswith("attachment"), f"{name} opens in place")
            true("html" not in headers["Content-Type"] and "svg" not in headers["Content-Type"],
                 f"{name} is given as {headers['Content-Type']}")
            true("sandbox" in headers["Content-Security-Policy"], f"{name} may run in a page")
        # Programs are refused, whatever they are called.
        status, body, _ = send("note.txt", b"MZ" + b"\0" * 200)
        true(status >= 400, "a program was taken as a text")
        # A bomb: a few bytes that claim a billion pixels.
        began = time.monotonic()
        status, body, _ = send("bomb.png", png(40_000, 40_000, data=zlib.compress(b"\0" * 100_000)))
        equal(status, 413 if b"tooLarge" in body else status, "a bomb")
        true(status in (400, 413, 415) and b"pixels" in body, f"a bomb was answered {status} {body[:200]}")
        true(time.monotonic() - began < 20, "a bomb kept the server busy")
        # A name that leads elsewhere.
        before = sorted(Path(house.folder.name).parent.glob("evil*"))
        status, body, _ = send("..%2F..%2Fevil%00.txt", "无害的文字，足够长，是一个文本文件。".encode())
        if status < 300:
            name = json.loads(body)["name"]
            true("/" not in name and "\0" not in name and ".." not in name, f"a file is called {name!r}")
        equal(sorted(Path(house.folder.name).parent.glob("evil*")), before, "files beside ours")


# Logs

def code(seed):
    counter = struct.pack(">Q", int(time.time()) // 30)
    digest = hmac.new(base64.b32decode(seed + "=" * (-len(seed) % 8)), counter, hashlib.sha1).digest()
    place = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[place:place + 4])[0] & 0x7fffffff) % 1_000_000:06}"


def test_no_secret_is_ever_logged():
    """Everything that is secret is used once, with the most talkative log there is."""
    with Guarded() as house:
        secrets = {"the password": PASSWORD}
        owner = house.sign_in("laoban")
        secrets["the owner's cookie"] = owner["Cookie"].split("=", 1)[1]
        status, body, _ = house.call("POST", "/v1/tokens", {
            "name": "robot", "scopes": ["wall.read"], "expiresAt": None}, owner)
        equal(status, 201, f"a token: {body}")
        secrets["the token"] = body["secret"]
        house.call("GET", "/v1/wall", None, {"Authorization": "Bearer " + body["secret"]})
        status, body, _ = house.call("POST", "/v1/shop/identity", {}, owner)
        secrets["the signing secret"] = body["secret"]
        status, body, _ = house.call("POST", "/v1/session/totp", {}, owner)
        secrets["the seed of codes"] = body["secret"]
        status, body, _ = house.call("PUT", "/v1/session/totp", {"code": code(body["secret"])}, owner)
        equal(status, 200, f"the second factor: {body}")
        for number, recovery in enumerate(body["recovery"]):
            secrets[f"recovery code {number}"] = recovery
        status, body, _ = house.call("POST", "/v1/buyer/sessions",
                                     {"shop": SLUG, "name": "王小明的真名", "identity": "eyJ.forged.token"})
        status, body, _ = house.call("POST", "/v1/buyer/sessions", {"shop": SLUG, "name": "王小明的真名"})
        secrets["the buyer's token"], secrets["the buyer's name"] = body["token"], "王小明的真名"
        said = "我的电话是一三九零零零零"
        secrets["what the buyer says"] = said
        for text in ({"type": "say", "key": "k1", "kind": "text", "text": said},
                     {"type": "say", "key": "k1", "kind": "text", "text": said + "！"}):
            house.call("POST", "/v1/commands", text, {"Authorization": "Bearer " + body["token"]})
        equal(handshake(house, {"Sec-WebSocket-Protocol": f"qinke.v1, bearer.{body['token']}",
                                "Origin": house.address}), 101, "the buyer's socket")
        house.call("GET", f"/v1/search?q={'%E7%94%B5%E8%AF%9D'}", None, owner)
        secrets["what was searched"] = "%E7%94%B5%E8%AF%9D"
        house.call("POST", "/v1/session", {"login": "cheng", "password": "mistyped-secret-1"})
        secrets["a mistyped password"] = "mistyped-secret-1"
        house.stop()
        log = house.said()
        true(len(log) > 500, "the log says next to nothing, so this proves nothing")
        told = [what for what, text in secrets.items() if text in log]
        equal(told, [], "told in the log")


# The browser

class Elsewhere(BaseHTTPRequestHandler):
    """Another site, which frames ours."""
    target = ""

    def do_GET(self):
        page = f'<!doctype html><iframe id="it" src="{self.target}"></iframe>'.encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(page)))
        self.end_headers()
        self.wfile.write(page)

    def log_message(self, *_):
        pass


def test_the_browser_holds_our_pages_to_their_policy(browser):
    """Inline script, eval, foreign script, foreign calls and framing are refused by Chromium itself."""
    with Guarded() as house:
        page = browser.new_page()
        for path in ("/", f"/chat/{SLUG}"):
            answer = page.goto(house.address + path)
            policy = answer.headers["content-security-policy"]
            true("unsafe" not in policy and "default-src 'none'" in policy, f"{path}: {policy}")
            broken = page.evaluate("""async (elsewhere) => {
                const broken = [];
                document.addEventListener("securitypolicyviolation", (e) => broken.push(e.effectiveDirective));
                const add = (fill) => { const s = document.createElement("script"); fill(s); document.head.append(s); };
                add((s) => { s.textContent = "window.inlineRan = true"; });
                add((s) => { s.src = elsewhere + "/x.js"; });
                // Not at once: what the debugger itself evaluates is outside of the policy.
                await new Promise((done) => setTimeout(() => {
                    try { (0, eval)("window.evalRan = true"); } catch { }
                    done();
                }, 0));
                const style = document.createElement("div");
                style.setAttribute("style", "color: red");
                try { await fetch(elsewhere + "/steal"); } catch { }
                await new Promise((done) => requestAnimationFrame(() => setTimeout(done, 300)));
                return { broken, ran: [!!window.inlineRan, !!window.evalRan] };
            }""", "http://127.0.0.1:9")
            equal(broken["ran"], [False, False], f"{path}: scripts that ran")
            for directive in ("script-src-elem", "script-src", "connect-src"):
                true(directive in broken["broken"], f"{path}: {directive} was not refused: {broken}")
        server = HTTPServer(("127.0.0.1", 0), Elsewhere)
        Thread(target=server.serve_forever, daemon=True).start()
        try:
            Elsewhere.target = house.address + "/"
            refused = []
            page.on("console", lambda line: refused.append(line.text))
            page.goto(f"http://127.0.0.1:{server.server_port}/")
            page.wait_for_load_state("load")
            inside = page.frames[1].url
            true(inside.startswith("chrome-error:")
                 and any("frame-ancestors" in text for text in refused),
                 f"another site framed the desk: {inside} {refused}")
        finally:
            server.shutdown()
            page.close()

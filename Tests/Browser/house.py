"""A server of its own for each story: a free port, a new file of data, a made shop, all on loopback."""
import os
import re
import select
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "Tests"))
import asking  # noqa: E402

BINARY = os.environ.get("QINKE_BINARY", str(ROOT / ".build/debug/qinke"))
PASSWORD = "xiao-cheng-3-mifan"
SLUG = "shanye"
# Log-in, nickname, role, level of the people who work in the made shop.
STAFF = [
    ("cheng", "小橙", "agent", "senior"),
    ("ning", "青柠", "agent", "mid"),
    ("mai", "麦子", "supervisor", "manager"),
]


class House:
    """One server and its shop. `with House() as house:` stops it and forgets the data."""

    def __init__(self, made=True):
        self.folder = tempfile.TemporaryDirectory(prefix="qinke-browser-")
        self.log = open(Path(self.folder.name, "log"), "w+", encoding="utf-8")
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.data = self.folder.name + "/shop.sqlite"
        if made:
            self.make()
        self.start()
        if made:
            self.owner = self.sign_in("laoban")

    def start(self):
        """Starts the server on the file of data that is there; waits until it answers."""
        self.process = subprocess.Popen(
            [BINARY, "serve", "--port", str(self.port), "--data", self.data],
            stdout=self.log, stderr=self.log, cwd=self.folder.name,
            env={**os.environ, "NO_COLOR": "1"})
        limit = time.monotonic() + 30
        while True:
            if self.process.poll() is not None:
                raise AssertionError(f"qinke serve ended at once:\n{self.said()}")
            try:
                status, _, _ = self.call("GET", "/health")
                if status in (200, 503):
                    return
            except OSError:
                pass
            if time.monotonic() > limit:
                raise AssertionError(f"qinke serve does not answer:\n{self.said()}")
            # Nothing tells when a port opens; ask again soon.
            select.select([], [], [], 0.05)

    def said(self):
        self.log.flush()
        return Path(self.folder.name, "log").read_text(encoding="utf-8")

    @property
    def address(self):
        return f"http://127.0.0.1:{self.port}"

    def call(self, method, path, body=None, headers=None):
        """One HTTP call: (status, JSON or None, headers)."""
        return asking.call(self.port, method, path, body, headers)

    def code(self):
        """The set-up code that the server printed at its start."""
        found = re.search(r"(?:口令|设置码|code)\D{0,40}?([0-9A-Za-z]{4,}(?:-[0-9A-Za-z]{2,})*)", self.said())
        if not found:
            raise AssertionError(f"the server printed no set-up code:\n{self.said()}")
        return found.group(1)

    def make(self):
        """The shop, its owner and its staff, by the command line."""
        self.staff("laoban", "老板", "--shop", SLUG, "--shop-name", "山野日用")
        for login, nickname, role, level in STAFF:
            self.staff(login, nickname, "--nickname", nickname, "--role", role, "--level", level)

    def staff(self, login, name, *more):
        done = subprocess.run(
            [BINARY, "staff", "add", login, "--name", name, "--data", self.data, *more],
            input=PASSWORD + "\n", capture_output=True, text=True, cwd=self.folder.name, timeout=60)
        if done.returncode != 0:
            raise AssertionError(f"qinke staff add {login}: {done.stdout}{done.stderr}")

    def sign_in(self, login):
        """The headers of somebody who is signed in."""
        status, answer, headers = self.call(
            "POST", "/v1/session", {"login": login, "password": PASSWORD})
        if status >= 300:
            raise AssertionError(f"{login} may not sign in: {status} {answer}")
        return {"Cookie": headers["Set-Cookie"].split(";")[0]}

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(30)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait(10)
                raise AssertionError("the server did not stop when it was asked to") from None

    def kill(self):
        """The power cut: no goodbye."""
        self.process.kill()
        self.process.wait(10)

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        try:
            self.stop()
        finally:
            if error is not None:
                print("    the server said, at the end:\n" + "\n".join(
                    "      " + line for line in self.said().splitlines()[-15:]))
            self.log.close()
            self.folder.cleanup()

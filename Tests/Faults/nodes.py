"""The house that faults are done to: a store, one or several nodes on it, a shop with agents; all on loopback."""
import http.client
import json
import os
import random
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "Tests"))
from asking import call  # noqa: E402

BINARY = os.environ.get("QINKE_BINARY", str(ROOT / ".build/debug/qinke"))
PASSWORD = "xiao-cheng-3-mifan"
AGENTS = ["cheng", "ning", "mai"]


class Failed(Exception):
    """A case did not end as it must."""


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def hold(seconds):
    """How long a fault itself lasts; nothing is awaited."""
    threading.Event().wait(seconds)


def until(condition, seconds, what):
    """Asks again and again; a generous limit, since the machine may be busy."""
    end = time.monotonic() + seconds
    while True:
        answer = condition()
        if answer:
            return answer
        if time.monotonic() > end:
            raise Failed(f"{what}: not within {seconds} s")
        hold(0.1)


class SQLite:
    """The store in one file."""
    engine = "sqlite"

    def __init__(self, folder):
        self.folder = Path(folder, "data")
        self.folder.mkdir()

    def flags(self):
        return ["--data", str(self.folder / "shop.sqlite")]

    def writers(self, house):
        """The processes that write to the disk."""
        return [node.pid for node in house.nodes]

    def stop(self):
        pass


class Node:
    """One server process; started again on the same port after a fault, as an init system would."""

    def __init__(self, house, place, wrap=()):
        self.house, self.place, self.wrap = house, place, list(wrap)
        self.port = free_port()
        self.log = open(Path(house.folder.name, f"node-{place}.log"), "ab")
        self.process = None
        self.starts = 0

    @property
    def address(self):
        return f"http://127.0.0.1:{self.port}"

    @property
    def pid(self):
        # What wraps it becomes it.
        return self.process.pid

    def signal(self, number):
        if self.process.poll() is None:
            os.kill(self.pid, number)

    def start(self, wait=True):
        self.starts += 1
        self.process = subprocess.Popen(
            [*self.wrap, BINARY, "serve", "--port", str(self.port), "--log-level", "warning",
             *self.house.store.flags(), *self.house.flags],
            stdout=self.log, stderr=self.log, cwd=self.house.folder.name,
            env={**os.environ, "NO_COLOR": "1"})
        if wait:
            until(self.answers, 60, f"node {self.place} answers")
        return self

    def answers(self):
        if self.process.poll() is not None:
            raise Failed(f"node {self.place} ended with {self.process.returncode}:\n{self.said()}")
        try:
            return self.health()[0] in (200, 503)
        except (OSError, http.client.HTTPException):
            return False

    def health(self):
        return call(self.port, "GET", "/health", limit=5)

    def kill(self):
        """The power cut: no goodbye."""
        self.signal(signal.SIGKILL)
        self.process.wait(30)

    def pause(self):
        self.signal(signal.SIGSTOP)

    def go_on(self):
        self.signal(signal.SIGCONT)

    def end(self):
        if self.process is None or self.process.poll() is not None:
            return
        self.signal(signal.SIGCONT)
        self.signal(signal.SIGTERM)
        try:
            self.process.wait(60)
        except subprocess.TimeoutExpired:
            self.signal(signal.SIGKILL)
            self.process.wait(30)
            raise Failed(f"node {self.place} did not stop when it was asked to") from None

    def said(self):
        self.log.flush()
        lines = Path(self.log.name).read_text(encoding="utf-8", errors="replace").splitlines()
        return "\n".join("      " + line for line in lines[-15:])


class House:
    """A store, its nodes and a shop. `with House(…) as house:` stops all of it and forgets the data."""

    def __init__(self, make_store, nodes=1, seed=1, flags=(), wrap=()):
        self.folder = tempfile.TemporaryDirectory(prefix="qinke-faults-")
        self.random = random.Random(seed)
        self.seed = seed
        self.flags = list(flags)
        self.store = make_store(self.folder.name)
        self.nodes = []
        try:
            self.make()
            for place in range(nodes):
                self.nodes.append(Node(self, place, wrap))
            for node in self.nodes:
                node.start()
        except BaseException:
            self.close()
            raise

    def qinke(self, *arguments, given="", limit=120):
        return subprocess.run(
            [BINARY, *arguments], input=given, capture_output=True, text=True,
            cwd=self.folder.name, timeout=limit, env={**os.environ, "LANG": "en_US.UTF-8"})

    def make(self):
        """The shop, its owner and its agents, by the command line."""
        people = [("boss", "--role", "owner", "--level", "director", "--shop", "test",
                   "--shop-name", "测试店")]
        people += [(name, "--level", "senior", "--cap", "12") for name in AGENTS]
        for login, *more in people:
            done = self.qinke("staff", "add", login, "--name", login, *self.store.flags(), *more,
                              given=PASSWORD + "\n")
            if done.returncode:
                raise Failed(f"qinke staff add {login}: {done.stdout}{done.stderr}")

    @property
    def port(self):
        return self.nodes[0].port

    def any_node(self):
        return self.random.choice(self.nodes)

    def revive(self):
        """What an init system does: whatever has ended is started again."""
        for node in self.nodes:
            if node.process.poll() is not None:
                node.start()

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        try:
            for node in self.nodes:
                node.end()
        except Failed as failure:
            # What went wrong first matters more.
            if error is None:
                raise
            print(f"    {failure}")
        finally:
            if error is not None:
                for node in self.nodes:
                    print(f"    node {node.place} said, at the end:\n{node.said()}")
                self.keep()
            self.close()

    def keep(self):
        """What clients saw and nodes said stays for whoever looks into a failure."""
        place = ROOT / ".build/reports/faults"
        place.mkdir(parents=True, exist_ok=True)
        for name in ["history.jsonl", "report.json"] + [f"node-{n.place}.log" for n in self.nodes]:
            file = Path(self.folder.name, name)
            if file.exists():
                shutil.copy(file, place / name)
        print(f"    kept in {place}")

    def close(self):
        for node in self.nodes:
            if node.process is not None:
                node.signal(signal.SIGKILL)
                node.process.wait(30)
            node.log.close()
        self.store.stop()
        self.folder.cleanup()


class Load:
    """Dialogues through the public protocol, from the beginning of a case to its end."""

    def __init__(self, house, mood=None, limit=36, speed=14, buyers=18, ways=None):
        self.house = house
        self.history = Path(house.folder.name, "history.jsonl")
        self.record = Path(house.folder.name, "report.json")
        words = [BINARY, "replay", str(ROOT / "Demo/dialogues.zh.jsonl"), "--shop", "test",
                 "--buyers", str(buyers), "--speed", str(speed), "--limit", str(limit),
                 "--pipelined", "--passes-on", "--seed", str(house.seed), "--patience", "180",
                 "--history", str(self.history), "--record", str(self.record),
                 "--password", PASSWORD]
        for name in AGENTS:
            words += ["--login", name]
        for address in ways or [node.address for node in house.nodes]:
            words += ["--against", address]
        if mood:
            words += ["--mood", mood]
        self.done = 0
        self.total = 1
        self.process = subprocess.Popen(
            words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=house.folder.name,
            env={**os.environ, "LANG": "en_US.UTF-8"})
        self.words = []
        self.answer = []
        self.readers = [threading.Thread(target=self.watch, daemon=True),
                        threading.Thread(target=lambda: self.answer.extend(self.process.stdout),
                                         daemon=True)]
        for reader in self.readers:
            reader.start()

    def watch(self):
        for line in self.process.stderr:
            self.words.append(line)
            found = re.search(r"(\d+)/(\d+)\s*$", line)
            if found:
                self.done, self.total = int(found.group(1)), int(found.group(2))

    def is_at(self, share):
        return self.total > 1 and self.done >= share * self.total

    def reaches(self, share, limit=180):
        """Waits until so much of the talk has been had."""
        def there():
            if self.is_at(share):
                return True
            if self.process.poll() is not None:
                raise Failed(f"the load ended before {share:.0%}: {self.tail()}")
            return False
        until(there, limit, f"the load reaches {share:.0%}")

    def tail(self):
        return "".join(self.answer[-12:] + self.words[-8:])

    def ends(self, limit=420):
        """Its report, when all has been said and answered."""
        try:
            self.process.wait(limit)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise Failed(f"the load did not end within {limit} s: {self.tail()}") from None
        for reader in self.readers:
            reader.join(10)
        if not self.record.exists():
            raise Failed(f"the load gave no report: {self.tail()}")
        self.report = json.loads(self.record.read_text(encoding="utf-8"))
        if self.process.returncode:
            raise Failed("the load's own audit: " + self.tail())
        return self.report

    def stop(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()


def reconcile(house, load, limit=90):
    """After quiet: what clients saw beside what the store holds. Followers get some time to arrive."""
    last = None

    def agrees():
        nonlocal last
        last = house.qinke("reconcile", str(load.history), "--shop", "test", *house.store.flags())
        if last.returncode == 0:
            return True
        others = [line for line in last.stdout.splitlines()
                  if line.startswith("✗") and "followerBehind" not in line]
        if others or "✗" not in last.stdout:
            raise Failed("the checker:\n" + last.stdout + last.stderr)
        return False

    try:
        until(agrees, limit, "the followers arrive")
    except Failed as failure:
        if last is not None and "the checker" not in str(failure):
            raise Failed(f"{failure}\n{last.stdout}") from None
        raise
    return last.stdout.strip().splitlines()[0]


def have(program):
    if not shutil.which(program):
        raise Failed(f"{program} is not installed; Scripts/setup faults installs it")

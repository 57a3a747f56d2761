"""What the measurements share: servers of their own on loopback, stores in var/bench, the tool, a database."""
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VAR = ROOT / "var" / "bench"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


PORT, RELAY_PORT = free_port(), free_port()
OWNER = ("bench-owner", secrets.token_hex(12))
SHOP = "bench"
# What a shop's people look for, 1 to 4 characters each; all but the last occur in the made past.
WORDS = ["退", "款", "券", "换货", "地址", "物流", "划痕", "满减", "羽绒服", "保温杯", "连衣裙", "充电宝",
         "蓝牙耳机", "儿童书桌", "物流信息", "退款申请", "发货", "尺寸", "墨绿", "没有的词"]


def say(text):
    print(f"{Path(sys.argv[0]).name}: {text}", file=sys.stderr, flush=True)


class Server:
    """A child process of ours with a port; ended by its own id when the block is left."""

    def __init__(self, name, command, port):
        self.name, self.command, self.port = name, [str(part) for part in command], port

    def __enter__(self):
        self.log = open(VAR / f"{self.name}.log", "ab")
        self.process = subprocess.Popen(self.command, stdout=self.log, stderr=self.log, cwd=ROOT)
        for _ in range(6000):
            if self.process.poll() is not None:
                raise SystemExit(f"{self.name} ended at once; see {self.log.name}")
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{self.port}/health", timeout=5).read()
                return self
            except (urllib.error.URLError, ConnectionError, TimeoutError):
                time.sleep(0.01)
        raise SystemExit(f"{self.name} does not answer")

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.log.close()

    @property
    def pid(self):
        return self.process.pid


class Stage:
    """Servers, stores and the tool, from one release build."""

    def __init__(self, options):
        self.options = options
        # Who owns the shop of the stores; a store that is kept has its own.
        self.owner = OWNER
        build = (ROOT / options.scratch / "release").resolve()
        self.tool, self.qinke = build / "qinke-bench", build / "qinke"
        self.lines = []
        self.commands = []
        self.failed = []

    @staticmethod
    def build(options):
        for product in () if options.built else ("qinke", "qinke-bench"):
            subprocess.run(["swift", "build", "-c", "release", "--product", product,
                            "--scratch-path", options.scratch], cwd=ROOT, check=True, stdout=sys.stderr)

    def measure(self, what, *arguments, note=True):
        """Runs the tool; a report that names wrong answers is a failure of the run, not an end of it."""
        say(f"{what}: qinke-bench {' '.join(map(str, arguments))}")
        if note:
            self.commands.append(f"{what}: `qinke-bench {' '.join(map(str, arguments))}`")
        done = subprocess.run([self.tool, *map(str, arguments)], cwd=ROOT, stdout=subprocess.PIPE)
        if done.returncode:
            self.failed.append(what)
        return json.loads(done.stdout) if done.stdout.strip() else None

    # Servers

    def relay(self):
        return Server("relay", [self.tool, "relay", "--port", str(RELAY_PORT),
                                "--file", str(VAR / "relay.log.bin")], RELAY_PORT)

    def serve(self, store):
        return Server(f"server-{store}", self.command(store), PORT)

    def place(self, store):
        """Where a store's data is: a file, and the address of a database for the one that is not."""
        data = ["--data", str(VAR / store / "shop.sqlite")]
        return data + ["--database", self.address] if store == "postgres" else data

    def command(self, store):
        return [str(self.qinke), "serve", "--port", str(PORT), *self.place(store),
                "--log-level", "warning", "--commands", "100000", "--command-burst", "100000"]

    def fresh(self, store):
        """A new store with a shop and its owner, and nothing else."""
        shutil.rmtree(VAR / store, ignore_errors=True)
        (VAR / store).mkdir(parents=True)
        self.owner = OWNER
        self.run_qinke(store, "staff", "add", OWNER[0], "--name", "压测老板", "--role", "owner",
                       "--level", "director", "--shop", SHOP, "--shop-name", "压测", password=True)

    def run_qinke(self, store, *arguments, password=False):
        command = [str(self.qinke), *arguments, *self.place(store)]
        done = subprocess.run(command, cwd=ROOT, stdout=sys.stderr,
                              input=(OWNER[1] + "\n").encode() if password else b"")
        if done.returncode:
            raise SystemExit(f"bench: {' '.join(command)} failed")

    def agents(self, count=20):
        staff = VAR / "staff.txt"
        self.measure("agents", "prepare", "--port", PORT, "--owner", ":".join(self.owner), "--agents", count,
                     "--staff", staff, note=False)
        return staff

    def history(self, messages):
        """The file of a past with so many messages."""
        file = VAR / f"history-{messages}.jsonl"
        self.measure("past", "history", "--messages", messages, "--file", file, note=False)
        return file

    def indexed(self):
        """Waits until the search index of the running server has read everything."""
        http = HTTP(self.owner)
        for _ in range(360_000):
            if not http.get(f"/v1/search?q={urllib.parse.quote('羽绒服')}").get("behind"):
                return http
            time.sleep(0.1)
        raise SystemExit("the search index does not catch up")

    def paths(self, http):
        """A file of the pages of conversations that lists show."""
        ids = [c["id"] for view in ("all", "closed") for c in http.get(f"/v1/inbox?view={view}")["conversations"]]
        (VAR / "paths.txt").write_text("".join(f"/v1/conversations/{id}\n" for id in ids))
        return VAR / "paths.txt"

    def words(self):
        (VAR / "words.txt").write_text("".join(f"/v1/search?q={urllib.parse.quote(word)}\n" for word in WORDS))
        return VAR / "words.txt"

    def finish(self):
        if self.failed:
            raise SystemExit(f"failed: {', '.join(self.failed)}")


def size(store):
    """Bytes of a store in a file, with what SQLite keeps beside it."""
    return sum(file.stat().st_size for file in (VAR / store).glob("shop.sqlite*"))


def machine():
    """The machine in words."""
    model = next((line.split(":", 1)[1].strip() for line in open("/proc/cpuinfo")
                  if line.startswith("model name")), "unknown")
    memory = int(next(line.split()[1] for line in open("/proc/meminfo"))) // 1_048_576
    return f"{os.cpu_count()} cores of {model}, {memory} GiB"


def commit():
    done = subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True)
    return done.stdout.strip()


class Postgres:
    """A PostgreSQL of our own that waits for the disk; gone when the block is left."""

    def __enter__(self):
        # Its account must reach the folder, which may lie where only root may look.
        self.folder = Path(tempfile.mkdtemp(prefix="qinke-bench-postgres-"))
        started = subprocess.run([ROOT / "Scripts" / "postgres", "start", self.folder, str(os.getpid())],
                                 cwd=ROOT, stdout=subprocess.PIPE, check=True,
                                 env=os.environ | {"QINKE_TEST_POSTGRES_DURABLE": "1"})
        return started.stdout.decode().strip()

    def __exit__(self, *_):
        subprocess.run([ROOT / "Scripts" / "postgres", "stop", self.folder], cwd=ROOT, check=True)


class HTTP:
    """Asks the server as its owner."""

    def __init__(self, owner=OWNER):
        body = json.dumps({"login": owner[0], "password": owner[1]}).encode()
        origin = f"http://127.0.0.1:{PORT}"
        request = urllib.request.Request(
            f"{origin}/v1/session", data=body, headers={"Content-Type": "application/json", "Origin": origin})
        with urllib.request.urlopen(request) as answer:
            self.cookie = answer.headers["Set-Cookie"].split(";")[0]

    def get(self, path):
        request = urllib.request.Request(f"http://127.0.0.1:{PORT}{path}", headers={"Cookie": self.cookie})
        with urllib.request.urlopen(request) as answer:
            return json.load(answer)

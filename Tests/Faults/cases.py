"""The faults. Each case gets a way to make houses and does one thing to one of them while people talk."""
import socket
import struct
import subprocess
import tempfile
from pathlib import Path

from nodes import Failed, Load, call, have, hold, reconcile


def talk(house, fault=None, mood=None, ways=None, **how):
    """Load, the fault, quiet, checker. The answer is what the table shows."""
    load = Load(house, mood=mood, ways=ways, **how)
    try:
        if fault:
            fault(load)
        report = load.ends()
    finally:
        load.stop()
    house.revive()
    checked = reconcile(house, load)
    return {"sent": report["sent"], "acknowledged": report["acknowledged"],
            "reconnects": report["reconnects"], "resent": report["resent"], "checked": checked}


# The way between

def drop(make):
    """Connections are refused, and cut after a random time."""
    with make() as house:
        return talk(house, mood="drop")


def delay(make):
    """Every connection is slow by 20 to 400 ms."""
    with make() as house:
        return talk(house, mood="delay", speed=40)


def truncate(make):
    """Connections are cut in the middle of whatever they carry."""
    with make() as house:
        return talk(house, mood="truncate")


def double(make):
    """Frames arrive twice, both ways."""
    with make() as house:
        return talk(house, mood="double")


def reorder(make):
    """Frames of one client overtake each other."""
    with make() as house:
        return talk(house, mood="reorder")


# The process

def kill(make):
    """kill -9 of a node in the middle of the talk, twice, over a bad way."""
    with make() as house:
        def fault(load):
            for share in (0.3, 0.6):
                load.reaches(share)
                node = house.any_node()
                node.kill()
                node.start()
        return talk(house, fault, mood="everything")


def pause(make):
    """A node stands still for 6 s (SIGSTOP) and goes on as if nothing had been, twice."""
    with make() as house:
        def fault(load):
            for share in (0.25, 0.6):
                load.reaches(share)
                node = house.any_node()
                node.pause()
                hold(6)
                node.go_on()
        return talk(house, fault)


def clock(make):
    """The clock jumps two hours ahead, then three hours back."""
    have("clang")
    with tempfile.TemporaryDirectory(prefix="qinke-clock-") as folder:
        library, offset = Path(folder, "clock.so"), Path(folder, "offset")
        subprocess.run(["clang", "-shared", "-fPIC", "-O1", "-o", str(library),
                        str(Path(__file__).with_name("clock.c")), "-ldl"], check=True)
        offset.write_bytes(struct.pack("q", 0))

        def jump(seconds):
            # In place, since the program has the file in its memory.
            with open(offset, "r+b") as file:
                file.write(struct.pack("q", seconds))

        with make(wrap=["env", f"LD_PRELOAD={library}", f"CLOCK_OFFSET_FILE={offset}"]) as house:
            def fault(load):
                load.reaches(0.25)
                jump(2 * 3_600)
                load.reaches(0.6)
                jump(-3_600)
            return talk(house, fault)


def memory(make):
    """A node gets next to no more memory: it may die of it, and is started again."""
    with make() as house:
        def fault(load):
            load.reaches(0.3)
            node = house.any_node()
            status = Path(f"/proc/{node.pid}/status").read_text()
            size = next(int(line.split()[1]) for line in status.splitlines()
                        if line.startswith("VmSize"))
            subprocess.run(["prlimit", f"--pid={node.pid}", f"--as={(size + 8_192) * 1024}"],
                           check=True)
            crowd = [Crowd(node.port, 40) for _ in range(10)]
            load.reaches(0.7)
            for one in crowd:
                one.leave()
            died = node.process.poll() is not None
            if not died:
                node.kill()
            node.start()
            fault.died = died
        found = talk(house, fault)
        found["checked"] += ", the node died of it" if fault.died else ", the node lived"
        return found


# The disk

def disk_full(make):
    """The disk fills up: what cannot be kept is not acknowledged, and work goes on when there is room."""
    with make.on_small_disk() as house:
        def fault(load):
            node = house.nodes[0]
            load.reaches(0.3)
            filler = house.store.folder / "filler"
            with open(filler, "wb", buffering=0) as file:
                try:
                    while True:
                        file.write(b"\0" * 65_536)
                except OSError:
                    pass
            hold(4)
            status = node.health()[0]
            filler.unlink()
            fault.status = status
        found = talk(house, fault)
        found["checked"] += f", health said {fault.status} while it was full"
        return found


def slow_disk(make):
    """Every fsync of a node takes 150 ms longer."""
    have("strace")
    with make() as house:
        def fault(load):
            load.reaches(0.15)
            tracer = subprocess.Popen(
                ["strace", "-f", "-qq", "-o", "/dev/null", "-p", str(house.nodes[0].pid),
                 "-e", "trace=fsync,fdatasync",
                 "-e", "inject=fsync,fdatasync:delay_exit=150000"], stderr=subprocess.PIPE)
            try:
                hold(1)
                if tracer.poll() is not None:
                    raise Failed("strace may not look at processes here: "
                                 + tracer.stderr.read().decode())
                load.reaches(0.7)
            finally:
                if tracer.poll() is None:
                    tracer.terminate()
                    tracer.wait(30)
        return talk(house, fault)


# The crowd

class Crowd:
    """So many sockets of one buyer that were greeted."""

    def __init__(self, port, count, receive=None):
        status, session, _ = call(port, "POST", "/v1/buyer/sessions", {"shop": "test", "name": "crowd"})
        if status >= 300:
            raise Failed(f"a buyer may not come in: {status} {session}")
        self.token = session["token"]
        self.lines = []
        for _ in range(count):
            try:
                self.lines.append(self.enter(port, receive))
            except OSError:
                continue

    def enter(self, port, receive=None):
        line = socket.socket()
        if receive:
            line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive)
        line.settimeout(30)
        line.connect(("127.0.0.1", port))
        line.sendall((
            f"GET /v1/socket HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\n"
            "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
            f"Origin: http://127.0.0.1:{port}\r\n"
            f"Sec-WebSocket-Protocol: qinke.v1, bearer.{self.token}\r\n\r\n").encode())
        head = b""
        while b"\r\n\r\n" not in head:
            part = line.recv(1)
            if not part:
                raise OSError("closed")
            head += part
        if b" 101 " not in head.split(b"\r\n")[0]:
            raise OSError(head.split(b"\r\n")[0].decode())
        self.send(line, b'{"type":"hello"}')
        return line

    @staticmethod
    def send(line, text):
        mask = b"\x01\x02\x03\x04"
        size = len(text)
        head = struct.pack("!BB", 0x81, 0x80 | size) if size < 126 else struct.pack(
            "!BBH", 0x81, 0x80 | 126, size)
        line.sendall(head + mask + bytes(b ^ mask[i % 4] for i, b in enumerate(text)))

    def leave(self):
        for line in self.lines:
            line.close()
        self.lines = []


def reconnects(make):
    """Two thousand sockets are thrown off at once and all come back at once, while others talk."""
    with make() as house:
        def fault(load):
            load.reaches(0.2)
            crowd = Crowd(house.port, 2_000)
            if len(crowd.lines) < 2_000:
                raise Failed(f"only {len(crowd.lines)} of 2,000 sockets came in")
            node = house.nodes[0]
            node.kill()
            crowd.leave()
            node.start()
            for _ in range(2_000):
                crowd.lines.append(crowd.enter(house.port))
            fault.back = len(crowd.lines)
            load.reaches(0.6)
            crowd.leave()
        # Slowly enough that people still talk when the crowd has come.
        found = talk(house, fault, speed=2)
        found["checked"] += f", {fault.back} sockets came back"
        return found


def slow_readers(make):
    """Sockets that never read: they are let go, nobody waits for them."""
    with make() as house:
        def fault(load):
            load.reaches(0.2)
            # Each asks again and again and reads nothing of the answers.
            crowd = Crowd(house.port, 60, receive=2_048)
            for line in crowd.lines:
                line.setblocking(False)
            for _ in range(400):
                for line in crowd.lines:
                    try:
                        Crowd.send(line, b'{"type":"ping"}')
                    except OSError:
                        continue
            load.reaches(0.7)
            crowd.leave()
        return talk(house, fault)


# PostgreSQL

def pg_restart(make):
    """PostgreSQL is stopped at once (immediate) and started again."""
    with make() as house:
        def fault(load):
            for share in (0.3, 0.6):
                load.reaches(share)
                house.store.primary.stop("immediate")
                hold(2)
                house.store.primary.start()
        return talk(house, fault)


def pg_failover(make):
    """The primary dies for good; its standby, which held every acknowledged commit, is promoted."""
    with make.with_standby() as house:
        def fault(load):
            load.reaches(0.4)
            house.store.primary.kill()
            hold(1)
            house.store.promote()
        found = talk(house, fault)
        return found


EVERYWHERE = [drop, delay, truncate, double, reorder, kill, pause, clock, memory, slow_disk,
              reconnects, slow_readers]
ON_SQLITE = [disk_full]
ON_POSTGRES = [pg_restart, pg_failover]

"""The faults. Each case gets a way to make houses and does one thing to one of them while people talk."""
import http.client
import struct
import subprocess
import tempfile
from pathlib import Path

from crowd import Crowd, frame
from nodes import Failed, Load, have, hold, reconcile, until
from small_disk import fill


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
    """A node gets 2 MiB more of memory than it has, and a crowd: it may die of it, and is started again."""
    with make() as house:
        def fault(load):
            load.reaches(0.3)
            node = house.any_node()
            status = dict(line.split(":\t", 1) for line in
                          Path(f"/proc/{node.pid}/status").read_text().splitlines())
            limits = {kind: (int(status[name].split()[0]) + 2_048) * 1024
                      for kind, name in (("as", "VmSize"), ("data", "VmData"))}
            subprocess.run(["prlimit", f"--pid={node.pid}",
                            *(f"--{kind}={limit}" for kind, limit in limits.items())], check=True)
            crowds = []
            for _ in range(10):
                try:
                    crowds.append(Crowd(node.port).tries([node.port], 100))
                except (OSError, http.client.HTTPException):
                    break

            def over():
                return node.process.poll() is not None or load.is_at(0.7)
            until(over, 180, "the load goes on, or the node ends")
            for crowd in crowds:
                crowd.leave()
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
            fill(filler)
            hold(4)
            status = node.health()[0]
            filler.unlink()
            fault.status = status
        found = talk(house, fault)
        found["checked"] += f", health said {fault.status} while it was full"
        return found


def slow_disk(make):
    """Every fsync of the store takes 150 ms longer."""
    have("strace")
    with make() as house:
        def fault(load):
            load.reaches(0.15)
            tracer = subprocess.Popen(
                ["strace", "-f", "-qq", "-o", "/dev/null",
                 *(word for pid in house.store.writers(house) for word in ("-p", str(pid))),
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

def reconnects(make):
    """Three thousand sockets are thrown off and all come back at once, to the node's successor or its fellows, while others talk."""
    many = 3_000
    with make() as house:
        def fault(load):
            load.reaches(0.2)
            node, *others = house.nodes
            crowd = Crowd(node.port)
            crowd.come([node.port], many)
            node.kill()
            crowd.leave()
            if others:
                fault.seconds = crowd.come([other.port for other in others], many)
                node.start()
            else:
                node.start()
                fault.seconds = crowd.come([node.port], many)
            load.reaches(0.6)
            crowd.leave()
        # Slowly enough that people still talk when the crowd has come.
        found = talk(house, fault, speed=2)
        found["checked"] += f", {many} sockets were live again after {fault.seconds:.1f} s"
        return found


def slow_readers(make):
    """Sockets that never read: they are let go, nobody waits for them."""
    with make() as house:
        def fault(load):
            load.reaches(0.2)
            # Each asks again and again and reads nothing of the answers.
            crowd = Crowd(house.port)
            crowd.come([house.port], 60, receive=2_048)
            for _ in range(400):
                for line in crowd.lines:
                    try:
                        line.send(frame(b'{"type":"ping"}'))
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


def pg_disk_full(make):
    """PostgreSQL's disk fills up: first its tables cannot grow, later its log cannot, and it ends by itself."""
    with make.on_small_disk() as house:
        def fault(load):
            store = house.store
            load.reaches(0.25)
            store.fill()
            fault.status = hold_until_unwell(house)
            store.empty()
            load.reaches(0.6)
            store.fill()
            fault.died = store.fills_log()
            hold(3)
            store.empty()
            store.goes_on()
        found = talk(house, fault)
        found["checked"] += (f", health said {fault.status} while it was full, PostgreSQL "
                             + ("ended and was started again" if fault.died else "lived"))
        return found


def hold_until_unwell(house):
    """A few seconds of a full disk; what health says at the end of it."""
    hold(4)
    return house.any_node().health()[0]


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
ON_POSTGRES = [pg_restart, pg_disk_full, pg_failover]

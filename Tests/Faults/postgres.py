"""PostgreSQL for a case: durable, on loopback, alone or with a streaming standby that confirms every commit."""
import os
import re
import signal
import shutil
import subprocess
from pathlib import Path

from nodes import Failed, ROOT, free_port, until
from small_disk import fill, mount_small, unmount

SCRIPT = str(ROOT / "Scripts/postgres")


def as_server(*words):
    """PostgreSQL refuses to run as root, so root lends it another account, as Scripts/postgres does."""
    if os.getuid() == 0:
        return ["setpriv", "--reuid", "postgres", "--regid", "postgres", "--clear-groups",
                "env", "HOME=/tmp", *words]
    return list(words)


def run(words, what, limit=120):
    done = subprocess.run(words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, timeout=limit, cwd="/tmp")
    if done.returncode:
        raise Failed(f"{what}: {done.stdout}")
    return done.stdout


def programs():
    found = shutil.which("pg_ctl")
    if found and "/bin/" in os.path.realpath(found) and Path(
            os.path.realpath(found)).with_name("initdb").exists():
        return Path(os.path.realpath(found)).parent
    newest = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    if not newest:
        raise Failed("PostgreSQL is not installed; Scripts/setup installs it")
    return newest[-1]


class Server:
    """One PostgreSQL process."""

    def __init__(self, folder, port):
        self.folder, self.port = Path(folder), port

    def control(self, *words, limit=120):
        # Its output goes to a file: a server that lives on would keep a pipe open.
        with open(f"{self.folder}.out", "a") as out:
            done = subprocess.run(
                as_server(str(programs() / "pg_ctl"), "-D", str(self.folder), "-w", "-t", "60",
                          *words),
                stdin=subprocess.DEVNULL, stdout=out, stderr=out, timeout=limit, cwd="/tmp")
        if done.returncode:
            raise Failed(f"pg_ctl {' '.join(words)}: " + Path(f"{self.folder}.out").read_text()[-600:])

    def start(self):
        self.control("-l", f"{self.folder}.log", "start")

    def stop(self, how):
        self.control("-m", how, "stop")

    def kill(self):
        """kill -9 of the postmaster and of everything it started: the machine is gone."""
        for process in self.processes():
            try:
                os.kill(process, signal.SIGKILL)
            except ProcessLookupError:
                continue

    def processes(self):
        """The postmaster and all that it started."""
        leader = int((self.folder / "postmaster.pid").read_text().split()[0])
        children = subprocess.run(["ps", "-o", "pid=", "--ppid", str(leader)],
                                  capture_output=True, text=True, check=True).stdout.split()
        return [leader, *map(int, children)]

    def promote(self):
        self.control("promote")

    def runs(self):
        try:
            os.kill(int((self.folder / "postmaster.pid").read_text().split()[0]), 0)
            return True
        except (OSError, IndexError, ValueError):
            return False

    def ask(self, sql):
        return run([str(programs() / "psql"), "-h", "127.0.0.1", "-p", str(self.port), "-U", "qinke",
                    "-d", "qinke", "-AtX", "-c", sql], sql).strip()


class Postgres:
    engine = "postgres"

    def __init__(self, folder):
        # Beside the case's folder, which other accounts may not enter.
        self.folder = Path("/tmp", "qinke-pg-" + Path(folder).name[-12:])
        self.prepare()
        self.address = run(["env", "QINKE_TEST_POSTGRES_DURABLE=1", SCRIPT, "start", str(self.folder)],
                           "a PostgreSQL starts").strip().splitlines()[-1]
        port = int(re.search(r":(\d+)/", self.address).group(1))
        self.primary = Server(self.folder / "data", port)
        self.data = folder

    def prepare(self):
        """What its folder needs before a server is made in it."""

    def flags(self):
        # The lease is short, so that a node that was killed is missed soon.
        return ["--database", self.address, "--data", str(Path(self.data, "beside.sqlite")),
                "--uploads", "database", "--lease", "6"]

    def writers(self, house):
        """The processes that write to the disk; those that they start are followed."""
        return self.primary.processes()

    def stop(self):
        subprocess.run([SCRIPT, "stop", str(self.folder)], stdin=subprocess.DEVNULL,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=120)


class OnSmallDisk(Postgres):
    """A server whose tables and log lie on a disk of their own with little room: a tmpfs. Needs root, as mounting does."""

    def prepare(self):
        self.folder.mkdir()
        mount_small(self.folder, "320m")
        self.filler = self.folder / "filler"

    def fill(self):
        fill(self.filler)

    def empty(self):
        self.filler.unlink()

    def fills_log(self):
        """Asks for one new piece of the log after another until there is no room for it; whether the server ended of it."""
        for _ in range(64):
            try:
                self.primary.ask("SELECT pg_switch_wal(), txid_current()")
            except Failed:
                break
        try:
            until(lambda: not self.primary.runs(), 20, "PostgreSQL ends")
        except Failed:
            return False
        return True

    def goes_on(self):
        """As an init system does: started again, if it has ended."""
        if not self.primary.runs():
            self.primary.start()

    def stop(self):
        super().stop()
        unmount(self.folder)
        self.folder.rmdir()


class WithStandby(Postgres):
    """A standby that has flushed a commit before it is told: what was acknowledged survives the primary."""

    def __init__(self, folder):
        super().__init__(folder)
        port = free_port()
        self.standby = Server(self.folder / "standby", port)
        with open(self.folder / "data/pg_hba.conf", "a") as file:
            file.write("\nhost replication all 127.0.0.1/32 trust\n")
        self.primary.ask("SELECT pg_reload_conf()")
        run(as_server(str(programs() / "pg_basebackup"), "-h", "127.0.0.1", "-p",
                      str(self.primary.port), "-U", "qinke", "-D", str(self.standby.folder), "-R",
                      "-X", "stream", "-c", "fast",
                      "-d", "application_name=standby"), "the standby is made")
        with open(self.standby.folder / "postgresql.auto.conf", "a") as file:
            file.write(f"\nport = {port}\n")
        self.standby.start()
        self.primary.ask("ALTER SYSTEM SET synchronous_standby_names = 'FIRST 1 (*)'")
        self.primary.ask("ALTER SYSTEM SET synchronous_commit = on")
        self.primary.ask("SELECT pg_reload_conf()")
        until(lambda: self.primary.ask("SELECT count(*) FROM pg_stat_replication "
                                       "WHERE sync_state = 'sync'") == "1",
              60, "the standby confirms commits")
        self.address = (f"postgres://qinke@127.0.0.1:{self.primary.port},127.0.0.1:{port}/qinke"
                        "?target_session_attrs=read-write&connect_timeout=3")

    def promote(self):
        self.standby.promote()
        # It has nobody who confirms for it now.
        self.standby.ask("ALTER SYSTEM SET synchronous_standby_names = ''")
        self.standby.ask("SELECT pg_reload_conf()")

    def stop(self):
        if (self.standby.folder / "postmaster.pid").exists():
            try:
                self.standby.stop("immediate")
            except Failed as failure:
                print(f"    {failure}")
        super().stop()

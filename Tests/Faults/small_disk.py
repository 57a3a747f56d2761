"""A disk of its own with little room: a tmpfs. Needs root, as mounting does."""
import subprocess

from nodes import Failed, SQLite


def mount_small(folder, size):
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size},mode=700", "qinke-faults",
                           str(folder)], capture_output=True, text=True)
    if done.returncode:
        raise Failed(f"a small disk cannot be mounted here (root is needed): {done.stderr}")


def unmount(folder):
    subprocess.run(["umount", "-l", str(folder)], check=False)


def fill(filler):
    """Writes to that file until there is no room for another byte."""
    for size in (65_536, 512, 1):
        with open(filler, "ab", buffering=0) as file:
            try:
                while True:
                    file.write(b"\0" * size)
            except OSError:
                continue


class SmallDisk(SQLite):
    """The file of data, with room for the store of one load and not for much more."""

    def __init__(self, folder):
        super().__init__(folder)
        mount_small(self.folder, "64m")

    def stop(self):
        unmount(self.folder)

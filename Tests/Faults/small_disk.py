"""SQLite on a disk of its own with little room: a tmpfs. Needs root, as mounting does."""
import subprocess

from nodes import Failed, SQLite

# Room for the store of one load, and not for much more.
SIZE = "64m"


class SmallDisk(SQLite):
    def __init__(self, folder):
        super().__init__(folder)
        done = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SIZE},mode=700", "qinke-faults",
                               str(self.folder)], capture_output=True, text=True)
        if done.returncode:
            raise Failed(f"a small disk cannot be mounted here (root is needed): {done.stderr}")

    def stop(self):
        subprocess.run(["umount", "-l", str(self.folder)], check=False)

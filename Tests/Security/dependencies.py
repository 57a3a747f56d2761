"""Docs/dependencies.md against Package.resolved and Package.swift: every package with its version, no more, no fewer.

    Tests/Security/dependencies.py           compares
    Tests/Security/dependencies.py --names   compares the names alone, since a new version outside breaks nothing here
    Tests/Security/dependencies.py --write   writes the list of versions anew
"""
import json
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
PAGE = ROOT / "Docs/dependencies.md"
BEGIN = "## Versions\n"


def section():
    resolved = ROOT / "Package.resolved"
    if not resolved.exists():
        # A clone that was never built has none: git does not keep it.
        subprocess.run(["swift", "package", "resolve"], cwd=ROOT, check=True, stdout=sys.stderr)
    pins = json.loads(resolved.read_text())["pins"]
    own = set(re.findall(r'url: "([^"]+)"', (ROOT / "Package.swift").read_text()))
    own = {url.removesuffix(".git").lower() for url in own}
    lines = [BEGIN, "What `Package.resolved` pins; `Scripts/security dependencies` compares. \"Through others\" means that a package of",
             "ours needs it; it is built only as far as that one uses it.", "",
             "| package | version | |", "|---|---|---|"]
    for pin in sorted(pins, key=lambda pin: pin["identity"]):
        state = pin["state"]
        direct = pin["location"].removesuffix(".git").lower() in own
        lines.append(f"| [{pin['identity']}]({pin['location'].removesuffix('.git')}) "
                     f"| {state.get('version') or state.get('revision', '')[:12]} "
                     f"| {'ours' if direct else 'through others'} |")
    return "\n".join(lines) + "\n"


def main():
    text = PAGE.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    after = rest[rest.index("\n## ") + 1:] if "\n## " in rest else ""
    wanted = section()
    if "--write" in sys.argv:
        PAGE.write_text(before.rstrip() + "\n\n" + wanted + ("\n" + after if after else ""), encoding="utf-8")
        return 0
    if "--names" in sys.argv:
        row = re.compile(r"^\| \[([^]]+)\].*\| (ours|through others) \|$", re.M)
        told, found = set(row.findall(rest)), set(row.findall(wanted))
        for name, kind in sorted(told ^ found):
            print(f"Docs/dependencies.md {'tells' if (name, kind) in told else 'does not tell'} {name} ({kind}). "
                  "Mend: python3 Tests/Security/dependencies.py --write")
        if wanted not in text:
            print("dependencies: versions have moved since Docs/dependencies.md was written")
        return 1 if told ^ found else 0
    if wanted not in text:
        print("Docs/dependencies.md does not tell the versions of Package.resolved. Mend: "
              "python3 Tests/Security/dependencies.py --write")
        return 1
    print(f"dependencies: {wanted.count('| [')} packages, all told")
    return 0


if __name__ == "__main__":
    sys.exit(main())

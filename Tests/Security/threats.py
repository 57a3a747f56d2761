"""Docs/threat-model.md against the tests: each row of a threat names tests, and each named test exists."""
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent


def named_tests():
    """Everything that may be named: Swift's sentences, Python's functions, fuzzers, faults, steps of Scripts/security."""
    names = set()
    for file in (ROOT / "Tests").rglob("*.swift"):
        names.update(re.findall(r"func `([^`]+)`", file.read_text(encoding="utf-8")))
    for file in (ROOT / "Tests").rglob("*.py"):
        names.update(re.findall(r"^def (\w+)\(", file.read_text(encoding="utf-8"), re.MULTILINE))
    for file in (ROOT / "Tests" / "Workspace").glob("*.mjs"):
        names.update(re.findall(r"test\(\s*[\"'`]([^\"'`]+)", file.read_text(encoding="utf-8")))
    names.update(file.name for file in (ROOT / "Tests/Fuzz").glob("*.swift"))
    script = (ROOT / "Scripts/security").read_text(encoding="utf-8")
    names.update(re.findall(r"^(\w+)\(\) \{", script, re.MULTILINE))
    return names


def main():
    names, faults, threats, tests = named_tests(), [], 0, set()
    page = (ROOT / "Docs/threat-model.md").read_text(encoding="utf-8").splitlines()
    inside = False
    for number, line in enumerate(page, 1):
        if line.startswith("| threat |"):
            inside = True
        elif not line.startswith("|"):
            inside = False
        elif inside and not line.startswith("|---"):
            threats += 1
            cells = [cell.strip() for cell in line.strip("|").split(" | ")]
            shown = re.findall(r"`([^`]+)`", cells[-1])
            if not shown and "**open**" not in line:
                faults.append(f"line {number}: no test is named")
            for name in shown:
                tests.add(name)
                if name not in names:
                    faults.append(f"line {number}: there is no test `{name}`")
    for fault in faults:
        print(f"Docs/threat-model.md: {fault}")
    print(f"threats: {threats} threats, {len(tests)} tests, {len(faults)} faults")
    return 1 if faults or threats < 20 else 0


if __name__ == "__main__":
    sys.exit(main())

"""Runs the stories in real Chromium: every function `test_…` of every `test_*.py` here, or those named.

    Scripts/browser-tests                 all
    Scripts/browser-tests story keyboard  the files whose names hold one of these words
    Scripts/browser-tests --seen          with the browser's windows on the screen

Ends with `browser: N passed, N failed`. A failed story leaves its screens in .build/reports/browser/.
"""
import importlib
import sys
import time
import traceback
from pathlib import Path

from playwright.sync_api import sync_playwright

from people import Faults, Person

HERE = Path(__file__).resolve().parent
REPORTS = HERE.parent.parent / ".build/reports/browser"


class Stage:
    """What a test gets: the browser, the faults of all windows, and people who leave at the end."""

    def __init__(self, browser):
        self.browser = browser
        self.faults = Faults()
        self.people = []

    def person(self, kind, house, name, **look):
        one = kind(self.browser, house, self.faults, name, **look)
        self.people.append(one)
        return one

    def end(self, failed, name):
        for one in self.people:
            if failed:
                try:
                    one.page.screenshot(path=REPORTS / f"{name}-{one.name}.png")
                except Exception as error:  # The page may be gone; the story's failure matters more.
                    print(f"    no picture of {one.name}: {error}")
            one.leave()


def tests(words):
    for path in sorted(HERE.glob("test_*.py")):
        if words and not any(word in path.stem for word in words):
            continue
        module = importlib.import_module(path.stem)
        for name, value in vars(module).items():
            if name.startswith("test_") and callable(value):
                yield name, value


def main():
    words = [word for word in sys.argv[1:] if not word.startswith("--")]
    passed = failed = 0
    REPORTS.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", headless="--seen" not in sys.argv,
            args=["--no-sandbox"])
        for name, test in tests(words):
            stage, began, failure = Stage(browser), time.monotonic(), None
            try:
                test(stage)
                if stage.faults:
                    raise AssertionError("\n      ".join(["in the windows:", *stage.faults]))
            except Exception:
                failure = traceback.format_exc()
            stage.end(failure is not None, name)
            line = f"{name[5:].replace('_', ' ')} ({time.monotonic() - began:.1f} s)"
            if failure is None:
                passed += 1
                print(f"✔ {line}", flush=True)
            else:
                failed += 1
                print(f"✘ {line}\n" + "\n".join("    " + l for l in failure.splitlines()), flush=True)
        browser.close()
    print(f"browser: {passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())

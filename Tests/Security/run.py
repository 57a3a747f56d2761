"""Runs the functions `test_…` of this folder, or those whose names hold one of the words given.

Ends with `doors: N passed, N failed`.
"""
import inspect
import sys
import time
import traceback
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path += [str(HERE), str(HERE.parent / "Browser")]

import test_doors  # noqa: E402


def main():
    words = sys.argv[1:]
    passed = failed = 0
    tests = [(name, test) for name, test in vars(test_doors).items()
             if name.startswith("test_") and (not words or any(word in name for word in words))]
    player = browser = None
    for name, test in tests:
        began, failure = time.monotonic(), None
        try:
            if inspect.signature(test).parameters:
                if browser is None:
                    from playwright.sync_api import sync_playwright
                    player = sync_playwright().start()
                    browser = player.chromium.launch(
                        executable_path="/usr/bin/chromium", args=["--no-sandbox"])
                test(browser)
            else:
                test()
        except Exception:
            failure = traceback.format_exc()
        line = f"{name[5:].replace('_', ' ')} ({time.monotonic() - began:.1f} s)"
        passed, failed = passed + (failure is None), failed + (failure is not None)
        print(f"{'✔' if failure is None else '✘'} {line}", flush=True)
        if failure:
            print("\n".join("    " + text for text in failure.splitlines()), flush=True)
    if browser is not None:
        browser.close()
        player.stop()
    print(f"doors: {passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())

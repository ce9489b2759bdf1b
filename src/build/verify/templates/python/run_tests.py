"""Runs a project's tests under coverage and reports through a pipe that only this process holds.

usage: run_tests.py PACKAGE...

The tests run in a child, `tell_tests.py`, which tells each outcome at once: what was told can't be taken back, whatever
the project's code does later. This process loads nothing of the project; it counts what it was told and writes the
report. Lines without the child's secret, or an end without its last word, leave no report, so that the run fails.
"""

import ctypes
import json
import os
import secrets
import subprocess
import sys

REPORT_FD = 4
MAX_FAILURES = 50
PR_SET_DUMPABLE = 4


class Count:
    """Counts each test once: failed if anything that was told of it says so, whatever else is told."""

    def __init__(self):
        self.collected = 0
        self.outcomes = {}
        self.failures = []
        self.end = None

    def take(self, kind, told):
        if kind == "collected":
            self.collected = told["count"]
        elif kind == "problem":
            self.add_failure(told)
        elif kind == "outcome":
            self.take_outcome(told)
        elif kind == "end":
            self.end = told

    def take_outcome(self, told):
        test, outcome = told["test"], told["outcome"]
        if outcome == "failed":
            self.outcomes[test] = outcome
            self.add_failure({key: told[key] for key in ("test", "phase", "message")})
        else:
            self.outcomes.setdefault(test, outcome)

    def add_failure(self, failure):
        if len(self.failures) < MAX_FAILURES:
            self.failures.append(failure)

    def number_of(self, outcome):
        return sum(1 for value in self.outcomes.values() if value == outcome)


def main():
    report = os.fdopen(os.dup(REPORT_FD), "w", encoding="utf-8")
    os.close(REPORT_FD)
    hide_from_children()
    secret = secrets.token_hex(16)
    count = listen(secret, sys.argv[1:])
    if count is None:
        return 3
    exit_status = count.end["exit_status"]
    if exit_status == 0 and (count.failures or count.number_of("failed") > 0):
        exit_status = 1
    json.dump(
        {
            "exit_status": exit_status,
            "collected": count.collected,
            "passed": count.number_of("passed"),
            "failed": count.number_of("failed"),
            "skipped": count.number_of("skipped"),
            "failures": count.failures,
            "seconds": count.end["seconds"],
            "coverage": count.end["coverage"],
        },
        report,
    )
    report.close()
    return exit_status


def hide_from_children():
    """The tests are of the same user: without this they could write to our memory and descriptors through /proc."""
    prctl = getattr(ctypes.CDLL(None), "prctl", None)
    if prctl is not None:
        prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)


def listen(secret, packages):
    """Everything that the child tells; None where it can't be believed."""
    reading, writing = os.pipe()
    script = os.path.join(os.path.dirname(os.path.abspath(__file__)), "tell_tests.py")
    child = subprocess.Popen(
        [sys.executable, script, str(writing), *packages],
        stdin=subprocess.PIPE,
        pass_fds=[writing],
        text=True,
    )
    os.close(writing)
    with child.stdin as stdin:
        stdin.write(secret + "\n")
    count = Count()
    with os.fdopen(reading, encoding="utf-8", errors="replace") as told:
        for line in told:
            given, _, rest = line.partition(" ")
            if given != secret:
                sys.stderr.write("Somebody else than the test runner wrote to its report\n")
                child.kill()
                return None
            count.take(*json.loads(rest))
            if count.end is not None:
                # Not the end of the pipe: processes that a test left behind hold it, too.
                break
    child.wait()
    if count.end is None:
        sys.stderr.write(f"The tests ended with {child.returncode} before they were through\n")
        return None
    return count


if __name__ == "__main__":
    sys.exit(main())

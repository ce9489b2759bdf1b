"""Runs a project's tests under coverage and reports through a pipe that only this process holds.

usage: run_tests.py PACKAGE...

The reporter lives here, outside the tree under test, and counts what pytest tells its plugins; no file of the
workspace is read back.
"""

import json
import os
import sys
import time

import coverage
import pytest

REPORT_FD = 4
MAX_FAILURES = 50
MAX_TEXT = 4_000


class Reporter:
    """Counts each test once: failed if any of its phases failed, passed if its call passed."""

    def __init__(self):
        self.collected = 0
        self.outcomes = {}
        self.failures = []
        self.collection_errors = []

    def pytest_collectreport(self, report):
        if report.failed:
            self.collection_errors.append({"test": report.nodeid, "message": cut(report.longreprtext)})

    def pytest_collection_finish(self, session):
        self.collected = len(session.items)

    def pytest_runtest_logreport(self, report):
        if report.failed:
            self.outcomes[report.nodeid] = "failed"
            if len(self.failures) < MAX_FAILURES:
                self.failures.append(
                    {"test": report.nodeid, "phase": report.when, "message": cut(report.longreprtext)}
                )
        elif report.skipped:
            self.outcomes.setdefault(report.nodeid, "skipped")
        elif report.when == "call":
            self.outcomes.setdefault(report.nodeid, "passed")

    def count(self, outcome):
        return sum(1 for value in self.outcomes.values() if value == outcome)


def cut(text):
    return text if len(text) <= MAX_TEXT else text[:MAX_TEXT] + "\n[cut]"


def line_coverage(cov):
    """Executed and executable lines of every measured file, by coverage.py's own analysis."""
    files = {}
    for path in sorted(cov.get_data().measured_files()):
        _, statements, _, missing, _ = cov.analysis2(path)
        if statements:
            files[os.path.relpath(path)] = {
                "lines": len(statements),
                "covered": len(statements) - len(missing),
                "missing": missing,
            }
    return files


def main():
    packages = sys.argv[1:]
    report = os.fdopen(os.dup(REPORT_FD), "w", encoding="utf-8")
    os.close(REPORT_FD)
    sys.dont_write_bytecode = True
    # After the imports above: a module of the project must not pass for one of the runner's.
    sys.path.insert(0, os.getcwd())

    cov = coverage.Coverage(source=packages, config_file=False, data_file=None)
    reporter = Reporter()
    started = time.monotonic()
    cov.start()
    exit_status = int(pytest.main(["-p", "no:cacheprovider", "--color=no"], plugins=[reporter]))
    cov.stop()
    files = line_coverage(cov)
    lines = sum(file["lines"] for file in files.values())
    covered = sum(file["covered"] for file in files.values())
    json.dump(
        {
            "exit_status": exit_status,
            "collected": reporter.collected,
            "passed": reporter.count("passed"),
            "failed": reporter.count("failed"),
            "skipped": reporter.count("skipped"),
            "failures": reporter.collection_errors[:MAX_FAILURES] + reporter.failures,
            "seconds": round(time.monotonic() - started, 3),
            "coverage": {"lines": lines, "covered": covered, "files": files},
        },
        report,
    )
    report.close()
    sys.stdout.flush()
    return exit_status


if __name__ == "__main__":
    sys.exit(main())

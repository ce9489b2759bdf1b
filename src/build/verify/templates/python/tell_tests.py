"""The child of `run_tests.py`: runs pytest and tells it each outcome as it comes.

usage: tell_tests.py DESCRIPTOR PACKAGE...   with the secret that each line begins with on stdin
"""

import json
import os
import pathlib
import sys
import time
import unittest

import coverage
import pytest

MAX_TEXT = 4_000
# A project that has one of these could turn a failure into something else.
FORBIDDEN_HOOKS = (
    "pytest_pyfunc_call",
    "pytest_report_teststatus",
    "pytest_runtest_call",
    "pytest_runtest_logreport",
    "pytest_runtest_makereport",
    "pytest_runtest_protocol",
    "pytest_runtestloop",
)
NO_FAILURE = (pytest.skip.Exception, pytest.xfail.Exception, unittest.SkipTest)


class Reporter:
    """Tells what pytest tells its plugins, and whether the project hides some of its tests."""

    def __init__(self, tell):
        self.tell = tell
        self.found = 0
        self.nodes = set()

    def pytest_itemcollected(self):
        self.found += 1

    def pytest_collectreport(self, report):
        self.nodes.add(report.nodeid)
        if report.failed:
            self.tell("problem", {"test": report.nodeid, "message": cut(report.longreprtext)})

    @pytest.hookimpl(trylast=True)
    def pytest_collection_finish(self, session):
        self.tell("collected", {"count": len(session.items)})
        left_out = self.found - len(session.items)
        if left_out > 0:
            self.problem(f"{left_out} tests were collected and then left out")
        for path in sorted(pathlib.Path("tests").rglob("test_*.py")):
            if path.as_posix() not in self.nodes:
                self.problem(f"{path.as_posix()} was not collected")
        for plugin in session.config.pluginmanager.get_plugins():
            for hook in FORBIDDEN_HOOKS:
                if is_of_project(plugin) and hasattr(plugin, hook):
                    self.problem(f"The project has the hook {hook}, which could change results")

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_makereport(self, item, call):
        # What was raised, before any other plugin makes something else of it.
        raised = call.excinfo.value if call.excinfo else None
        report = yield
        is_expected = isinstance(raised, NO_FAILURE) or item.get_closest_marker("xfail")
        if report.failed or (raised is not None and not is_expected):
            message = report.longreprtext or f"{type(raised).__name__}: {raised}"
            self.outcome(item, "failed", report.when, message)
        elif report.skipped:
            self.outcome(item, "skipped", report.when)
        elif report.when == "call":
            self.outcome(item, "passed", report.when)
        return report

    def outcome(self, item, outcome, phase, message=""):
        told = {"test": item.nodeid, "outcome": outcome, "phase": phase, "message": cut(message)}
        self.tell("outcome", told)

    def problem(self, message):
        self.tell("problem", {"test": "collection", "message": message})


def is_of_project(plugin):
    path = getattr(plugin, "__file__", None)
    return path is not None and os.path.abspath(path).startswith(os.getcwd() + os.sep)


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


def teller(descriptor, secret):
    encode, write = json.JSONEncoder().encode, os.write

    def tell(kind, told):
        rest = f"{secret} {encode([kind, told])}\n".encode()
        while rest:
            rest = rest[write(descriptor, rest) :]

    return tell


def main():
    descriptor, packages = int(sys.argv[1]), sys.argv[2:]
    # Programs that the tests start have no business with it.
    os.set_inheritable(descriptor, False)
    tell = teller(descriptor, sys.stdin.readline().strip())
    sys.dont_write_bytecode = True
    # After the imports above: a module of the project must not pass for one of the runner's.
    sys.path.insert(0, os.getcwd())

    cov = coverage.Coverage(source=packages, config_file=False, data_file=None)
    started = time.monotonic()
    cov.start()
    plugins = [Reporter(tell)]
    exit_status = int(pytest.main(["-p", "no:cacheprovider", "--color=no"], plugins=plugins))
    cov.stop()
    files = line_coverage(cov)
    lines = sum(file["lines"] for file in files.values())
    covered = sum(file["covered"] for file in files.values())
    sys.stdout.flush()
    tell(
        "end",
        {
            "exit_status": exit_status,
            "seconds": round(time.monotonic() - started, 3),
            "coverage": {"lines": lines, "covered": covered, "files": files},
        },
    )
    return exit_status


if __name__ == "__main__":
    sys.exit(main())

"""Starts a service as its users would, asks it a few questions and stops it.

usage: smoke.py PORT PATH... [-- SETUP...] -- COMMAND...

SETUP runs to its end first, such as the migrations of a database.

Passes when every path answers 200 within the time, and the service ends on SIGTERM: with status 0, or by the signal
itself, as servers do that clean up first and then pass it on.
"""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request

REPORT_FD = 4
START_SECONDS = 30
STOP_SECONDS = 10


def ask(port, path):
    """Status of the answer, or None where nobody answers."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as answer:
            answer.read()
            return answer.status
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return None


def wait_until_it_answers(service, port, path):
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and service.poll() is None:
        if ask(port, path) is not None:
            return True
        time.sleep(0.05)
    return False


def stop(service):
    if service.poll() is None:
        service.send_signal(signal.SIGTERM)
    try:
        return service.wait(timeout=STOP_SECONDS)
    except subprocess.TimeoutExpired:
        service.kill()
        service.wait()
        return None


def split_at_dashes(arguments):
    groups = [[]]
    for argument in arguments:
        if argument == "--":
            groups.append([])
        else:
            groups[-1].append(argument)
    return groups


def main():
    (port, *paths), *setups, command = split_at_dashes(sys.argv[1:])
    for setup in setups:
        subprocess.run(setup, check=True)
    started = time.monotonic()
    service = subprocess.Popen(command)
    answers = {}
    ready_ms = None
    if wait_until_it_answers(service, port, paths[0]):
        ready_ms = round((time.monotonic() - started) * 1000)
        answers = {path: ask(port, path) for path in paths}
    exit_status = stop(service)
    ended = exit_status in (0, -signal.SIGTERM, 128 + signal.SIGTERM)
    passed = ended and bool(answers) and all(code == 200 for code in answers.values())
    with os.fdopen(REPORT_FD, "w", encoding="utf-8") as report:
        json.dump(
            {"passed": passed, "ready_ms": ready_ms, "answers": answers, "exit_status": exit_status}, report
        )
    return 0 if passed else 1


if __name__ == "__main__":
    sys.exit(main())

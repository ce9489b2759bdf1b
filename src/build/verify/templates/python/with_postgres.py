"""Runs a command beside a PostgreSQL of its own, reachable by a Unix socket only.

usage: with_postgres.py BIN_DIR -- COMMAND...

The command finds the server in DATABASE_URL and ends with its own status; the server and its data are gone then.
"""

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time

START_SECONDS = 30
# `nobody` has this number everywhere.
KNOWN_USER = "65534"


def as_known_user():
    """initdb asks for the name of its user; one without a name appears as `nobody` in a namespace of its own."""
    try:
        pwd.getpwuid(os.geteuid())
        return []
    except KeyError:
        return ["unshare", "--user", f"--map-user={KNOWN_USER}", f"--map-group={KNOWN_USER}", "--"]


def make_cluster(bin_dir, data):
    subprocess.run(
        [*as_known_user(), f"{bin_dir}/initdb", "-D", data, "-U", "app", "-A", "trust", "-E", "UTF8", "--locale=C"]
        + ["--no-sync", "--no-instructions", "--wal-segsize=1"],
        check=True,
        stdout=subprocess.DEVNULL,
    )


def start(bin_dir, data, sockets):
    # Nothing here outlives the run: durability off, and small enough for a sandbox.
    settings = {
        "listen_addresses": "",
        "unix_socket_directories": sockets,
        "fsync": "off",
        "synchronous_commit": "off",
        "full_page_writes": "off",
        "shared_buffers": "16MB",
        "dynamic_shared_memory_type": "mmap",
        "max_connections": "20",
        "max_wal_size": "16MB",
        "min_wal_size": "2MB",
        "autovacuum": "off",
        "max_worker_processes": "2",
        "jit": "off",
    }
    options = [f"--{name}={value}" for name, value in settings.items()]
    return subprocess.Popen(
        [*as_known_user(), f"{bin_dir}/postgres", "-D", data, *options],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def wait_until_ready(server, data):
    """The last line of postmaster.pid says `ready` once connections are taken."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        try:
            with open(f"{data}/postmaster.pid", encoding="ascii") as status:
                if status.read().rstrip().endswith("ready"):
                    return
        except OSError:
            pass
        time.sleep(0.02)
    raise SystemExit("PostgreSQL did not start")


def main():
    bin_dir = sys.argv[1]
    command = sys.argv[sys.argv.index("--") + 1 :]
    home = tempfile.mkdtemp(prefix="pg-", dir=os.getcwd())
    data, sockets = f"{home}/data", tempfile.mkdtemp(prefix="pg-")
    make_cluster(bin_dir, data)
    server = start(bin_dir, data, sockets)
    try:
        wait_until_ready(server, data)
        url = f"postgresql://app@/postgres?host={sockets}"
        return subprocess.run(command, env={**os.environ, "DATABASE_URL": url}, pass_fds=(4,)).returncode
    finally:
        server.send_signal(signal.SIGQUIT)
        server.wait()
        shutil.rmtree(home, ignore_errors=True)
        shutil.rmtree(sockets, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())

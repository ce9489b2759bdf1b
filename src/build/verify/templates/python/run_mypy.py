"""Runs mypy with the toolchain's cache of third-party packages, so that only the project itself is new to it.

usage: run_mypy.py CACHE ARGUMENTS...
"""

import os
import shutil
import sys
import tempfile

# mypy writes to its cache, and the toolchain is read-only. -I: a module of the project must not pass for one of mypy.
cache = os.path.join(tempfile.mkdtemp(), "mypy")
shutil.copytree(sys.argv[1], cache)
os.execv(sys.executable, [sys.executable, "-I", "-m", "mypy", "--cache-dir", cache, *sys.argv[2:]])

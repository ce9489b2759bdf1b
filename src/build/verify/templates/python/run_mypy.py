"""Runs mypy with the toolchain's cache of third-party packages, so that only the project itself is new to it.

usage: run_mypy.py CACHE ARGUMENTS...
"""

import os
import shutil
import sys
import tempfile

# mypy writes to its cache, and the toolchain is read-only.
cache = os.path.join(tempfile.mkdtemp(), "mypy")
shutil.copytree(sys.argv[1], cache)
os.execv(sys.executable, [sys.executable, "-m", "mypy", "--cache-dir", cache, *sys.argv[2:]])

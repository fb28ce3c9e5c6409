"""When a process breaks down, what was asked of it does not end up on a disk."""

from __future__ import annotations

import subprocess
import sys

CODE = """
import resource, subprocess, sys
from portal.core.memory import keep_out_of_core_dumps
keep_out_of_core_dumps()
print(resource.getrlimit(resource.RLIMIT_CORE))
print(subprocess.check_output(["sh", "-c", "ulimit -Hc"], text=True).strip())
"""


def test_neither_a_process_nor_what_it_starts_writes_its_memory_to_a_disk() -> None:
    said = subprocess.check_output([sys.executable, "-c", CODE], text=True)
    assert said.split("\n")[:2] == ["(0, 0)", "0"]

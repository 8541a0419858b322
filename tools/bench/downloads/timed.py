"""python3 timed.py COMMAND ARGUMENT...

Runs the command, from its start to its end, and prints what that took as a line of JSON:
{"values": {...}}. If the command fails, it ends with the same status and prints nothing.

Python, since the system tells what a child needed to the one that waits for it only, and
Node.js does not pass it on.
"""

import json
import os
import sys
import time

DISCARD_OUTPUT = [(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)]

command = sys.argv[1:]
start = time.perf_counter()
pid = os.posix_spawnp(command[0], command, os.environ, file_actions=DISCARD_OUTPUT)
_, status, usage = os.wait4(pid, 0)
seconds = time.perf_counter() - start

code = os.waitstatus_to_exitcode(status)
if code != 0:
    sys.exit(code if code > 0 else 128 - code)
values = {
    "seconds": seconds,
    "cpuSeconds": usage.ru_utime + usage.ru_stime,
    "peakMegabytes": usage.ru_maxrss / 1024,
}
print(json.dumps({"values": values}))

"""How long closing a log costs: our compressor beside gzip and pigz, on the same file in the same run.

    python3 Benchmarks/compression.py DRIVER LOG [ROUNDS]

DRIVER is what Benchmarks/Compression builds; it also reads back what it wrote (`--verify`), as a rotation does. The figures are
medians of the rounds; every program's priority is the caller's, so that they compare.
"""

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time


def measure(command, output):
    """Wall seconds, CPU seconds, peak resident MiB of a command whose standard output is `output`."""
    resident = 0
    with open(output, "wb") as file:
        begin = time.monotonic()
        process = subprocess.Popen(command, stdout=file)
        while True:
            pid, status, usage = os.wait4(process.pid, os.WNOHANG)
            if pid:
                break
            # What wait4 tells of memory is at least this script's own.
            resident = max(resident, peak(process.pid))
            time.sleep(0.01)
        wall = time.monotonic() - begin
    if status != 0:
        sys.exit(f"{command[0]} ended with {status}")
    return wall, usage.ru_utime + usage.ru_stime, resident


def peak(pid):
    """The most memory that a process had so far, in MiB; 0 when it is gone."""
    with open(f"/proc/{pid}/status", encoding="utf-8") as file:
        for line in file:
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
    return 0


def main():
    driver, log = sys.argv[1:3]
    rounds = int(sys.argv[3]) if len(sys.argv) > 3 else 3
    with tempfile.TemporaryDirectory(dir=os.path.dirname(os.path.abspath(log))) as directory:
        ours = os.path.join(directory, "ours.gz")
        commands = {
            "ours": ([driver, "--foreground", log, ours], ours),
            "ours, read back": ([driver, "--foreground", "--verify", log, ours], ours),
            "ours, read back, SHA-256": ([driver, "--foreground", "--verify", "--hash", log, ours], ours),
        }
        for name, options in (("gzip", ["-6", "-c"]), ("pigz", ["-6", "-c"])):
            output = os.path.join(directory, f"{name}.gz")
            if shutil.which(name):
                commands[f"{name} -6"] = ([name, *options, log], output)
        taken = {name: [] for name in commands}
        for _ in range(rounds):
            for name, (command, output) in commands.items():
                taken[name].append(measure(command, output if output != ours else os.devnull))
        print(f"{os.path.getsize(log) / 2**20:.0f} MiB, {os.cpu_count()} processors, median of {rounds}")
        for name, figures in taken.items():
            wall, cpu, resident = (statistics.median(each) for each in zip(*figures))
            size = os.path.getsize(commands[name][1])
            print(f"{name:26} {wall:6.2f} s wall {cpu:6.2f} s CPU {resident:6.1f} MiB resident {size:10d} bytes")


if __name__ == "__main__":
    main()

"""Runs one process at a time and measures it as the operating system counts it."""

import contextlib
import os
import platform
import re
import resource
import shutil
import signal
import subprocess
import threading
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BENCH = Path("bench")
WORK = BENCH / "scratch"
LOGS = WORK / "logs"
DROP_CACHES = "/proc/sys/vm/drop_caches"

# ru_maxrss counts KiB; everything here is told in megabytes of 10^6 bytes.
MB_PER_RSS = 1024 / 1e6
# How a shell would tell that the kernel ended a process for want of memory.
KILLED = 128 + signal.SIGKILL


@dataclass
class Usage:
    """What one process took: seconds, megabytes, and why it failed, if it did."""

    wall: float
    cpu: float
    rss_mb: float
    failure: str = ""


def own_peak():
    """Megabytes below which no peak is seen: a child counts those of the process it came from."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * MB_PER_RSS


def cores():
    return sorted(os.sched_getaffinity(0))


def cold_caches():
    """Empties the page cache; answers whether that was permitted."""
    os.sync()
    try:
        with open(DROP_CACHES, "w") as file:
            file.write("3\n")
        return True
    except OSError:
        return False


def run(name, command, count, time_limit, output=None):
    """Runs a command on the first `count` cores until everything it wrote is on the disk.

    Its output goes to a log, or to the file `output`.
    """
    LOGS.mkdir(parents=True, exist_ok=True)
    log = LOGS / f"{name}.log"
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
    actions = [
        (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
        (os.POSIX_SPAWN_OPEN, 1, str(output or log), flags, 0o644),
        (os.POSIX_SPAWN_OPEN, 2, str(log), flags, 0o644) if output else (os.POSIX_SPAWN_DUP2, 1, 2),
    ]
    all_cores = os.sched_getaffinity(0)
    start = time.monotonic()
    # A child has the cores of its parent: as taskset would do, without needing it.
    os.sched_setaffinity(0, cores()[:count])
    try:
        pid = os.posix_spawnp(command[0], command, os.environ, file_actions=actions, setpgroup=0)
    except FileNotFoundError:
        return Usage(0, 0, 0, f"{command[0]} is not installed")
    finally:
        os.sched_setaffinity(0, all_cores)

    status, usage, late = _wait(pid, time_limit)
    os.sync()
    wall = time.monotonic() - start
    failure = f"not finished in {time_limit} s" if late else _failure(status, log)
    return Usage(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * MB_PER_RSS, failure)


def _wait(pid, time_limit):
    late = threading.Event()

    def give_up():
        late.set()
        with contextlib.suppress(ProcessLookupError):
            os.killpg(pid, signal.SIGKILL)

    timer = threading.Timer(time_limit, give_up)
    timer.start()
    try:
        _, status, usage = os.wait4(pid, 0)
    except BaseException:
        os.killpg(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        raise
    finally:
        timer.cancel()
    return status, usage, late.is_set()


def _failure(status, log):
    code = os.waitstatus_to_exitcode(status)
    if code == 0:
        return ""
    text = log.read_text(errors="replace")
    if code in (-signal.SIGKILL, KILLED):
        return "out of memory (killed)"
    if re.search(r"OutOfMemory|Out of Memory|MemoryError|memory allocation", text):
        return "out of memory"
    lines = [line.strip() for line in text.splitlines() if "rror" in line]
    reason = lines[-1] if lines else f"see {log}"
    # Paths of this machine are nobody's business.
    return f"exit {code}: {reason.replace(str(ROOT), '.')[:120]}"


def tell(command, what):
    """Runs a step that is not measured, and ends the benchmark if it fails."""
    print(f"  {what} ...", end=" ", flush=True)
    LOGS.mkdir(parents=True, exist_ok=True)
    log = LOGS / "steps.log"
    start = time.monotonic()
    with open(log, "w") as out:
        code = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=out, stderr=out).returncode
    if code != 0:
        print("failed")
        raise SystemExit(f"error: {what}: exit {code}; {log} ends with:\n{_tail(log)}")
    print(f"{time.monotonic() - start:,.0f} s", flush=True)


def _tail(log):
    return "\n".join(log.read_text(errors="replace").splitlines()[-15:])


def empty(directory):
    shutil.rmtree(directory, ignore_errors=True)
    directory.mkdir(parents=True)
    return directory


def size(path):
    """Bytes of a file, or of all files below a directory."""
    if path.is_dir():
        return sum(file.stat().st_size for file in path.rglob("*") if file.is_file())
    return path.stat().st_size if path.exists() else 0


def machine():
    """What the figures depend on, and nothing that names the machine."""
    info = {
        "system": f"{platform.system()} {platform.release().split('-')[0]}",
        "architecture": platform.machine(),
        "cores": len(cores()),
        "python": platform.python_version(),
    }
    for file, pattern, key in [
        ("/proc/cpuinfo", r"model name\s*: (.*)", "cpu"),
        ("/proc/meminfo", r"MemTotal:\s*(\d+) kB", "memory_gb"),
    ]:
        found = re.search(pattern, Path(file).read_text()) if Path(file).exists() else None
        info[key] = found.group(1).strip() if found else "unknown"
    if info["memory_gb"] != "unknown":
        info["memory_gb"] = round(int(info["memory_gb"]) * 1024 / 1e9, 1)
    return info


def disk():
    """The file system and the disk that the benchmark writes to, as far as the system tells."""
    try:
        mounts = [line.split() for line in Path("/proc/self/mountinfo").read_text().splitlines()]
    except OSError:
        return "unknown"
    here = BENCH.resolve()
    # The last one counts where several are mounted over each other.
    mount = max(mounts, key=lambda m: len(m[4]) if here.is_relative_to(m[4]) else -1)
    kind, source = mount[mount.index("-") + 1 :][:2]
    gigabytes = shutil.disk_usage(here).total / 1e9
    return f"{kind} of {gigabytes:,.0f} GB on {Path(source).name}"


def first_line(*command):
    """The first line that a command prints, for versions."""
    try:
        out = subprocess.run(command, capture_output=True, text=True)
    except FileNotFoundError:
        return "not installed"
    return ((out.stdout or out.stderr).splitlines() or ["unknown"])[0]

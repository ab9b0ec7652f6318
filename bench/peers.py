"""The Python environment of the peers, made once from requirements.txt."""

import json
import shutil
import subprocess
import sys

from processes import BENCH, WORK

VENV = BENCH / ".venv"
PYTHON = VENV / "bin" / "python"
REQUIREMENTS = BENCH / "requirements.txt"
# A copy of the requirements that the environment was made from.
INSTALLED = VENV / "installed.txt"
NAMES = ["duckdb", "matplotlib", "polars", "pyarrow"]


class Peers:
    """Scripts of this directory, run by an interpreter that has the peers.

    `missing` tells why there is none; it is empty when there is.
    """

    def __init__(self):
        self.missing = _make()

    def command(self, script, *arguments):
        return [str(PYTHON), str(BENCH / script), *map(str, arguments)]

    def ask(self, script, *arguments):
        """What a script prints as JSON."""
        out = subprocess.run(
            self.command(script, *arguments), stdout=subprocess.PIPE, check=True, text=True
        )
        return json.loads(out.stdout)

    def versions(self):
        if self.missing:
            return {}
        code = (
            "import importlib.metadata as m, json, sys;"
            "print(json.dumps({n: m.version(n) for n in sys.argv[1:]}))"
        )
        out = subprocess.run(
            [str(PYTHON), "-c", code, *NAMES], capture_output=True, check=True, text=True
        )
        return json.loads(out.stdout)


def _make():
    wanted = REQUIREMENTS.read_text()
    if INSTALLED.exists() and INSTALLED.read_text() == wanted:
        return ""
    print("Making the Python environment of the peers", flush=True)
    shutil.rmtree(VENV, ignore_errors=True)
    WORK.mkdir(parents=True, exist_ok=True)
    log = WORK / "pip.log"
    with open(log, "w") as out:
        for command in [
            [sys.executable, "-m", "venv", str(VENV)],
            [str(PYTHON), "-m", "pip", "install", "--quiet", "-r", str(REQUIREMENTS)],
        ]:
            done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=out, stderr=out)
            if done.returncode != 0:
                return f"{command[2]} failed ({log})"
    INSTALLED.write_text(wanted)
    return ""

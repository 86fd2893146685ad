"""Run a form's code as a person would: pasted into one cell of a fresh kernel."""

import os
import pickle
import subprocess
import sys
from pathlib import Path

_CELL = """
import ast, pickle, sys
cell = ast.parse(sys.stdin.read())
last = ast.Expression(cell.body.pop().value)
names = {}
exec(compile(cell, "cell", "exec"), names)
result = eval(compile(last, "cell", "eval"), names)
with open(sys.argv[1], "wb") as file:
    pickle.dump(result, file)
"""


def run(code, folder):
    """Return what the last line of the code is worth, in a process of its own.

    Parameters
    ----------
    code : str
        The code that a form shows.
    folder : pathlib.Path
        Where to put what is needed on the way.
    """
    told = folder / "result.pickle"
    root = str(Path(__file__).resolve().parents[2])
    paths = [root, *filter(None, [os.environ.get("PYTHONPATH")])]
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", _CELL, told],
        input=code,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(paths), "PYTHONUTF8": "1"},
        capture_output=True,
        encoding="utf-8",
        timeout=240,
    )
    assert done.returncode == 0, done.stderr
    return pickle.loads(told.read_bytes())

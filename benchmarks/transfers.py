"""How much memory a large upload and download take, in the client and in the service.

Each step runs in a fresh client process against one embedded service, and the
resident memory of both is read every few milliseconds. Beside ours runs the naive
way (`requests` with the whole body in memory), so that the figures can be told from
noise on any machine.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

import psutil

import leia_nb
from leia_nb import embedded

MIB = 2**20
ALLOWED_MIB = 32
_SAMPLE_SECONDS = 0.005

STEPS = {
    "ours, upload": "leia.documents.upload(file, filename='big.bin', tags=['big'], progress=False)",
    "ours, download": "leia.documents.download(big, file + '.back', progress=False)",
    "naive, upload": (
        "requests.post(leia.url + '/document', data=open(file, 'rb').read(), headers=headers, "
        "params={'filename': 'naive.bin'}, timeout=600).raise_for_status()"
    ),
    "naive, download": (
        "open(file + '.back', 'wb').write(requests.get("
        "f'{leia.url}/document/{big}/file_contents', headers=headers, timeout=600).content)"
    ),
}
_CONNECT = """
import pathlib, sys, requests, leia_nb
data_dir, file = sys.argv[1:]
leia = leia_nb.connect(data_dir=data_dir)
big = next(iter(leia.documents.list(tags=["big"]).index), None)
key = pathlib.Path(data_dir, "admin.key").read_text().strip()
answer = requests.post(leia.url + "/login", json={"api_key": key}, timeout=60)
headers = {"token": answer.json()["token"]}
print("READY", flush=True)
sys.stdin.readline()
"""


class Peak:
    """The most memory a process tree holds above where it began, in MiB."""

    def __init__(self, process: psutil.Process) -> None:
        self._process = process
        self._begin = self._now()
        self._most = self._begin
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch)
        self._thread.start()

    def _now(self) -> int:
        return self._process.memory_info().rss

    def _watch(self) -> None:
        while not self._over.wait(_SAMPLE_SECONDS):
            try:
                self._most = max(self._most, self._now())
            except psutil.Error:
                return

    def end(self) -> float:
        """Stop watching; return the growth in MiB."""
        self._over.set()
        self._thread.join()
        return (self._most - self._begin) / MIB


def measure(code: str, data_dir: Path, file: Path, service: psutil.Process) -> tuple[float, float]:
    """Run one step in a fresh process; return the growth of client and service in MiB."""
    with subprocess.Popen(
        [sys.executable, "-c", _CONNECT + code, str(data_dir), str(file)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        while process.stdout.readline().strip() != "READY":
            if process.poll() is not None:
                raise SystemExit("benchmark: the client process ended early")
        client, server = Peak(psutil.Process(process.pid)), Peak(service)
        process.stdin.write("\n")
        process.stdin.close()
        code = process.wait(timeout=900)
        grown = client.end(), server.end()
    if code:
        raise SystemExit("benchmark: the client process failed")
    return grown


def write_file(path: Path, mib: int) -> None:
    """Write a file of `mib` MiB that does not compress to nothing."""
    block = bytes(range(256)) * (MIB // 256)
    with path.open("wb") as file:
        for number in range(mib):
            file.write(number.to_bytes(8, "big") + block[8:])


def main() -> int:
    """Print a table; return 1 if ours grows by 32 MiB or more anywhere."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mib", type=int, default=512, help="size of the file (%(default)s)")
    mib = parser.parse_args().mib
    with tempfile.TemporaryDirectory(prefix="leia-nb-bench-") as name:
        data_dir, file = Path(name, "data"), Path(name, "big.bin")
        write_file(file, mib)
        leia_nb.connect(data_dir=data_dir)
        try:
            service = psutil.Process(embedded.find(data_dir).pid)
            rows = {step: measure(code, data_dir, file, service) for step, code in STEPS.items()}
        finally:
            embedded.stop(data_dir)
    return report(rows, mib)


def report(rows: dict[str, tuple[float, float]], mib: int) -> int:
    """Print the table; return the exit code."""
    print(f"\nMemory growth with a file of {mib} MiB (share of the file's size)")
    print(f"{'':18}{'client':>20}{'service':>20}")
    for step, grown in rows.items():
        print(f"{step:18}" + "".join(f"{g:9.1f} MiB {g / mib:6.1%}" for g in grown))
    most = max(g for step, grown in rows.items() if step.startswith("ours") for g in grown)
    print(f"Ours grows by at most {most:.1f} MiB; allowed: less than {ALLOWED_MIB} MiB.")
    return int(most >= ALLOWED_MIB)


if __name__ == "__main__":
    sys.exit(main())

"""How fast a cell answers while the job of a form goes on, against an idle kernel.

A real kernel runs ``1 + 1`` again and again: first while nothing else happens, then
while a form's training goes on, whose progress the form shows. The figure is the
ratio of the two; no time is asserted.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from pathlib import Path

from jupyter_client.blocking import BlockingKernelClient
from jupyter_client.manager import start_new_kernel

from leia_nb import embedded

PAUSE_SECONDS = 0.1
IDLE_ANSWERS = 50

_PREPARE = """
import leia_nb
from leia_nb.samples import load_digits

leia = leia_nb.connect(data_dir={data_dir!r})
load_digits(leia, train=1000, test=0, progress=False)
form = leia.forms.train()
form.fill(
    model_module="image_classifier",
    documents_tag="digits-train",
    model_name="Bench",
    model_params={{"image_size": 32, "folds": 20}},
)
"""
_OVER = "form.result is not None or bool(form.errors)"


def run(kernel: BlockingKernelClient, code: str) -> str:
    """Run a cell; return the text of its last expression."""
    shown = []

    def hear(message: dict) -> None:
        if message["msg_type"] == "execute_result":
            shown.append(message["content"]["data"]["text/plain"])

    reply = kernel.execute_interactive(code, output_hook=hear, timeout=600)
    if reply["content"]["status"] != "ok":
        raise SystemExit("benchmark: " + "\n".join(reply["content"]["traceback"]))
    return "".join(shown)


def answer(kernel: BlockingKernelClient) -> float:
    """Return the seconds that ``1 + 1`` takes."""
    begin = time.perf_counter()
    run(kernel, "1 + 1")
    taken = time.perf_counter() - begin
    time.sleep(PAUSE_SECONDS)
    return taken


def measure(kernel: BlockingKernelClient) -> tuple[list[float], list[float], float]:
    """Return the answers of the idle and of the busy time, and the job's length in seconds."""
    idle = [answer(kernel) for _ in range(IDLE_ANSWERS)]
    begin = time.perf_counter()
    run(kernel, "form.submit()")
    busy = []
    while run(kernel, _OVER) == "False":
        busy.append(answer(kernel))
    length = time.perf_counter() - begin
    run(kernel, "form.submit(wait=True)")
    return idle, busy, length


def main() -> int:
    """Print the ratios; return 0."""
    with tempfile.TemporaryDirectory(prefix="leia-nb-bench-") as name:
        data_dir = Path(name, "data")
        manager, kernel = start_new_kernel()
        try:
            run(kernel, _PREPARE.format(data_dir=str(data_dir)))
            idle, busy, length = measure(kernel)
        finally:
            kernel.stop_channels()
            manager.shutdown_kernel(now=True)
            embedded.stop(data_dir)
    report(idle, busy, length)
    return 0


def report(idle: list[float], busy: list[float], length: float) -> None:
    """Print how long ``1 + 1`` takes in an idle kernel and beside a form's job."""
    print(f"\nAnswer time of `1 + 1` while a form's training of {length:.1f} s goes on")
    print(f"{'':10}{'idle kernel':>14}{'beside a job':>14}{'ratio':>8}")
    for kind, pick in (("median", statistics.median), ("longest", max)):
        alone, beside = pick(idle), pick(busy)
        print(f"{kind:10}{alone:12.4f} s{beside:12.4f} s{beside / alone:8.1f}")


if __name__ == "__main__":
    sys.exit(main())

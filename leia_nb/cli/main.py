"""The command line: ``leia-nb serve``, ``stop``, ``demo`` and ``--version``."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from leia_nb.errors import LeiaError
from leia_nb.version import __version__

_DESCRIPTION = "The embedded LEIA service of leia_nb, and a demo."


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; return 0 if done, 1 after an error of LEIA, 130 if interrupted."""
    options = _parser().parse_args(arguments)
    try:
        return int(options.run(options))
    except LeiaError as error:
        print(f"leia-nb: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("leia-nb: interrupted.", file=sys.stderr)
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="leia-nb", description=_DESCRIPTION)
    parser.add_argument("--version", action="version", version=f"leia-nb {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    _add_serve(commands.add_parser("serve", help="run the LEIA service in the foreground"))
    stop = commands.add_parser("stop", help="stop the embedded service of a data folder")
    _add_data(stop)
    stop.set_defaults(run=_stop)
    demo = commands.add_parser("demo", help="train and apply a model on handwritten digits")
    demo.add_argument(
        "--data", type=Path, metavar="DIR", help="keep the demo's data here (default: deleted)"
    )
    demo.set_defaults(run=_demo)
    return parser


def _add_serve(serve: argparse.ArgumentParser) -> None:
    serve.add_argument("--host", default="127.0.0.1", help="address to listen on (%(default)s)")
    serve.add_argument("--port", type=int, default=0, help="port; 0: a free one (%(default)s)")
    serve.add_argument(
        "--workers",
        type=int,
        metavar="N",
        help="worker processes, at most 64; 0 runs no jobs (default: one per core, up to 4)",
    )
    _add_data(serve)
    serve.set_defaults(run=_serve)


def _add_data(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--data",
        type=Path,
        metavar="DIR",
        help="the data folder (default: LEIA_NB_HOME, else a folder in your home)",
    )


def _serve(options: argparse.Namespace) -> int:
    from leia_nb import embedded

    embedded.require_extra()
    from leia_nb.service.server import serve
    from leia_nb.service.settings import MOST_WORKERS, Settings

    folder = embedded.data_folder(options.data)
    settings = Settings(data_dir=folder, host=options.host, port=options.port)
    if options.workers is not None:
        if not 0 <= options.workers <= MOST_WORKERS:
            raise LeiaError(f"--workers must be from 0 to {MOST_WORKERS}, got {options.workers}.")
        settings = replace(settings, workers=options.workers)

    if "LEIA_API_KEY" in os.environ and settings.database.exists():
        print("LEIA_API_KEY is ignored: this data folder already has an admin key.")

    def announce(url: str) -> None:
        print(f"LEIA is running at {url} (data folder: {folder}).")
        if settings.admin_key.exists():
            print(f"The admin key is in {settings.admin_key}.")
        print("Stop it with Ctrl-C.", flush=True)

    return serve(settings, on_ready=announce)


def _stop(options: argparse.Namespace) -> int:
    from leia_nb import embedded

    folder = embedded.data_folder(options.data)
    stopped = embedded.stop(folder)
    print(f"Stopped the service on {folder}." if stopped else f"No service is running on {folder}.")
    return 0


def _demo(options: argparse.Namespace) -> int:
    from leia_nb.cli.demo import run

    return run(options.data)


if __name__ == "__main__":
    sys.exit(main())

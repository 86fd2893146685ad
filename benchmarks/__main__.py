"""``python -m benchmarks`` (make bench): run every measurement."""

import sys

from benchmarks import forms, transfers

if __name__ == "__main__":
    sys.exit(max(transfers.main(), forms.main()))

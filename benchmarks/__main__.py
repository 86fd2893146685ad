"""``python -m benchmarks`` (make bench): run every measurement."""

import sys

from benchmarks import transfers

if __name__ == "__main__":
    sys.exit(transfers.main())

"""The command line: `leia-nb serve`, `stop` and `demo`."""

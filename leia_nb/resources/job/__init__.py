"""The handle of a job: submission, polling, waiting, results."""

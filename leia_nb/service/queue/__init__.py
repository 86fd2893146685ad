"""The queue of jobs: rows that are submitted, claimed, advanced and finished.

Whoever advances or finishes a job names its attempt, which every claim raises: a worker
that was given up on can no longer change anything.
"""

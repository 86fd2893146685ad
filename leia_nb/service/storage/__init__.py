"""Rows and blobs: what the service keeps, and how it is found again."""

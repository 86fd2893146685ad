"""Measurements, each a ratio against something run beside it."""

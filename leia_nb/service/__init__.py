"""The embedded LEIA service: it stores, trains and predicts."""

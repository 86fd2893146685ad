"""HTTP on the client side: requests, responses, errors, retries, files."""

"""LEIA's API as facts that the client and the service share."""

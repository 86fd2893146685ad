"""The service's routes, one file per kind of object."""

"""One module per resource of LEIA: models, documents, annotations, jobs."""

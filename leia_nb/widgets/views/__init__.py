"""The views: tables of models and jobs."""

"""What requests and responses look like, declared once as Pydantic models."""

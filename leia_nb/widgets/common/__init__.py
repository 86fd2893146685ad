"""Code that forms, views and fields share: styles, threads, redaction."""

"""Reading documents: PDFs, images, videos, text and OCR."""

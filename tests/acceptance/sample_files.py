"""Small PDFs, texts and pictures that tests upload."""

import io


def pdf(*texts, password=None):
    """Make a PDF with one page per text; with a password it is encrypted."""
    from fpdf import FPDF

    made = FPDF()
    made.set_font("helvetica", size=24)
    for text in texts:
        made.add_page()
        made.text(20, 30, text)
    if password is not None:
        made.set_encryption(owner_password=f"{password} of the owner", user_password=password)
    return bytes(made.output())


def picture(half, size=16):
    """Make a PNG that is bright on its left or right half."""
    from PIL import Image

    image = Image.new("L", (size, size), 20)
    start = 0 if half == "left" else size // 2
    image.paste(230, (start, 0, start + size // 2, size))
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()


def words(number):
    """Make a text of so many words."""
    return " ".join(f"word{i}" for i in range(number)).encode()

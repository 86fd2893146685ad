"""Images of every orientation, mode and format are read upright and in their own range."""

import struct

import numpy as np
import pytest
from PIL import Image, ImageDraw

from leia_nb.service.documents.base import InputDocument
from leia_nb.service.documents.image_frames import first_frame, frames
from leia_nb.service.documents.readers import read_image

# How an upright image is stored so that each EXIF orientation restores it.
STORED = {
    1: None,
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}
MODES = {
    ".tif": ("L", "1", "P", "RGB", "RGBA", "CMYK", "I;16", "F"),
    ".jpg": ("L", "RGB", "CMYK"),
    ".png": ("L", "1", "P", "RGB", "RGBA", "I;16"),
    ".webp": ("RGB", "RGBA"),
}
GRID = [(suffix, mode) for suffix, modes in MODES.items() for mode in modes]


def upright(mode):
    image = Image.new("L", (96, 40), 255)
    ImageDraw.Draw(image).polygon([(5, 5), (60, 5), (5, 30)], fill=0)
    if mode == "I;16":
        return Image.fromarray(np.asarray(image).astype("<u2") * 257)
    if mode == "F":
        return Image.fromarray(np.asarray(image).astype("float32") / 255)
    return image.convert("RGB").convert(mode) if mode in ("P", "CMYK") else image.convert(mode)


def document(path):
    return InputDocument("d1", path, path.name, None)


def gray(image):
    return np.asarray(image.convert("L")).astype(int)


@pytest.mark.parametrize(("suffix", "mode"), GRID)
@pytest.mark.parametrize("orientation", STORED)
def test_an_image_is_read_upright(tmp_path, suffix, mode, orientation):
    image, transposition = upright(mode), STORED[orientation]
    exif = Image.Exif()
    exif[0x0112] = orientation
    path = tmp_path / f"page{suffix}"
    stored = image if transposition is None else image.transpose(transposition)
    stored.save(path, exif=exif, **({"lossless": True} if suffix == ".webp" else {}))
    expected = gray(upright("L"))
    for read in (
        read_image(document(path), color=False),
        read_image(document(path), color=True),
        first_frame(document(path)),
        first_frame(document(path), transparent=True),
        next(frames(document(path), None))[1],
    ):
        assert read.size == (96, 40)
        assert np.abs(gray(read) - expected).mean() < (8 if suffix == ".jpg" else 1)


@pytest.mark.parametrize(
    ("dtype", "black", "white"),
    [
        ("float32", 0.0, 1.0),
        ("float32", -1.0, 1.0),
        ("float32", 0.0, 255.0),
        ("float32", 0.0, 0.01),
        ("float32", -300.0, 70000.0),
        ("<u2", 0, 1023),
        ("<u2", 0, 4095),
        ("<u2", 0, 65535),
        ("<i4", 0, 4095),
        ("<i4", 0, 1_000_000_000),
        ("<i4", -4095, 4095),
    ],
)
def test_values_are_scaled_by_their_own_range(tmp_path, dtype, black, white):
    shade = np.asarray(upright("L")) / 255
    values = (black + shade * (white - black)).astype(dtype)
    path = tmp_path / "page.tif"
    Image.fromarray(values).save(path)
    assert np.abs(gray(read_image(document(path), color=False)) - gray(upright("L"))).max() <= 2


@pytest.mark.parametrize("value", [0.0, 0.5, 1.0])
def test_a_uniform_float_image_keeps_its_shade(tmp_path, value):
    path = tmp_path / "page.tif"
    Image.fromarray(np.full((8, 8), value, "float32")).save(path)
    assert set(gray(read_image(document(path), color=False)).flat) == {round(value * 255)}


def test_values_that_are_not_finite_do_not_change_the_scale(tmp_path):
    values = np.asarray(upright("F")).copy()
    values[0, :3] = np.nan, np.inf, -np.inf
    path = tmp_path / "page.tif"
    Image.fromarray(values).save(path)
    read = gray(read_image(document(path), color=False))
    assert np.array_equal(read[1:], gray(upright("L"))[1:])
    assert [*read[0, :3]] == [0, 255, 0]


def photoshop(width, height, shade):
    header = b"8BPS" + struct.pack(">H6xHIIHH", 1, 1, height, width, 8, 1)
    return header + struct.pack(">IIIH", 0, 0, 0, 0) + bytes([shade]) * (width * height)


def test_formats_whose_frames_count_from_one_are_read(tmp_path):
    path = tmp_path / "layers.psd"
    path.write_bytes(photoshop(30, 20, 100))
    spider = tmp_path / "particle.spi"
    Image.fromarray(np.asarray(upright("F"))).save(spider, "SPIDER")
    for file, mean in ((path, 100), (spider, gray(upright("L")).mean())):
        assert abs(gray(first_frame(document(file))).mean() - mean) < 1
        assert abs(gray(read_image(document(file), color=False)).mean() - mean) < 1
        assert [number for number, _ in frames(document(file), None)] == [0]

import io
import zlib
from functools import cache

import pypdfium2
import pytest
from fpdf import FPDF
from PIL import Image

from leia_nb.service.documents import pdf
from leia_nb.service.trainers import UnreadableDocument, UnusableDocuments
from tests.unit.service.transform_bench import TransformBench, animation, encoded, form, framed
from tests.unit.service.transform_bench import pdf as pdf_of


@pytest.fixture
def bench(tmp_path):
    return TransformBench(tmp_path)


def opened(made):
    with Image.open(made.path) as image:
        image.load()
    return image


def size(made):
    return opened(made).size


def shades(files):
    return [opened(file).convert("L").getpixel((2, 2)) for file in files]


def about(files, *shades_):
    return pytest.approx(shades_, abs=2) == shades(files)


def test_a_pdf_becomes_an_image_per_page(bench):
    paper = bench.document(pdf_of("one", "two", "three"), "report.pdf", "application/pdf")
    made = bench.do("image", paper)
    assert [file.filename for file in made] == [f"report-page-{n}.jpg" for n in range(3)]
    assert [file.page for file in made] == [0, 1, 2]
    assert {(file.mime_type, file.source_id) for file in made} == {("image/jpeg", paper.id)}
    with Image.open(made[0].path) as image:
        assert (image.format, image.size) == ("JPEG", (1241, 1754))


def test_pages_are_picked_and_keep_their_numbers(bench):
    paper = bench.document(pdf_of(*"abcdef"), "a.pdf")
    assert [file.page for file in bench.do("image", paper, image_slice="-1,1:3,1")] == [1, 2, 5]


def test_quality_changes_the_size(bench):
    paper = bench.document(pdf_of("words " * 9), "a.pdf")
    sizes = [
        bench.do("image", paper, output_quality=q)[0].path.stat().st_size for q in (5, 75, 100)
    ]
    assert sizes == sorted(set(sizes))


def test_the_same_pdf_gives_the_same_bytes(bench):
    paper = bench.document(pdf_of("one", "two"), "a.pdf")
    first, second = (bench.do("image", paper) for _ in range(2))
    assert [f.path.read_bytes() for f in first] == [f.path.read_bytes() for f in second]


def test_the_pages_of_several_documents_come_in_their_order(bench):
    papers = [bench.document(pdf_of(*"ab"), f"{name}.pdf") for name in "xy"]
    made = bench.do("image", *papers)
    assert [file.filename for file in made] == [
        f"{name}-page-{page}.jpg" for name in "xy" for page in (0, 1)
    ]
    assert len({file.path for file in made}) == 4


def test_a_very_large_page_is_drawn_coarser(bench):
    poster = bench.document(pdf_of("wide", format=(3000, 5000)), "poster.pdf")
    made = bench.do("image", poster)
    with Image.open(made[0].path) as image:
        assert image.width * image.height < 1.01 * pdf.MOST_PIXELS
        assert image.width / image.height == pytest.approx(0.6, abs=0.01)


def test_filled_forms_are_drawn(bench):
    drawn = bench.do("image", bench.document(form(""), "form.pdf"))
    assert opened(drawn[0]).convert("L").getextrema()[0] < 100


@pytest.mark.parametrize("kind", ["GIF", "PNG", "TIFF", "WEBP"])
def test_the_frames_of_an_animated_image(bench, kind):
    moving = bench.document(animation(kind, range(0, 250, 50)), "moving", f"image/{kind.lower()}")
    assert about(bench.do("image", moving), 0, 50, 100, 150, 200)
    picked = bench.do("image", moving, image_slice="1::2")
    assert [file.page for file in picked] == [1, 3]
    assert about(picked, 50, 150)


def test_a_still_image_is_its_own_only_page(bench):
    made = bench.do("image", bench.document(encoded(framed()), "photo.png", "image/png"))
    assert [(file.filename, file.page) for file in made] == [("photo-page-0.jpg", 0)]


def test_the_image_of_a_page_keeps_its_page(bench):
    page = bench.document(encoded(framed()), "a-page-4.png", "image/png", page=4)
    for output_type in ("image", "trim", "transcode"):
        assert [file.page for file in bench.do(output_type, page)] == [4]


def test_too_many_frames_are_refused_but_a_selection_is_accepted(bench):
    moving = bench.document(animation("GIF", [n % 256 for n in range(5000)], (2, 2)), "m.gif")
    with pytest.raises(UnreadableDocument, match=r"has 5,000 frames.*image_slice"):
        bench.do("image", moving)
    assert len(bench.do("image", moving, image_slice="::500")) == 10


def test_frames_that_are_declared_but_missing(bench):
    data = animation("PNG", (0, 100, 200))
    at = data.index(b"acTL")
    lie = b"acTL" + (2**31 - 2).to_bytes(4, "big") + data[at + 8 : at + 12]
    liar = data[:at] + lie + zlib.crc32(lie).to_bytes(4, "big") + data[at + 16 :]
    moving = bench.document(liar, "liar.png", "image/png")
    for asked in (None, "::2", "5", "7:9"):
        with pytest.raises(UnreadableDocument, match=r"frames|damaged"):
            bench.do("image", moving, image_slice=asked)


def test_one_job_makes_a_limited_number_of_documents(bench, monkeypatch):
    monkeypatch.setattr("leia_nb.service.transforms.output_files.MOST_FILES", 3)
    papers = [bench.document(pdf_of(*"ab"), "a.pdf") for _ in range(2)]
    with pytest.raises(UnusableDocuments, match="more than 3 documents"):
        bench.do("image", *papers)


def test_an_empty_slice_is_reported(bench):
    paper = bench.document(pdf_of("a", "b"), "a.pdf")
    with pytest.raises(UnreadableDocument, match=r"has 2 pages.*'7' selects none.*from 0 to 1"):
        bench.do("image", paper, image_slice="7")


@pytest.mark.parametrize(
    ("data", "mime_type", "why"),
    [
        (b"%PDF-1.7 nonsense", "application/pdf", "is a damaged PDF"),
        (pdf_of("words")[:300], "application/pdf", "is a damaged PDF"),
        (b"hello", "image/png", "is not a supported image"),
        (b"hello", "application/pdf", "is a damaged PDF"),
        (encoded(framed())[:-40], "image/png", "is a damaged image"),
        (animation("GIF", range(9))[:60], "image/gif", "is a damaged image"),
        (b"hello", None, "is a text"),
        (b"", None, "is a text"),
        (b"hello", "video/mp4", "is a damaged video"),
    ],
)
def test_a_document_that_cannot_be_rendered_is_reported(bench, data, mime_type, why):
    with pytest.raises(UnreadableDocument, match=why) as caught:
        bench.do("image", bench.document(data, "thing.dat", mime_type))
    assert "(thing.dat)" in str(caught.value)


def test_a_pdf_with_a_password(bench):
    paper = FPDF()
    paper.set_encryption(owner_password="a", user_password="b")
    paper.add_page()
    for output_type in ("image", "text", "text_tree"):
        with pytest.raises(UnreadableDocument, match="is a password-protected PDF"):
            bench.do(output_type, bench.document(bytes(paper.output()), "a.pdf", "application/pdf"))


def test_a_page_without_an_area(bench):
    outside = b"/Type /Page\n/CropBox [9000 9000 9001 9001]\n"
    data = pdf_of("one").replace(b"/Type /Page\n", outside)
    with pytest.raises(UnreadableDocument, match=r"page with a width or height of 0 .page 0"):
        bench.do("image", bench.document(data, "a.pdf"))


def test_a_pdf_without_pages(bench):
    buffer = io.BytesIO()
    empty = pypdfium2.PdfDocument.new()
    empty.save(buffer)
    empty.close()
    for output_type in ("image", "text", "text_tree"):
        with pytest.raises(UnreadableDocument, match="without pages"):
            bench.do(output_type, bench.document(buffer.getvalue(), "a.pdf", "application/pdf"))


def test_a_pdf_declared_as_an_image(bench):
    paper = bench.document(pdf_of("hello"), "a.png", "image/png")
    assert len(bench.do("image", paper)) == 1
    with pytest.raises(UnreadableDocument, match="is a PDF"):
        bench.do("trim", paper)


@pytest.mark.parametrize("output_type", ["image", "trim", "transcode", "autorotate", "text"])
@pytest.mark.parametrize(("mode", "side"), [("1", 30_000), ("L", 8_000)])
def test_a_decompression_bomb_is_refused(bench, output_type, mode, side):
    bomb = _black(mode, side)
    assert len(bomb) < 200_000
    for mime_type in ("image/png", None):
        with pytest.raises(UnreadableDocument, match="pixels"):
            bench.do(output_type, bench.document(bomb, "bomb.png", mime_type))


def test_a_side_that_jpeg_cannot_have(bench):
    band = bench.document(encoded(Image.new("1", (70_000, 2))), "band.png", "image/png")
    with pytest.raises(UnreadableDocument, match="more than the limit of 65,000 pixels per side"):
        bench.do("image", band)


def test_trimming_cuts_white_borders(bench):
    made = bench.do("trim", bench.document(encoded(framed()), "photo.png", "image/png"))
    assert [(file.filename, file.mime_type) for file in made] == [("photo.png", "image/png")]
    assert size(made[0]) == (51, 41)


def test_trimming_takes_nearly_white_for_white_and_specks_for_dust(bench):
    image = framed(background=(240, 240, 236))
    for speck in ((0, 0), (99, 79)):
        image.putpixel(speck, (0, 0, 0))
    made = bench.do("trim", bench.document(encoded(image), "photo.png", "image/png"))
    assert size(made[0]) == (51, 41)


def test_trimming_keeps_thin_lines(bench):
    line = framed(box=(20, 10, 70, 10))
    made = bench.do("trim", bench.document(encoded(line), "line.png", "image/png"))
    assert size(made[0]) == (51, 1)


def test_trimming_jpeg_gives_jpeg(bench):
    photo = bench.document(encoded(framed(), "JPEG", quality=95), "photo.jpeg", "image/jpeg")
    (made,) = bench.do("trim", photo, output_quality=90)
    assert (made.filename, made.mime_type) == ("photo.jpg", "image/jpeg")
    with Image.open(made.path) as image:
        assert image.format == "JPEG"
        assert image.size == pytest.approx((51, 41), abs=4)


def test_nothing_to_trim(bench):
    for background in ("white", "black"):
        blank = encoded(Image.new("RGB", (30, 20), background))
        (made,) = bench.do("trim", bench.document(blank, "a.png", "image/png"))
        assert size(made) == (30, 20)


@pytest.mark.parametrize(
    ("image", "kind", "quality", "to"),
    [
        (framed(), "BMP", 75, "JPEG"),
        (framed().convert("CMYK"), "TIFF", 75, "JPEG"),
        (framed(), "WEBP", 100, "PNG"),
        (Image.new("RGBA", (9, 9), (1, 2, 3, 128)), "WEBP", 75, "PNG"),
        (Image.new("P", (9, 9)), "GIF", 75, "JPEG"),
    ],
)
def test_transcoding_to_a_common_format(bench, image, kind, quality, to):
    photo = bench.document(encoded(image, kind), "photo.xyz", f"image/{kind.lower()}")
    (made,) = bench.do("transcode", photo, output_quality=quality)
    assert made.filename == {"JPEG": "photo.jpg", "PNG": "photo.png"}[to]
    assert made.mime_type == f"image/{to.lower()}"
    with Image.open(made.path) as result:
        assert (result.format, result.size) == (to, image.size)
        assert (result.mode == "RGBA") is (image.mode == "RGBA")


@cache
def _black(mode, side):
    return encoded(Image.new(mode, (side, side)))


def test_of_a_skipped_document_no_page_is_kept(bench):
    noise = [Image.effect_noise((64, 64), 90 + n) for n in range(2)]
    buffer = io.BytesIO()
    noise[0].save(buffer, "TIFF", save_all=True, append_images=noise[1:], compression="tiff_lzw")
    whole = buffer.getvalue()
    damaged = bytearray(whole)
    damaged[-2500:-1500] = bytes(1000)  # within the second page
    documents = [
        bench.document(bytes(data), "pages.tif", "image/tiff") for data in (damaged, whole)
    ]
    with pytest.raises(UnreadableDocument):
        bench.do("image", documents[0])
    made = bench.do("image", *documents, skip_unusable=True)
    assert [(output.source_id, output.page) for output in made] == [
        (documents[1].id, 0),
        (documents[1].id, 1),
    ]

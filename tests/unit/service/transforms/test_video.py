import pytest
from PIL import Image

from leia_nb.service.documents import video
from leia_nb.service.trainers import UnreadableDocument, UnusableDocuments
from tests.unit.service.transform_bench import TransformBench

SIZE = (64, 48)


@pytest.fixture
def bench(tmp_path):
    return TransformBench(tmp_path)


@pytest.fixture(scope="module")
def film(tmp_path_factory):
    """Thirty frames, each a little lighter than the one before."""
    import cv2
    import numpy as np

    path = tmp_path_factory.mktemp("film") / "film.mp4"
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"mp4v"), 10, SIZE)
    for number in range(30):
        writer.write(np.full((SIZE[1], SIZE[0], 3), number * 8, np.uint8))
    writer.release()
    return path.read_bytes()


def shades(files):
    found = []
    for file in files:
        with Image.open(file.path) as image:
            found.append(image.convert("L").getpixel((30, 20)))
    return found


def test_frames_of_a_video(bench, film):
    document = bench.document(film, "film.mp4", "video/mp4")
    made = bench.do("image", document, image_slice="::10,-1")
    assert [file.page for file in made] == [0, 10, 20, 29]
    assert [file.filename for file in made][:2] == ["film-page-0.jpg", "film-page-10.jpg"]
    assert shades(made) == pytest.approx([0, 80, 160, 232], abs=4)
    assert len(bench.do("image", document)) == 30


def test_a_video_becomes_webm(bench, film):
    document = bench.document(film, "film.avi", "video/x-msvideo")
    first, second = (bench.do("transcode", document)[0] for _ in range(2))
    assert (first.filename, first.mime_type) == ("film.webm", "video/webm")
    assert first.path.read_bytes() == second.path.read_bytes()
    frames = bench.do("image", bench.again(first), image_slice="::10")
    assert shades(frames) == pytest.approx([0, 80, 160], abs=8)


def test_a_video_of_undeclared_type(bench, film):
    (made,) = bench.do("image", bench.document(film, "film"), image_slice="3")
    assert made.filename == "film-page-3.jpg"


@pytest.mark.parametrize("output_type", ["image", "transcode"])
@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"hello",
        b"\x00\x00\x00\x18ftypmp42 and then nonsense",
        b"#EXTM3U\n#EXTINF:10,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n",
        b"ffconcat version 1.0\nfile '/etc/passwd'\n",
    ],
)
def test_a_file_that_is_not_a_video_is_reported(bench, output_type, data):
    with pytest.raises(
        UnreadableDocument, match="is a damaged video, or has an unsupported format"
    ):
        bench.do(output_type, bench.document(data, "film.mp4", "video/mp4"))


def test_a_truncated_video_is_reported(bench, film):
    with pytest.raises(UnreadableDocument, match="is a damaged video"):
        bench.do("image", bench.document(film[: len(film) // 2], "film.mp4", "video/mp4"))


def test_long_and_large_videos_are_refused(bench, film, monkeypatch):
    document = bench.document(film, "film.mp4", "video/mp4")
    monkeypatch.setattr(video, "MOST_FRAMES", 29)
    for output_type in ("image", "transcode"):
        with pytest.raises(UnreadableDocument, match="has more than 29 frames"):
            bench.do(output_type, document)
    monkeypatch.setattr("leia_nb.service.documents.image_frames.MOST_PIXELS", 64 * 48 - 1)
    for output_type in ("image", "transcode"):
        with pytest.raises(UnreadableDocument, match="64 × 48 pixels"):
            bench.do(output_type, document)


def test_a_missing_opencv_is_reported_with_what_to_install(bench, film, monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(UnusableDocuments, match=r"film.mp4.*pip install 'leia_nb\[ocr\]'"):
        bench.do("image", bench.document(film, "film.mp4", "video/mp4"))

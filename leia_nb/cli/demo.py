"""``leia-nb demo``: create, train, apply, list, download, edit, tag and delete a model."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import leia_nb
from leia_nb import embedded
from leia_nb.errors import UnknownModel

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

    from leia_nb.client import Client
    from leia_nb.records.records import Model

GOAL = 0.95
_SHADES = " .:-=+*#%@"


def run(data_dir: Path | None = None) -> int:
    """Run the demo; return 0 if the model's accuracy on the test digits reaches `GOAL`, else 1."""
    with _data_folder(data_dir) as folder:
        print("LEIA end to end, on 1,797 real handwritten digits\n")
        leia = leia_nb.connect(data_dir=folder)
        try:
            accuracy = _run_steps(leia, folder)
        finally:
            embedded.stop(folder)
    reached = accuracy >= GOAL
    print(f"\nDone: accuracy on the test digits {accuracy:.4f} (goal: at least {GOAL}).")
    return 0 if reached else 1


@contextmanager
def _data_folder(data_dir: Path | None) -> Iterator[Path]:
    if data_dir is not None:
        yield data_dir
        return
    folder = Path(tempfile.mkdtemp(prefix="leia-nb-demo-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _run_steps(leia: Client, folder: Path) -> float:
    from leia_nb.samples import load_digits

    _step(1, "Upload the digits as documents, with their true category as annotation")
    samples = load_digits(leia)
    for tag, count in samples["tag"].value_counts().items():
        print(f"{count:6} documents tagged {tag!r}")
    model = _train(leia)
    accuracy = _apply(leia, model, samples[samples["tag"] == "digits-test"])
    model = _create(leia, model, folder)
    _change(leia, model)
    return accuracy


def _train(leia: Client) -> Model:
    _step(2, "Train an image_classifier on the documents tagged 'digits-train'")
    job = leia.models.train(
        "image_classifier",
        "digits-train",
        model_name="Handwritten digits",
        short_name="digits-v1",
        tags=["digits"],
        description="Recognizes the digits 0 to 9.",
    )
    model: Model = job.wait()
    print(f"The new model is {model.name!r} (short name {model.short_name}, {model.size:,} bytes).")
    _step(3, "List the models")
    columns = ["name", "short_name", "model_type", "model_module", "tags", "size"]
    print(leia.models.list(tags=["digits"])[columns].to_string())
    return model


def _apply(leia: Client, model: Model, samples: pd.DataFrame) -> float:
    import pandas as pd

    _step(4, f"Apply {model.short_name} to the {len(samples)} documents it has not seen")
    predictions = leia.models.apply(model, samples, format_type="classification").wait()
    compared = samples["category"].rename("true").to_frame().join(predictions)
    right = compared["true"] == compared["category"]
    print(f"Right: {right.sum()} of {len(compared)}, an accuracy of {right.mean():.4f}.")
    print(f"Cross-validation during training measured {compared['accuracy'].iloc[0]:.4f}.\n")
    print(pd.crosstab(compared["true"], compared["category"].rename("predicted")).to_string())
    wrong = compared[~right].head(3)
    print(f"\nThe first {len(wrong)} wrong ones, as the model saw them:")
    for document_id, row in wrong.iterrows():
        print(f"\n  true {row['true']}, predicted {row['category']} (score {row['score']:.2f})")
        print(_drawn(leia.documents.contents(str(document_id))))
    return float(right.mean())


def _drawn(png: bytes) -> str:
    """Draw a small gray image with two characters per pixel."""
    import io

    from PIL import Image

    image = Image.open(io.BytesIO(png)).convert("L")
    pixels = list(image.tobytes())
    rows = [pixels[n : n + image.width] for n in range(0, len(pixels), image.width)]
    shaded = ("".join(_SHADES[pixel * 9 // 255] * 2 for pixel in row) for row in rows)
    return "\n".join(f"  |{row}|" for row in shaded)


def _create(leia: Client, model: Model, folder: Path) -> Model:
    _step(5, "Download the model's file, check it, and create a second model from it")
    path = leia.models.download(model, folder / "digits-v1.zip")
    md5sum = hashlib.md5(path.read_bytes(), usedforsecurity=False).hexdigest()
    print(f"{path.name}: {path.stat().st_size:,} bytes, md5 {md5sum}")
    print(f"LEIA says:      {model.size:,} bytes, md5 {model.md5sum}")
    if md5sum != model.md5sum:
        raise SystemExit("leia-nb demo: the MD5 of the file differs from LEIA's.")
    copy = leia.models.create(path, "Handwritten digits, a copy", short_name="digits-copy")
    print(
        f"Created {copy.name!r} from the file: {copy.model_type}, "
        f"reads {', '.join(copy.input_types)}."
    )
    return copy


def _change(leia: Client, model: Model) -> None:
    _step(6, "Edit, tag, untag and delete the copy")
    edited = leia.models.edit(model, description="A copy, for the demo.", ttl=60)
    print(f"Edited: description {edited.description!r}, kept loaded for {edited.ttl} seconds.")
    tagged = leia.models.tag(model, "audited")
    print(f"Tagged: {', '.join(tagged.tags)}")
    leia.models.untag(model, "audited")
    print(f"Untagged: tags left: {', '.join(leia.models.get(model).tags) or 'none'}")
    leia.models.delete(model)
    try:
        leia.models.get(model)
    except UnknownModel as error:
        print(f"Deleted; getting it now raises: {error}")


def _step(number: int, title: str) -> None:
    print(f"\n{number}. {title}")

"""Sample papers as a trainer is given them."""

import hashlib

from leia_nb.service.trainers import TrainingDocument, trainer


def documents(folder, papers, said=None):
    """Write papers into a folder; return them with what `said` says of each, its fields else."""
    made = []
    for number, paper in enumerate(papers):
        path = folder / paper.filename
        path.write_bytes(paper.content)
        annotations = tuple(said(paper)) if said else (("TEXT", paper.fields),)
        made.append(document(path, number, annotations))
    return made


def document(path, number, annotations, mime_type=None):
    """Return a file as a trainer is given it."""
    md5sum = hashlib.md5(path.read_bytes(), usedforsecurity=False).hexdigest()
    return TrainingDocument(f"{number:024x}", path, path.name, mime_type, md5sum, annotations)


def texts(folder, *lines, said):
    """Write plain texts into a folder, with what is said of each."""
    made = []
    for number, (text, prediction) in enumerate(zip(lines, said, strict=True)):
        path = folder / f"text-{number}.txt"
        path.write_text(text, encoding="utf-8")
        made.append(document(path, number, (("TEXT", prediction),), "text/plain"))
    return made


def train(name, some, **given):
    """Train, as a worker does."""
    module = trainer(name)
    return module.fit(some, module.read_parameters(given))


def predict(name, trained, some, **given):
    """Apply what was trained, as a worker does."""
    module = trainer(name)
    parameters = module.read_apply_parameters(given)
    return module.predict(trained.estimator, trained.description, some, parameters)

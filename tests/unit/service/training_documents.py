"""Sample papers as the documents of a training set."""

import hashlib

from leia_nb.service.trainers import TrainingDocument, trainer


def documents(folder, papers, annotate=None):
    """Write papers into a folder; annotate each with `annotate(paper)`, by default its fields."""
    result = []
    for number, paper in enumerate(papers):
        path = folder / paper.filename
        path.write_bytes(paper.content)
        annotations = tuple(annotate(paper)) if annotate else (("TEXT", paper.fields),)
        result.append(document(path, number, annotations))
    return result


def document(path, number, annotations, mime_type=None):
    """Return a file as a document of a training set."""
    md5sum = hashlib.md5(path.read_bytes(), usedforsecurity=False).hexdigest()
    return TrainingDocument(f"{number:024x}", path, path.name, mime_type, md5sum, annotations)


def texts(folder, *lines, predictions):
    """Write plain texts into a folder, each with a `TEXT` annotation of its prediction."""
    result = []
    for number, (text, prediction) in enumerate(zip(lines, predictions, strict=True)):
        path = folder / f"text-{number}.txt"
        path.write_text(text, encoding="utf-8")
        result.append(document(path, number, (("TEXT", prediction),), "text/plain"))
    return result


def train(name, training_set, **parameters):
    """Train as a worker does."""
    module = trainer(name)
    return module.fit(training_set, module.read_parameters(parameters))


def predict(name, trained, inputs, **parameters):
    """Apply a trained model as a worker does."""
    module = trainer(name)
    return module.predict(
        trained.estimator, trained.description, inputs, module.read_apply_parameters(parameters)
    )

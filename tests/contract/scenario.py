"""A scenario that calls every LEIA operation at least once, as an admin and as a developer."""

import leia_nb
from leia_nb.client import Client

TEXTS = {
    "invoice": "pay this invoice of {} euros by friday",
    "letter": "dear friend number {}, greetings from rome",
}
EDITED = {"dedicated_workers": True, "dedicated_workers_ttl": 60}
SCHEDULE = {
    "always_on_number": 1,
    "always_on_start_days": [1, 5],
    "always_on_start_hour": 8,
    "always_on_stop_hour": 18,
    "always_on_start_minute": 0,
    "always_on_stop_minute": 30,
}


def run_scenario(recorder, service, developers_key, folder):
    """Use the service as an admin, and as a developer with the key in the login's URL."""
    with leia_nb.connect(service.url, api_key=service.key) as opened:
        leia = recorder.wrap(opened, "leia")
        model = use(leia, recorder, folder)
        own_models(leia, model, folder)
        applications(leia)
        workers(leia)
        leia.workers.kill("train")
        leia.logout()
    with Client(service.url, developers_key, key_in_url=True) as opened:
        leia = recorder.wrap(opened, "leia")
        use(leia, recorder, folder)
        workers(leia)
        leia.logout()


def use(leia, recorder, folder):
    """Call what every application may call; return a model."""
    sessions(leia)
    documents = work_with_documents(leia, folder)
    annotate(leia, documents)
    model = train(leia, recorder)
    work_with_jobs(leia, recorder, model, documents)
    return model


def sessions(leia):
    leia.health()
    leia.whoami()


def work_with_documents(leia, folder):
    """Upload, list, edit and tag documents; return the annotatable ones by category."""
    created = [
        (category, upload(leia, text.format(number), f"{category}-{number}.txt", ["learn"]))
        for category, text in TEXTS.items()
        for number in range(4)
    ]
    other = upload(leia, "not needed", "other.txt", [])
    leia.documents.list(tags=["learn"], progress=False)
    leia.documents.get(other)
    leia.documents.edit(other, filename="another.txt")
    leia.documents.tag(other, "seen")
    leia.documents.tags()
    leia.documents.download(other, folder, progress=False)
    leia.documents.download_zip(folder, tags=["learn"], progress=False)
    leia.documents.untag(other, "seen")
    leia.documents.delete(other)
    return created


def upload(leia, text, filename, tags):
    return leia.documents.upload(text.encode(), filename=filename, tags=tags, progress=False)


def annotate(leia, documents):
    """Annotate each document with its category."""
    for category, document in documents:
        annotation = leia.annotations.create(document, "TYPING", {"category": category})
    leia.annotations.list(document_id=document)
    leia.annotations.get(annotation)
    leia.annotations.update(annotation, {"category": category}, name="sure")
    leia.annotations.tag(annotation, "seen")
    leia.annotations.untag(annotation, "seen")
    unsure = leia.annotations.create(document, "TEXT", {"total": "3"})
    leia.annotations.delete(unsure)


def train(leia, recorder):
    """Train a model and tag it; return it."""
    job = leia.models.train("text_classifier", "learn", model_params={"folds": 2})
    model = recorder.wrap(job, "job").result(progress=False)
    leia.models.list(only_mine=True, progress=False)
    leia.models.get(model)
    leia.models.tag(model, "kept")
    leia.models.untag(model, "kept")
    return model


def work_with_jobs(leia, recorder, model, documents):
    """Transform, apply, chain, start and cancel."""
    inputs = [document for _, document in documents[:2]]
    merged = leia.documents.transform(inputs, "merge", output_tag="merged")
    merged.wait(progress=False)
    first = leia.models.apply(
        model, inputs[:1], format_type="classification", block_processing=True
    )
    rules = {
        "it is an invoice": {
            "conditions": {"category": "invoice"},
            "jobs": [{"job_type": "transform", "output_type": "text"}],
        }
    }
    after = leia.jobs.conditional(first, rules)
    leia.jobs.list(progress=False)
    leia.jobs.get(first.id)
    leia.jobs.statuses([first.id, after.id])
    leia.jobs.start(first)
    recorder.wrap(after, "job").wait(progress=False)
    blocked = leia.models.apply(model, inputs, block_processing=True)
    leia.jobs.cancel(blocked)
    blocked = leia.models.apply(model, inputs, block_processing=True)
    recorder.wrap(blocked, "job").start()
    recorder.wrap(blocked, "job").cancel()


def own_models(leia, model, folder):
    """Download and create a model: for admins only."""
    path = leia.models.download(model, folder, progress=False)
    copy = leia.models.create(path, "A copy", progress=False)
    leia.models.edit(copy, description="The same model again")
    leia.models.delete(copy)


def applications(leia):
    """Manage applications: for admins only."""
    created = leia.applications.create(
        email="eve@example.org",
        first_name="Eve",
        last_name="Developer",
        application_type="developer",
    )
    leia.applications.list(progress=False)
    leia.applications.get(created.id)
    edited = leia.applications.edit(created.id, **EDITED, **SCHEDULE)
    (schedule,) = edited.always_on_schedules
    leia.applications.delete_schedule(created.id, schedule["id"])
    leia.applications.reset_api_key(created.id)
    leia.applications.delete(created.id)


def workers(leia):
    """List the workers."""
    leia.workers.list()
    leia.workers.get("train")

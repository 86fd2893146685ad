"""Runs in the SDK's environment: works with a LEIA service as one who uses the SDK would.

Reads ``{"url", "api_key", "folder"}``; prints, per step, what it returned or the error and
what the service had answered by then.
"""

import inspect
import json
import sys
import time
import urllib.request

PATIENCE = 120
ENDS = ("PROCESSED", "FAILED", "CANCELED")
TEXTS = ["pay this invoice by friday", "invoice number seven, pay now"] * 3
LETTERS = ["dear friend, greetings from rome", "dear aunt, many greetings"] * 3


class Driver:
    """The SDK's calls, step by step."""

    def __init__(self, told):
        from leiaapi.generated import ApiClient, Configuration

        configuration = Configuration()
        configuration.host = told["url"]
        self.client = ApiClient(configuration)
        self.told = told
        self.tag = f"sdk-{told['version']}"
        self.steps = {}
        self.token = None

    def step(self, name, action):
        """Run a step and keep what came of it; return it, None after an error."""
        self.client.last_response = None
        try:
            value = action()
        except Exception as error:
            response = self.client.last_response or error
            self.steps[name] = {
                "error": type(error).__name__,
                "text": f"{error} {getattr(error, 'body', '')}",
                "answered": getattr(response, "status", None),
            }
            return None
        self.steps[name] = {"value": _shown(value)}
        return value

    def call(self, name, operation, /, **values):
        """Run a step that calls an operation."""
        return self.step(name, lambda: self.send(operation, **values))

    def send(self, operation, /, **values):
        """Call an operation."""
        import leiaapi.generated.api as every

        for api in vars(every).values():
            if inspect.isclass(api) and hasattr(api, operation):
                method = getattr(api(self.client), operation)
        if "body" in values:
            values[_body_of(method)] = values.pop("body")
        return method(token=self.token, **values)

    def raw(self, operation, /, **values):
        """Call an operation and read its JSON past the SDK's classes."""
        return json.loads(self.send(operation, _preload_content=False, **values).data)

    def over(self, job):
        """Wait until a job is over; return its JSON."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            said = self.raw("get_job", job_id=job.id)
            if said["status"] in ENDS:
                return said
            time.sleep(0.05)
        raise TimeoutError(job.id)


def _body_of(method):
    """The newer version calls the body after its class."""
    names = inspect.signature(method).parameters
    return next((n for n in names if n.endswith("_body") or n == "application"), "body")


def main():
    driver = Driver(json.load(sys.stdin))
    log_in(driver)
    documents = make_documents(driver)
    model = train(driver)
    use_models(driver, model)
    work(driver, model, documents)
    look_after(driver)
    driver.call("delete model", "admin_delete_model", **owned(driver, model_id=model["id"]))
    driver.step("log out", lambda: driver.session.logout() and None)
    print(json.dumps(driver.steps, default=str))  # noqa: T201


def owned(driver, **values):
    """Add whose it is."""
    return {"application_id": driver.application_id, **values}


def log_in(driver):
    from leiaapi.helpers.session import SessionManager

    driver.session = SessionManager(driver.told["api_key"], driver.client, auto_update_token=False)
    driver.step("log in", lambda: driver.session.set_as_default().login().application)
    driver.token = driver.session.token
    driver.application_id = driver.session.application.id
    driver.call("who am I", "who_am_i")
    if driver.told["version"] == "1.0.9":
        driver.step("log in by path", lambda: _old_login(driver).application)


def _old_login(driver):
    from leiaapi.generated import ApplicationApi

    return ApplicationApi(driver.client).login_application(driver.told["api_key"])


def make_documents(driver):
    """Upload, list, read, tag and annotate documents; return two of them."""
    made = []
    for category, texts in (("invoice", TEXTS), ("letter", LETTERS)):
        for number, text in enumerate(texts):
            name = f"{category}-{number}.txt"
            document = driver.call(
                f"create {name}",
                "create_document",
                body=f"{text} {number}".encode(),
                filename=name,
                tags=[driver.tag],
            )
            made.append(document)
            _annotate(driver, document, category)
    first = made[0].id
    driver.call("list documents", "get_documents", tags=[driver.tag], sort="filename", limit=5)
    driver.call("get document", "get_document", document_id=first)
    driver.step(
        "read document",
        lambda: (
            driver.send("get_document_contents", document_id=first, _preload_content=False).data
        ),
    )
    driver.call("tag document", "tag_document", document_id=first, tag="seen, once")
    driver.call("untag document", "untag_document", document_id=first, tag="seen, once")
    driver.call("list tags", "get_documents_tags")
    driver.step(
        "zip",
        lambda: driver.send("get_documents_zip", document_id=first, _preload_content=False).data[
            :2
        ],
    )
    driver.call("edit document", "edit_document", document_id=first, filename="first.txt")
    driver.call("list annotations", "get_annotations", document_id=first)
    return [made[0], made[-1]]


def _annotate(driver, document, category):
    """Annotate; where the SDK cannot, by hand, for the training needs it."""
    values = {"document_id": document.id, "annotation_type": "TYPING"}
    said = driver.call(
        "annotate", "create_annotation", **values, body={"category": category}, tags=["sure"]
    )
    if said is None:
        request = urllib.request.Request(
            f"{driver.told['url']}/annotation/{document.id}?annotation_type=TYPING",
            json.dumps({"category": category}).encode(),
            {"token": driver.token, "Content-Type": "application/json"},
        )
        urllib.request.urlopen(request, timeout=PATIENCE).close()


def train(driver):
    """Train a model; return its JSON."""
    from leiaapi.generated.models import TrainBody

    job = driver.call(
        "train",
        "admin_train_model_async",
        **owned(driver, model_module="text_classifier", documents_tag=driver.tag),
        short_name=driver.tag,
        body=TrainBody(model_name="From the SDK", model_params={"folds": 2}),
    )
    over = driver.over(job)
    driver.step("trained", lambda: over["status"])
    driver.call("read the training", "get_job", job_id=job.id)
    return over["result"]


def use_models(driver, model):
    """Find, edit, tag, download and create models."""
    from leiaapi.helpers import download

    mine = owned(driver, model_id=model["id"])
    driver.call("list models", "admin_get_models", tags=["nobody's"])
    driver.call("get model", "get_model", model_id=driver.tag)
    driver.call("models by type", "get_models", model_type="classification", short_name=driver.tag)
    driver.call("edit model", "admin_edit_model", **mine, description="Made by the SDK")
    driver.call("tag model", "admin_tag_model", **mine, tag="kept")
    driver.call("untag model", "admin_untag_model", **mine, tag="kept")
    driver.step("every model", lambda: len(download.get_all_models(driver.token, driver.client)))
    got = driver.call("get a model to download", "admin_get_model", **mine)
    driver.step(
        "download model",
        lambda: download.download_model(
            driver.token, got, driver.told["folder"], use_tqdm=False, client=driver.client
        ).stat().st_size - model["size"],
    )  # fmt: skip
    answer = driver.send("admin_get_model_contents", **mine, _preload_content=False)
    file = answer.data
    driver.step("download model by hand", lambda: len(file) - model["size"])
    values = owned(driver, name="R&D", tags=["copied"])
    copy = driver.call("create model", "admin_create_model", **values, body=file)
    if copy is not None:
        driver.step("the model's name", lambda: copy.name)
        driver.step("the model is whole", lambda: copy.md5sum == model["md5sum"])
        driver.call("delete the copy", "admin_delete_model", **owned(driver, model_id=copy.id))


def work(driver, model, documents):
    """Apply, transform, and all that is done with jobs."""
    from leiaapi.generated.models import ApplyBody, TransformBody

    ids = [document.id for document in documents]
    apply = {"model_id": driver.tag, "document_ids": ids}
    driver.call("apply by type", "apply_model_async", **apply, format_type="classification")
    job = driver.call(
        "apply",
        "apply_model_async",
        **apply,
        body=ApplyBody(format_type="classification", model_params={"top": 1}),
    )
    over = driver.over(job)
    driver.step("applied", lambda: sorted(over["result"]) == sorted(ids) and over["status"])
    driver.call("read the job", "get_job", job_id=job.id)
    one = driver.send(
        "apply_model_async",
        model_id=driver.tag,
        document_ids=ids[:1],
        body=ApplyBody(format_type="classification"),
    )
    choose(driver, one)
    driver.call("jobs by status", "get_jobs", status="PROCESSED", model_id=model["id"])
    driver.call("statuses", "get_job_statuses", job_ids=[job.id])
    held = driver.call("hold a job", "apply_model_async", **apply, block_processing=True)
    driver.call("start a job", "start_job", job_id=held.id)
    driver.step("a job that was held", lambda: driver.over(held)["status"])
    again = driver.call("hold another job", "apply_model_async", **apply, block_processing=True)
    driver.call("cancel a job", "cancel_job", job_id=again.id)
    transform(driver, ids, TransformBody)
    driver.call("list jobs", "get_jobs", job_id=again.id, sort="-creation_time")


def transform(driver, ids, body):
    """Join two texts into one document."""
    job = driver.call(
        "transform",
        "transform_document_async",
        document_ids=ids,
        output_type="merge",
        output_tag="joined",
        body=body(block_processing=False),
    )
    if job is not None:
        over = driver.over(job)
        driver.step("transformed", lambda: (over["status"], over["result"]["mime_type"]))


def choose(driver, job):
    """Let the result of a job decide what comes next."""
    from leiaapi.generated.models import ConditionalBody

    work = [{"job_type": "transform", "output_type": "text"}]
    rules = {
        "invoices": {"conditions": {"category": {"$in": ["invoice"]}}, "jobs": work},
        "letters": {"conditions": {"category": "letter"}, "jobs": work},
    }
    chosen = driver.call(
        "conditional",
        "create_conditional_job",
        execute_after_id=job.id,
        body=ConditionalBody(rules=rules),
    )
    over = driver.over(chosen)
    driver.step("chosen", lambda: (over["status"], list(over["result"])))


def look_after(driver):
    """Look after applications and workers."""
    from leiaapi.generated.models import Application

    made = driver.call(
        "create application",
        "admin_create_application",
        body=Application(
            email=f"{driver.tag}@example.org",
            first_name="Eve",
            last_name="Developer",
            application_type="developer",
        ),
    )
    eve = {"application_id": made.id}
    driver.call("get application", "admin_get_application", **eve)
    driver.call("list applications", "admin_get_applications", email=f"{driver.tag}@example.org")
    driver.call("edit application", "admin_edit_application", **eve, dedicated_workers_ttl=60)
    key = driver.call("reset key", "admin_reset_api_key", **eve)
    driver.step("another key", lambda: key.api_key != made.api_key)
    driver.call("delete application", "admin_delete_application", **eve)
    driver.call("workers", "get_workers")
    driver.call("worker", "get_worker", job_type="train")


def _shown(value):
    """Return a value as JSON has it."""
    if isinstance(value, bytes):
        return value.decode("latin-1")
    if isinstance(value, list | tuple):
        return [_shown(one) for one in value]
    if hasattr(value, "to_dict"):
        return json.loads(json.dumps(value.to_dict(), default=str))
    return value


if __name__ == "__main__":
    main()

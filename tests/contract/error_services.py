"""Services with contents that allow tests to trigger every error in the API."""

from functools import cached_property

from tests.acceptance.service_process import (
    Login,
    ServiceProcess,
    prepare,
    wait_until,
    write_model_file,
)

from .operation_lookup import OPERATIONS

UNKNOWN = "f" * 24
TEXTS = ("pay this invoice {}", "dear friend, greetings {}")


class Caller(Login):
    """A login that calls operations by name, with default parameters."""

    def __init__(self, url, api_key, defaults):
        super().__init__(url, api_key)
        self._defaults = defaults

    def __call__(self, operation, *, json=None, data=None, **values):
        facts = OPERATIONS[operation]
        known = {p["name"]: p["in"] for p in facts["parameters"]}
        path = facts["path"].format(**{**self._defaults, **values})
        params = {name: value for name, value in values.items() if known[name] == "query"}
        return self.call(facts["method"], path, params=params, json=json, data=data)


class ErrorServices:
    """A service with an admin and two developers, each with a document, a model and jobs."""

    def __init__(self, folder):
        self._folder = folder
        keys = prepare(folder / "data", ["ada", "bob", "new"])
        self.service = ServiceProcess(folder / "data", "--workers", "1").wait_ready()
        self.defaults = dict.fromkeys(("tag", "job_ids", "always_on_schedule_id"), UNKNOWN)
        self.defaults |= {
            "output_type": "text",
            "job_type": "predict",
            "model_module": "text_classifier",
        }
        self.admin, self.ada, self.bob, self.new = (
            Caller(self.service.url, key, self.defaults) for key in (self.service.key, *keys)
        )
        self.nobody = Caller(self.service.url, self.service.key, self.defaults)
        self.nobody.http.headers["token"] = "not a token"
        self._logins = [self.admin, self.ada, self.bob, self.new, self.nobody]
        self._other_services = []
        file = write_model_file(folder / "classifier.zip")
        self.adas, self.bobs = (
            self._create_objects(self.ada, file),
            self._create_objects(self.bob, file),
        )
        self.defaults |= self.adas
        self.extractor = self._model(
            self.ada, write_model_file(
                folder / "extractor.zip", model_type="key_value_extraction", categories=None
            )
        )  # fmt: skip

    @cached_property
    def idle(self):
        """The admin of a service without workers."""
        return self._start("idle", "--workers", "0")

    @cached_property
    def stopped(self):
        """The admin of a service whose only worker was stopped."""
        login = self._start("stopped", "--workers", "1")
        assert login("kill_worker").status_code == 204
        wait_until(lambda: login("get_worker").status_code == 404)
        return login

    @cached_property
    def broken(self):
        """The admin of a service whose database was overwritten."""
        login = self._start("broken", "--workers", "0")
        database = self._other_services[-1].settings.database
        for file in database.parent.glob(f"{database.name}*"):
            file.write_bytes(b"no database " * 10_000)
        return login

    def close(self):
        for login in self._logins:
            login.http.close()
        for service in (self.service, *self._other_services):
            service.close()

    def _start(self, name, *arguments):
        service = ServiceProcess(self._folder / name, *arguments).wait_ready()
        self._other_services.append(service)
        login = Caller(service.url, service.key, self.defaults)
        self._logins.append(login)
        return login

    def _create_objects(self, login, file):
        """Create one object of each kind for a developer; return their ids by parameter."""
        document = login.document(tags=["lonely"])["id"]
        annotation = login.annotation(document, "invoice")["id"]
        model = self._model(login, file)
        blocked = login.post(f"/model/{model}/apply/{document}", params={"block_processing": True})
        assert blocked.status_code == 200, blocked.text
        job = blocked.json()["id"]
        return {
            "application_id": login.id,
            "submitter_id": login.id,
            "document_id": document,
            "document_ids": document,
            "documents_tag": "lonely",
            "annotation_id": annotation,
            "model_id": model,
            "job_id": job,
            "job_ids": job,
            "execute_after_id": job,
        }

    def _model(self, login, file):
        answer = self.admin.post(
            f"/admin/{login.id}/model", params={"name": "A model"}, data=file.read_bytes()
        )
        assert answer.status_code == 200, answer.text
        return answer.json()["id"]

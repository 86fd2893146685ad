"""Services and what is in them, for provoking every refusal that the API lists."""

from functools import cached_property

from tests.acceptance.harness import Login, Running, prepare, until, write_model_file

from .paths import OPERATIONS

UNKNOWN = "f" * 24
TEXTS = ("pay this invoice {}", "dear friend, greetings {}")


class Caller(Login):
    """A login that calls operations by name; what it is not given it takes from `usual`."""

    def __init__(self, url, api_key, usual):
        super().__init__(url, api_key)
        self._usual = usual

    def __call__(self, operation, *, json=None, data=None, **values):
        facts = OPERATIONS[operation]
        known = {p["name"]: p["in"] for p in facts["parameters"]}
        path = facts["path"].format(**{**self._usual, **values})
        params = {name: value for name, value in values.items() if known[name] == "query"}
        return self.call(facts["method"], path, params=params, json=json, data=data)


class World:
    """A service with an admin and two developers, each with a document, a model and jobs."""

    def __init__(self, folder):
        self._folder = folder
        keys = prepare(folder / "data", ["ada", "bob", "new"])
        self.service = Running(folder / "data", "--workers", "1").wait_ready()
        self.usual = dict.fromkeys(("tag", "job_ids", "always_on_schedule_id"), UNKNOWN)
        self.usual |= {
            "output_type": "text",
            "job_type": "predict",
            "model_module": "text_classifier",
        }
        self.admin, self.ada, self.bob, self.new = (
            Caller(self.service.url, key, self.usual) for key in (self.service.key, *keys)
        )
        self.nobody = Caller(self.service.url, self.service.key, self.usual)
        self.nobody.http.headers["token"] = "not a token"
        self._logins = [self.admin, self.ada, self.bob, self.new, self.nobody]
        self._others = []
        file = write_model_file(folder / "classifier.zip")
        self.mine, self.bobs = self._fill(self.ada, file), self._fill(self.bob, file)
        self.usual |= self.mine
        self.extractor = self._model(
            self.ada, write_model_file(
                folder / "extractor.zip", model_type="key_value_extraction", categories=None
            )
        )  # fmt: skip

    @cached_property
    def idle(self):
        """The admin of a service without workers."""
        return self._elsewhere("idle", "--workers", "0")

    @cached_property
    def stopped(self):
        """The admin of a service whose only worker was stopped."""
        login = self._elsewhere("stopped", "--workers", "1")
        assert login("kill_worker").status_code == 204
        until(lambda: login("get_worker").status_code == 404)
        return login

    @cached_property
    def broken(self):
        """The admin of a service whose database was overwritten."""
        login = self._elsewhere("broken", "--workers", "0")
        database = self._others[-1].settings.database
        for file in database.parent.glob(f"{database.name}*"):
            file.write_bytes(b"no database " * 10_000)
        return login

    def close(self):
        for login in self._logins:
            login.http.close()
        for service in (self.service, *self._others):
            service.close()

    def _elsewhere(self, name, *arguments):
        service = Running(self._folder / name, *arguments).wait_ready()
        self._others.append(service)
        login = Caller(service.url, service.key, self.usual)
        self._logins.append(login)
        return login

    def _fill(self, login, file):
        """Give a developer one thing of each kind; return their ids by parameter."""
        document = login.document(tags=["lonely"])["id"]
        annotation = login.annotation(document, "invoice")["id"]
        model = self._model(login, file)
        held = login.post(f"/model/{model}/apply/{document}", params={"block_processing": True})
        assert held.status_code == 200, held.text
        job = held.json()["id"]
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

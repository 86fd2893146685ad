import pytest

from .service_process import ServiceProcess, prepare, write_model_file


@pytest.fixture(scope="module")
def service(tmp_path_factory):
    """A running service for one file of tests, with an admin and the developers ada and bob."""
    data_dir = tmp_path_factory.mktemp("service") / "data"
    prepare(data_dir, ["ada", "bob"])
    running = ServiceProcess(data_dir)
    yield running.wait_ready()
    running.close()


@pytest.fixture
def fresh_service(tmp_path):
    """Start services of one's own; a second call uses the same data folder."""
    started = []

    def start(*arguments, developers=(), name="data", wait=True, **options):
        data_dir = tmp_path / name
        if developers:
            prepare(data_dir, developers)
        running = ServiceProcess(data_dir, *arguments, **options)
        started.append(running)
        return running.wait_ready() if wait else running

    yield start
    for running in started:
        running.close()


@pytest.fixture(scope="module")
def admin(service):
    return service.login()


@pytest.fixture(scope="module")
def ada(service):
    return service.login("key-of-ada")


@pytest.fixture(scope="module")
def bob(service):
    return service.login("key-of-bob")


@pytest.fixture(scope="session")
def model_file(tmp_path_factory):
    return write_model_file(tmp_path_factory.mktemp("model") / "model.zip")

import pytest

from leia_nb import packaging
from leia_nb.packaging import ModelDescription, ModelFileError
from leia_nb.service.worker.model_cache import MOST_MODELS, ModelCache
from leia_nb.service.worker.tasks import PredictTask

ABOUT = ModelDescription("classification", ("image",), "image_classifier", "list")


@pytest.fixture
def file(tmp_path):
    packaging.write_model(tmp_path / "model.zip", ["an estimator"], ABOUT)
    return tmp_path / "model.zip"


@pytest.fixture
def changes():
    return []


@pytest.fixture
def models(changes):
    return ModelCache(changes.append)


def test_a_model_is_loaded_once(models, file, changes):
    first = models.get("m", file)
    models.release("m", 200)
    assert models.get("m", file)[0] is first[0]
    assert changes == [("m",)]


def test_a_ttl_of_zero_keeps_nothing(models, file):
    models.get("m", file)
    models.release("m", 0)
    assert models.ids == ()


def test_a_model_is_dropped_when_its_time_is_up(models, file, changes, wait_until):
    models.get("m", file)
    models.release("m", 3000)
    assert models.ids == ("m",)
    models.get("m", file)
    models.release("m", 1)
    wait_until(lambda: models.ids == (), "the model is dropped")
    assert changes == [("m",), ()]


@pytest.mark.parametrize("ttl", [-1, 10**12])
def test_a_model_is_kept_without_limit(models, file, ttl):
    models.get("m", file)
    models.release("m", ttl)
    assert models.ids == ("m",)
    assert models._models["m"].timer is None


def test_use_stops_the_timer(models, file):
    models.get("m", file)
    models.release("m", 3000)
    timer = models._models["m"].timer
    models.get("m", file)
    assert models._models["m"].timer is None
    timer.join()
    assert models.ids == ("m",), "a stopped timer unloads nothing"


def test_the_models_used_last_are_kept(models, file):
    for number in range(MOST_MODELS):
        models.get(str(number), file)
        models.release(str(number), -1)
    models.get("0", file)
    models.get("new", file)
    assert models.ids == ("2", "3", "0", "new")


def test_a_broken_file_is_not_kept(models, tmp_path):
    (tmp_path / "m").write_bytes(b"PK nothing")
    with pytest.raises(ModelFileError):
        models.get("m", tmp_path / "m")
    models.release("m", 10)
    assert models.ids == ()


@pytest.mark.parametrize("value", [float("nan"), float("inf"), object(), "\ud800"])
def test_a_result_that_json_cannot_carry_fails(tmp_path, value):
    """No job ever holds NaN or a lone surrogate, which no response could contain."""
    from leia_nb.service.trainers import Prediction
    from leia_nb.service.worker import run_task
    from leia_nb.service.worker.tasks import TaskFailed

    task = PredictTask("j" * 24, 1, tmp_path, "m" * 24, tmp_path / "m", 0, ())
    with pytest.raises(TaskFailed, match="is not valid JSON"):
        run_task._key_values(task, {"d": Prediction([{"key": "a", "value": value}])})

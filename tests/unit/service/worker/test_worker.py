import pytest

from leia_nb import packaging
from leia_nb.packaging import ModelDescription, ModelFileError
from leia_nb.service.worker import PredictTask
from leia_nb.service.worker.model_cache import MOST, LoadedModels

ABOUT = ModelDescription("classification", ("image",), "image_classifier", "list")


@pytest.fixture
def file(tmp_path):
    packaging.write_model(tmp_path / "model.zip", ["an estimator"], ABOUT)
    return tmp_path / "model.zip"


@pytest.fixture
def told():
    return []


@pytest.fixture
def models(told):
    return LoadedModels(told.append)


def test_a_model_is_loaded_once(models, file, told):
    first = models.get("m", file)
    models.release("m", 200)
    assert models.get("m", file)[0] is first[0]
    assert told == [("m",)]


def test_a_ttl_of_zero_keeps_nothing(models, file):
    models.get("m", file)
    models.release("m", 0)
    assert models.ids == ()


def test_a_model_is_dropped_when_its_time_is_up(models, file, told, wait_until):
    models.get("m", file)
    models.release("m", 1)
    assert models.ids == ("m",)
    wait_until(lambda: models.ids == (), "the model is dropped")
    assert told == [("m",), ()]


@pytest.mark.parametrize("ttl", [-1, 10**12])
def test_a_model_is_kept_for_ever(models, file, ttl):
    models.get("m", file)
    models.release("m", ttl)
    assert models.ids == ("m",)
    assert models._models["m"].timer is None


def test_use_stops_the_clock(models, file):
    models.get("m", file)
    models.release("m", 3000)
    clock = models._models["m"].timer
    models.get("m", file)
    assert models._models["m"].timer is None
    clock.join()
    assert models.ids == ("m",), "a clock that was stopped drops nothing"


def test_the_models_used_last_are_kept(models, file):
    for number in range(MOST):
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
    """No job ever holds NaN or half a surrogate pair, which no answer could send."""
    from leia_nb.service.trainers import Prediction
    from leia_nb.service.worker import run_task
    from leia_nb.service.worker.failures import Failure

    order = PredictTask("j" * 24, 1, tmp_path, "m" * 24, tmp_path / "m", 0, ())
    with pytest.raises(Failure, match="JSON cannot carry"):
        run_task._answer(order, [Prediction([{"key": "a", "value": value}])])

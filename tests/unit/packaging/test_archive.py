import io
import json
import subprocess
import sys
import zipfile

import numpy as np
import pytest
from sklearn.dummy import DummyClassifier
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import FunctionTransformer, StandardScaler
from sklearn.svm import SVC
from skops.io import get_untrusted_types

from leia_nb import packaging
from leia_nb.packaging import ModelDescription, ModelFileError, trust

ABOUT = ModelDescription(
    model_type="classification",
    input_types=("image",),
    model_module="image_classifier",
    model_clazz="LogisticRegression",
    documentation="Ünïcode, too",
    output_format={"category": "str"},
    speed="FAST",
    accuracy=0.5,
    parameters={"image_size": 24},
    categories=("a", "b"),
    extra={"later": [1, 2]},
)


@pytest.fixture
def fitted():
    rows = np.arange(40.0).reshape(10, 4)
    return LogisticRegression().fit(rows, ["a", "b"] * 5)


@pytest.fixture
def model(tmp_path, fitted):
    path = tmp_path / "model.zip"
    packaging.write_model(path, fitted, ABOUT)
    return path


def _rewrite(source, target, **changes):
    """Copy a zip, with some members replaced, or left out (None)."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            data = changes.get(name.partition(".")[0].replace("-", "_"), old.read(name))
            if data is not None:
                new.writestr(name, data)
    return target


def _estimator(model):
    return zipfile.ZipFile(model).read("estimator.skops")


def test_what_is_written_is_read_again(model, fitted):
    estimator, about = packaging.load_estimator(model)
    assert about == ABOUT == packaging.read_description(model)
    assert model.read_bytes().startswith(b"PK")
    rows = np.arange(8.0).reshape(2, 4)
    assert np.array_equal(estimator.predict_proba(rows), fitted.predict_proba(rows))


def test_the_same_model_gives_the_same_bytes(tmp_path, model, fitted):
    script = (
        "import sys, numpy as np; from pathlib import Path\n"
        "from sklearn.linear_model import LogisticRegression\n"
        "from leia_nb.packaging import *\n"
        "e = LogisticRegression().fit(np.arange(40.0).reshape(10, 4), ['a', 'b'] * 5)\n"
        "about = read_description(Path(sys.argv[1]))\n"
        "write_model(Path(sys.argv[2]), e, about)\n"
    )
    other = tmp_path / "other.zip"
    subprocess.run([sys.executable, "-c", script, str(model), str(other)], check=True)
    assert other.read_bytes() == model.read_bytes()


def test_equal_constants_are_equal_whether_shared_or_not(tmp_path):
    paths = [tmp_path / "1.zip", tmp_path / "2.zip"]
    first, second = "xxx", str(b"xxx", "ascii")
    for path, constants in zip(paths, [(first, first), (first, second)], strict=True):
        packaging.write_model(path, [*constants, (1,)], ABOUT)
    assert paths[0].read_bytes() == paths[1].read_bytes()
    assert packaging.load_estimator(paths[0])[0] == ["xxx", "xxx", (1,)]


def test_arrays_that_are_shared_stay_shared(tmp_path):
    array = np.arange(3)
    packaging.write_model(tmp_path / "m.zip", [array, array], ABOUT)
    first, second = packaging.load_estimator(tmp_path / "m.zip")[0]
    assert first is second


@pytest.mark.parametrize(
    "estimator",
    [
        Pipeline([("scale", StandardScaler()), ("classify", SVC())]).fit(
            [[0.0], [1.0], [2.0], [3.0]], [0, 0, 1, 1]
        ),
        TfidfVectorizer().fit(["one two", "two three"]),
        DummyClassifier().fit([[0], [1]], ["a", "b"]),
    ],
)
def test_estimators_of_scikit_learn_are_accepted(tmp_path, estimator):
    packaging.write_model(tmp_path / "m.zip", estimator, ABOUT)
    packaging.read_description(tmp_path / "m.zip")
    assert type(packaging.load_estimator(tmp_path / "m.zip")[0]) is type(estimator)


def test_a_function_is_refused_when_written(tmp_path):
    with pytest.raises(ModelFileError, match="_rewrite"):
        packaging.write_model(tmp_path / "m.zip", FunctionTransformer(_rewrite), ABOUT)
    assert not (tmp_path / "m.zip").exists()


@pytest.mark.parametrize("evil", [("os", "system"), ("builtins", "eval"), ("posix", "system")])
def test_untrusted_types_are_refused_without_running_them(tmp_path, model, evil):
    inner = zipfile.ZipFile(io.BytesIO(_estimator(model)))
    schema = json.loads(inner.read("schema.json"))
    schema["content"]["content"]["tol"] = {
        "__module__": evil[0],
        "__class__": evil[1],
        "__loader__": "FunctionNode",
        "content": {"module_path": evil[0], "function": evil[1]},
        "__id__": 99999,
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as again:
        for name in inner.namelist():
            data = json.dumps(schema) if name == "schema.json" else inner.read(name)
            again.writestr(name, data)
    bad = _rewrite(model, tmp_path / "bad.zip", estimator=buffer.getvalue())
    for read in (packaging.read_description, packaging.load_estimator):
        with pytest.raises(ModelFileError, match=f"trusted.*{evil[1]}"):
            read(bad)


def test_what_is_trusted_without_asking_skops_is_trusted_by_skops(tmp_path):
    words = TfidfVectorizer(max_features=3, sublinear_tf=True)
    text = Pipeline([("words", words), ("classify", LogisticRegression())])
    packaging.write_model(tmp_path / "m.zip", text.fit(["a bc", "bc de"], ["x", "y"]), ABOUT)
    data = _estimator(tmp_path / "m.zip")
    schema = json.loads(zipfile.ZipFile(io.BytesIO(data)).read("schema.json"))
    names = {f"{node['__module__']}.{node['__class__']}" for node in trust.nodes(schema)}
    assert names == trust.KNOWN_TRUSTED
    assert get_untrusted_types(data=data) == []


def test_the_trainers_own_types_need_no_skops_in_the_service(model):
    script = (
        "import sys; from pathlib import Path; from leia_nb import packaging\n"
        "packaging.read_description(Path(sys.argv[1]))\n"
        "assert not {'skops', 'sklearn', 'numpy'} & set(sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", script, str(model)], check=True)


def test_no_zip(tmp_path):
    (tmp_path / "m").write_bytes(b"hello")
    with pytest.raises(ModelFileError, match="not a zip file"):
        packaging.read_description(tmp_path / "m")
    (tmp_path / "m").write_bytes(b"")
    with pytest.raises(ModelFileError, match="not a zip file"):
        packaging.read_description(tmp_path / "m")


def test_a_truncated_zip(tmp_path, model):
    data = model.read_bytes()
    for length in (2, 30, len(data) // 2, len(data) - 1):
        (tmp_path / "m").write_bytes(data[:length])
        with pytest.raises(ModelFileError, match="damaged"):
            packaging.read_description(tmp_path / "m")


def test_a_flipped_byte_anywhere_is_no_crash(tmp_path, model):
    data = bytearray(model.read_bytes())
    for position in range(0, len(data), 37):
        data[position] ^= 0xFF
        (tmp_path / "m").write_bytes(data)
        for read in (packaging.read_description, packaging.load_estimator):
            try:
                read(tmp_path / "m")
            except ModelFileError as error:
                assert str(error)
        data[position] ^= 0xFF


@pytest.mark.parametrize("missing", ["leia_model", "estimator"])
def test_a_missing_member(tmp_path, model, missing):
    bad = _rewrite(model, tmp_path / "bad.zip", **{missing: None})
    with pytest.raises(ModelFileError, match="lacks the member"):
        packaging.read_description(bad)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"model_type": None}, "model_type = None, expected one of classification"),
        ({"model_type": "oracle"}, "model_type = 'oracle'"),
        ({"input_types": []}, "input_types"),
        ({"input_types": ["smell"]}, "input_types"),
        ({"input_types": [["image"]]}, "input_types"),
        ({"model_module": ""}, "model_module"),
        ({"model_clazz": 7}, "model_clazz = 7"),
        ({"accuracy": 1.5}, "accuracy = 1.5, expected a number from 0 to 1"),
        ({"accuracy": True}, "accuracy"),
        ({"parameters": [1]}, "parameters"),
        ({"parameters": None}, "parameters"),
        ({"categories": ["a", 1]}, "categories"),
        ({"format": 2}, "format 2"),
        ({"format": True}, "format True"),
    ],
)
def test_a_description_that_is_wrong(tmp_path, model, change, why):
    members = {**ABOUT.to_json(), **change}
    bad = _rewrite(model, tmp_path / "bad.zip", leia_model=json.dumps(members))
    with pytest.raises(ModelFileError, match=why):
        packaging.read_description(bad)


@pytest.mark.parametrize("member", ["format", "model_type", "input_types", "model_module"])
def test_a_description_that_lacks_a_member(tmp_path, model, member):
    members = ABOUT.to_json()
    del members[member]
    bad = _rewrite(model, tmp_path / "bad.zip", leia_model=json.dumps(members))
    with pytest.raises(ModelFileError, match=f"lacks the member '{member}'"):
        packaging.read_description(bad)


@pytest.mark.parametrize("text", [b"{", b"[]", b"\xff\xfe", b"", b"[" * 100_000])
def test_a_description_that_is_no_json(tmp_path, model, text):
    bad = _rewrite(model, tmp_path / "bad.zip", leia_model=text)
    with pytest.raises(ModelFileError, match=r"not (valid|a) JSON"):
        packaging.read_description(bad)


@pytest.mark.parametrize("schema", ["[]", "{}", "{", '{"__loader__": "NoNode", "protocol": 2}'])
def test_an_estimator_that_is_no_skops_file(tmp_path, model, schema):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as inner:
        inner.writestr("schema.json", schema)
    bad = _rewrite(model, tmp_path / "bad.zip", estimator=buffer.getvalue())
    with pytest.raises(ModelFileError, match="estimator"):
        packaging.read_description(bad)


def test_a_zip_bomb_is_refused_unpacked(tmp_path, model):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as inner:
        inner.writestr(
            "schema.json", zipfile.ZipFile(io.BytesIO(_estimator(model))).read("schema.json")
        )
        with inner.open("0001.npy", "w") as member:
            for _ in range(300):
                member.write(bytes(1 << 20))
    bad = _rewrite(model, tmp_path / "bad.zip", estimator=buffer.getvalue())
    assert bad.stat().st_size < 1 << 20
    for read in (packaging.read_description, packaging.load_estimator):
        with pytest.raises(ModelFileError, match="uncompressed size is too large"):
            read(bad)


def test_a_description_that_is_too_large(tmp_path, model):
    bad = _rewrite(model, tmp_path / "bad.zip", leia_model=b" " * (1 << 21))
    with pytest.raises(ModelFileError, match="larger than"):
        packaging.read_description(bad)


def test_a_schema_that_is_too_large_is_rejected(tmp_path):
    """A file of some kilobytes, deflated, whose schema would take gigabytes in memory."""
    schema = b'{"__loader__":"DictNode","protocol":2,"a":[' + b"[]," * 3_000_000 + b"[]]}"
    path = _deflated(tmp_path / "m.zip", schema)
    with pytest.raises(packaging.ModelFileError, match="millions of nodes"):
        packaging.read_description(path)
    path = _deflated(tmp_path / "m.zip", b" " * (17 << 20))
    with pytest.raises(packaging.ModelFileError, match=r"schema\.json is larger"):
        packaging.read_description(path)


def _deflated(path, schema):
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("schema.json", schema)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("leia-model.json", json.dumps(ABOUT.to_json()))
        archive.writestr("estimator.skops", inner.getvalue())
    return path


@pytest.mark.parametrize("value", [float("nan"), float("inf"), "\ud800"])
def test_a_description_that_cannot_be_sent_is_refused(tmp_path, value):
    path = tmp_path / "m.zip"
    with zipfile.ZipFile(path, "w") as archive:
        said = {**ABOUT.to_json(), "output_format": {"a": value}}
        archive.writestr("leia-model.json", json.dumps(said))
    with pytest.raises(packaging.ModelFileError, match=r"leia-model\.json is not valid JSON"):
        packaging.read_description(path)

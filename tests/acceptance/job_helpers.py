"""What the tests of chains and conditional jobs share: two kinds of pictures and a classifier."""

from .sample_files import picture


def learn(login, tag, short_name, model_module="image_classifier", **body):
    """Train a model that tells pictures bright on the left from those bright on the right."""
    for number in range(8):
        half = ("left", "right")[number % 2]
        made = login.document(picture(half, 16 + number), f"{number}.png", tags=[tag])
        login.annotation(made["id"], half)
    answer = login.post(
        f"/model/{model_module}/train/{tag}", json=body, params={"short_name": short_name}
    )
    assert answer.status_code == 200, answer.text
    over = login.finished_job(answer.json())
    assert over["status"] == "PROCESSED", over["reason"]
    return over["result"]


def classify(login, model, ids, **params):
    """Start classifying documents; return the job."""
    ids = ids if isinstance(ids, str) else ",".join(ids)
    params.setdefault("format_type", "classification")
    answer = login.post(f"/model/{model}/apply/{ids}", params=params)
    assert answer.status_code == 200, answer.text
    return answer.json()


def transform(login, ids, output_type, **params):
    """Start a transform; return the job."""
    ids = ids if isinstance(ids, str) else ",".join(ids)
    answer = login.post(f"/document/{ids}/transform/{output_type}", params=params)
    assert answer.status_code == 200, answer.text
    return answer.json()


def conditional(login, after, rules, **options):
    """Start a conditional job; return it."""
    answer = login.post(f"/job/conditional/{after}", json={"rules": rules, **options})
    assert answer.status_code == 200, answer.text
    return answer.json()


def processed(login, job):
    """Wait until a job is PROCESSED; return it."""
    over = login.finished_job(job)
    assert over["status"] == "PROCESSED", over["reason"]
    return over


def apply_job(model_id, **more):
    return {"job_type": "apply_model", "model_id": model_id, **more}


def transform_job(output_type, **more):
    return {"job_type": "transform", "output_type": output_type, **more}

import pytest

from leia_nb.enums import JobStatus
from leia_nb.errors import ConnectionFailed, Forbidden, ServiceFault, UnknownJob, WaitTimeout
from leia_nb.resources.job.polling import MAX_IDS, PollingPolicy, how_to_resume, resume_line, watch

READY, PROCESSING, PROCESSED = JobStatus.READY, JobStatus.PROCESSING, JobStatus.PROCESSED
QUICK = PollingPolicy(first=0.001, longest=0.01, growth=2.0, outage=0.02)


def scripted(*answers):
    """Answer the questions one after the other; an exception is raised."""
    answers = list(answers)

    def ask(ids, within):
        answer = answers.pop(0) if len(answers) > 1 else answers[0]
        if isinstance(answer, Exception):
            raise answer
        return dict.fromkeys(ids, answer)

    return ask


def run(ask, ids=("j",), **options):
    known = dict.fromkeys(ids, "")
    pauses = list(watch(ask, known, policy=QUICK, **options))
    return known, pauses


def test_ends_when_every_job_is_over():
    known, pauses = run(scripted(READY, PROCESSING, PROCESSED))
    assert known == {"j": PROCESSED}
    assert len(pauses) == 2


def test_pauses_grow_to_the_longest_and_start_again_when_a_job_moves():
    _, pauses = run(scripted(READY, READY, READY, READY, READY, READY, PROCESSING, PROCESSED))
    assert pauses == pytest.approx([0.001, 0.002, 0.004, 0.008, 0.01, 0.01, 0.001])


def test_a_job_that_is_over_is_not_asked_for_again():
    asked = []

    def ask(ids, within):
        asked.append(list(ids))
        return {i: PROCESSED if i == "a" or len(asked) > 1 else READY for i in ids}

    run(ask, ["a", "b"])
    assert asked == [["a", "b"], ["b"]]


def test_nothing_is_asked_if_all_are_over():
    assert list(watch(scripted(AssertionError()), {"j": PROCESSED})) == []


def test_at_most_100_ids_a_call():
    sizes = []

    def ask(ids, within):
        sizes.append(len(ids))
        return dict.fromkeys(ids, PROCESSED)

    run(ask, [f"j{n}" for n in range(250)])
    assert sizes == [MAX_IDS, MAX_IDS, 50]


@pytest.mark.parametrize(
    "fault", [ServiceFault("502", retryable=True), ConnectionFailed("gone", retryable=True)]
)
def test_faults_on_the_way_are_survived(fault):
    assert run(scripted(fault, READY, fault, PROCESSED))[0] == {"j": PROCESSED}


def test_an_outage_without_end_is_an_error():
    with pytest.raises(ConnectionFailed):
        run(scripted(ConnectionFailed("gone", retryable=True)))


def test_a_refusal_is_an_error_at_once():
    with pytest.raises(Forbidden):
        run(scripted(Forbidden("not yours"), PROCESSED))


def test_a_job_that_leia_does_not_know():
    with pytest.raises(UnknownJob, match="'j'"):
        run(lambda ids, within: {})


def test_unknown_statuses_are_not_over():
    assert run(scripted("PAUSED", PROCESSED))[0] == {"j": PROCESSED}


def test_timeout_names_the_jobs_and_the_line_that_goes_on():
    with pytest.raises(WaitTimeout, match=r"leia\.jobs\.get\('j'\)\.wait\(\)") as caught:
        run(scripted(PROCESSING), timeout=0.01)
    assert caught.value.job_ids == ("j",)
    with pytest.raises(WaitTimeout, match=r"2 jobs .* leia\.jobs\.wait\(\['a', 'b'\]\)"):
        run(scripted(PROCESSING), ["a", "b"], timeout=0)


def test_a_result_in_time_beats_the_timeout():
    assert run(scripted(PROCESSED), timeout=0)[0] == {"j": PROCESSED}


def test_questions_may_take_no_longer_than_the_timeout():
    given = []

    def ask(ids, within):
        given.append(within)
        return dict.fromkeys(ids, PROCESSED)

    run(ask, timeout=5)
    run(ask)
    assert given[0] <= 5
    assert given[1] is None


def test_resume_line():
    assert resume_line(["a"]) == "leia.jobs.get('a').wait()"
    assert resume_line(["a", "b"]) == "leia.jobs.wait(['a', 'b'])"


def test_how_to_resume_names_the_jobs_and_how_to_start_a_blocked_one():
    one = how_to_resume({"a": PROCESSED, "b": JobStatus.BLOCKED})
    assert one.startswith("Blocked until leia.jobs.start('b').")
    assert one.endswith("leia.jobs.get('b').wait()")
    several = how_to_resume({"a": PROCESSING, "b": JobStatus.BLOCKED})
    assert several.startswith("Blocked until leia.jobs.start('b').")
    assert several.endswith("leia.jobs.wait(['a', 'b'])")
    assert how_to_resume({"a": PROCESSED}) == ""

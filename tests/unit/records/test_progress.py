import pytest

from leia_nb.enums import JobStatus
from leia_nb.records.progress import jobs_progress_bar, progress_bar, sleep_and_refresh, track


def test_rows(capsys):
    assert list(track(iter("abc"), 3, "letters")) == ["a", "b", "c"]
    assert "letters: 100%" in capsys.readouterr().err


def test_silence(capsys):
    assert list(track("abc", 3, "letters", progress=False)) == ["a", "b", "c"]
    with (
        progress_bar(3, "x", progress=False) as bar,
        jobs_progress_bar(["a"], progress=False) as jobs,
    ):
        bar.update(3)
        jobs.show({"a": JobStatus.READY})
        sleep_and_refresh(jobs, 0.01)
    assert capsys.readouterr().err == ""


def test_one_job_shows_its_stage_and_time_but_no_percent(capsys):
    with jobs_progress_bar(["j1"]) as bar:
        bar.show({"j1": JobStatus.LOADING_MODEL})
        sleep_and_refresh(bar, 0.05, tick=0.01)
    shown = capsys.readouterr().err
    assert "job j1 LOADING_MODEL [00:00]" in shown
    assert "%" not in shown


def test_many_jobs_show_how_many_are_done_and_failed(capsys):
    with jobs_progress_bar(["a", "b", "c"]) as bar:
        bar.show({"a": JobStatus.PROCESSED, "b": JobStatus.FAILED, "c": JobStatus.READY})
    shown = capsys.readouterr().err
    assert "2/3" in shown
    assert "done 1, failed 1" in shown


def test_the_count_stays_while_only_the_time_goes_on(capsys):
    with jobs_progress_bar(["a", "b"]) as bar:
        bar.show({"a": JobStatus.PROCESSED, "b": JobStatus.READY})
        sleep_and_refresh(bar, 0.02, tick=0.01)
    assert "1/2" in capsys.readouterr().err.split("\r")[-1]


def test_a_blocked_job_says_what_starts_it(capsys):
    with jobs_progress_bar(["j1"]) as bar:
        bar.show({"j1": JobStatus.BLOCKED})
    assert "BLOCKED until leia.jobs.start('j1')" in capsys.readouterr().err


def test_in_a_log_a_stage_is_written_once(capsys):
    with jobs_progress_bar(["j1"]) as bar:
        bar.show({"j1": JobStatus.PROCESSING})
        written = len(capsys.readouterr().err)
        for _ in range(5):
            bar.show({"j1": JobStatus.PROCESSING})
        assert written > 0
        assert capsys.readouterr().err == ""


def test_a_count_that_failed_at_once_leaves_no_bar(capsys):
    for done in (0, 2):
        with pytest.raises(RuntimeError), progress_bar(3, "x") as bar:
            bar.update(done)
            raise RuntimeError
        assert bar.leave is (done > 0)
    assert "2/3" in capsys.readouterr().err


@pytest.mark.parametrize(
    "opened", [lambda: progress_bar(3, "x"), lambda: jobs_progress_bar(["a", "b"])]
)
def test_bars_are_closed_on_errors(opened):
    bars = []
    with pytest.raises(RuntimeError), opened() as bar:
        bars.append(getattr(bar, "_bar", bar))
        raise RuntimeError
    assert bars[0].disable  # tqdm's way of being closed

"""Reading from LEIA in the background."""

import threading

from leia_nb import errors
from leia_nb.widgets.fields import background_reader as reading_module
from leia_nb.widgets.fields.background_reader import BackgroundReader


def test_a_newer_reading_overtakes_an_older_one():
    gates = [threading.Event(), threading.Event()]
    begun = iter((0, 1))
    first_begun = threading.Event()
    done = []

    def read():
        number = next(begun)
        first_begun.set()
        gates[number].wait(60)
        return number

    reading = BackgroundReader(read, None, lambda: done.append(reading.known))
    reading.start()
    assert first_begun.wait(60)
    reading.start()
    gates[1].set()
    assert reading.value == 1
    gates[0].set()
    assert reading.value == 1
    assert 0 not in done


def test_a_refusal_is_kept_and_the_value_is_empty():
    answers = iter([errors.ConnectionFailed("Nobody there."), [1]])

    def read():
        answer = next(answers)
        if isinstance(answer, Exception):
            raise answer
        return answer

    reading = BackgroundReader(read, [])
    reading.start()
    assert reading.value == []
    assert str(reading.error) == "Nobody there."
    reading.start()
    assert (reading.value, reading.error) == ([1], None)


def test_a_fault_of_ours_is_said_too():
    reading = BackgroundReader(lambda: {}["missing"], [])
    reading.start()
    assert reading.value == []
    assert str(reading.error) == "KeyError: 'missing'"


def test_nobody_waits_for_ever(monkeypatch):
    monkeypatch.setattr(reading_module, "PATIENCE", 0.01)
    gate = threading.Event()
    reading = BackgroundReader(lambda: gate.wait(60), False)
    reading.start()
    assert reading.busy
    assert reading.value is False
    assert not reading.busy
    gate.set()

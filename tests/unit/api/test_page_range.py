import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leia_nb.api.page_range import PageRangeError, parse, select

WHOLE = st.one_of(st.none(), st.integers(-12, 12))


@pytest.mark.parametrize(
    ("page_range", "total", "picked"),
    [
        ("4", 10, [4]),
        ("-4", 10, [6]),
        ("2:", 5, [2, 3, 4]),
        (":5", 10, [0, 1, 2, 3, 4]),
        ("2:5", 10, [2, 3, 4]),
        ("-4:", 10, [6, 7, 8, 9]),
        (":-2", 10, [0, 1, 2, 3, 4, 5, 6, 7]),
        ("-4:-2", 10, [6, 7]),
        ("::2", 5, [0, 2, 4]),
        ("1::2", 5, [1, 3]),
        ("0,2:5,-2:-1", 10, [0, 2, 3, 4, 8]),
        ("::-1", 3, [2, 1, 0]),
        ("1,1,0:2", 3, [1, 0]),
        ("7", 3, []),
        ("-7", 3, []),
        (" 0 , 1 ", 3, [0, 1]),
        ("0", 0, []),
    ],
)
def test_picks_what_the_seed_describes(page_range, total, picked):
    assert select(page_range, total) == picked


@given(start=WHOLE, stop=WHOLE, step=WHOLE.filter(lambda n: n != 0), total=st.integers(0, 15))
def test_a_slice_is_a_python_slice(start, stop, step, total):
    text = ":".join("" if n is None else str(n) for n in (start, stop, step))
    assert select(text, total) == list(range(total))[start:stop:step]


@pytest.mark.parametrize(
    ("page_range", "part", "position"),
    [
        ("", "''", 0),
        ("1,,2", "''", 2),
        ("1,a", "'a'", 2),
        ("1:2:3:4", "'1:2:3:4'", 0),
        ("0,::0", "'::0'", 2),
        ("1.5", "'1.5'", 0),
        ("1-3", "'1-3'", 0),
        ("- 1", "'- 1'", 0),
    ],
)
def test_names_the_part_that_is_wrong(page_range, part, position):
    with pytest.raises(PageRangeError, match="Use Python slices") as caught:
        parse(page_range)
    assert caught.value.position == position
    assert f": {part} (at character {position + 1})" in str(caught.value)


def test_its_error_pickles():
    with pytest.raises(PageRangeError) as caught:
        parse("x")
    again = pickle.loads(pickle.dumps(caught.value))
    assert str(again) == str(caught.value)


@pytest.mark.parametrize("text", ["9" * 5000, "-9999999999:", "0:1:" + "9" * 10])
def test_numbers_of_more_than_9_digits_are_refused(text):
    with pytest.raises(PageRangeError, match="more than 9 digits"):
        parse(text)

import sys

import pytest

from leia_nb.service.documents.pdf import limited_memory

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux bounds it")
LARGE = 300 << 20


def test_memory_is_bounded_only_meanwhile():
    with limited_memory(100 << 20):
        with pytest.raises(MemoryError):
            bytearray(LARGE)
        bytearray(1 << 20)
    assert len(bytearray(LARGE)) == LARGE


def test_an_inner_bound_does_not_widen_an_outer_one():
    with limited_memory(100 << 20):
        with limited_memory(1 << 40), pytest.raises(MemoryError):
            bytearray(LARGE)
        with pytest.raises(MemoryError):
            bytearray(LARGE)


def test_the_bound_goes_when_something_breaks():
    with pytest.raises(ValueError, match="broken"), limited_memory(100 << 20):
        raise ValueError("broken")
    assert len(bytearray(LARGE)) == LARGE

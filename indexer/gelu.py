"""GELU, x times the normal distribution's Phi(x), on arrays of single precision: numpy has no erf.

Phi(x) is (1 + tanh(x q(x^2) / 2)) / 2, where x q(x^2) is the logit of Phi. The polynomial q of degree 6 is a
weighted least-squares fit of our own (bench/gelu.py) and errs by at most 7e-8, less than float32 rounds off.
"""

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]

# q, lowest power first; and the same for y = x / 2, whose square is a fourth.
_FITTED = (
    1.59576843e00,
    7.26685670e-02,
    -6.62599762e-05,
    -1.10480322e-04,
    7.93821966e-06,
    -2.66892870e-07,
    3.61123408e-09,
)
_POWERS = [np.float32(value * 4**power) for power, value in enumerate(_FITTED)]
_ONE, _HALF = np.float32(1.0), np.float32(0.5)

# Values worked on at once, a quarter of a megabyte: they stay in the core's own cache through all steps.
BLOCK = 1 << 16


def gelu(values: Array) -> None:
    """Replaces the values of a contiguous array, of any size, by their GELU."""
    flat = values.reshape(-1)
    square, sigma = np.empty((2, min(BLOCK, len(flat))), np.float32)
    # far from zero the polynomial may overflow, and tanh of infinity is 1
    with np.errstate(over="ignore"):
        for start in range(0, len(flat), BLOCK):
            half = flat[start : start + BLOCK]
            _block(half, square[: len(half)], sigma[: len(half)])


def _block(half: Array, square: Array, sigma: Array) -> None:
    np.multiply(half, _HALF, out=half)
    np.multiply(half, half, out=square)
    np.multiply(square, _POWERS[-1], out=sigma)
    for power in _POWERS[-2:0:-1]:
        np.add(sigma, power, out=sigma)
        np.multiply(sigma, square, out=sigma)
    np.add(sigma, _POWERS[0], out=sigma)
    np.multiply(sigma, half, out=sigma)
    np.tanh(sigma, out=sigma)
    np.add(sigma, _ONE, out=sigma)
    np.multiply(half, sigma, out=half)

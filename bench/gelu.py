"""Fits the polynomial of `evidence.indexer.gelu` and measures its error and the shipped one's.

    python bench/gelu.py

gelu(x) = x Phi(x), and the logit of Phi(x) is x q(x^2): q is fitted by least squares, each point weighed by what
its error does to gelu(x), and points of the largest error weighed up until all are about equal (Lawson's method).
"""

import argparse
import math

import numpy as np
from numpy.typing import NDArray

from evidence.indexer.gelu import gelu

DEGREE = 6
ROUNDS = 300
# Beyond this gelu(x) is x or nought to single precision.
LAST = 6.2

Doubles = NDArray[np.float64]


def normal(values: Doubles) -> Doubles:
    """Phi."""
    return np.array([math.erfc(-value / math.sqrt(2)) / 2 for value in values])


def fit(degree: int) -> Doubles:
    """The coefficients of q, lowest power first."""
    x = np.linspace(1e-3, LAST, 20_001)
    below, above = normal(-x), normal(x)
    wanted = (np.log(above) - np.log(below)) / x
    harm = above * below * x * x
    powers = np.vander(x * x, degree + 1, increasing=True)
    best, least, weight = np.zeros(degree + 1), math.inf, harm.copy()
    for _ in range(ROUNDS):
        found = np.linalg.lstsq(powers * weight[:, None], wanted * weight, rcond=None)[0]
        error = np.abs(powers @ found - wanted) * harm
        if error.max() < least:
            best, least = found, error.max()
        weight *= 1 + error / (2 * error.max())
    return best


def main() -> None:
    argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter).parse_args()
    x = np.linspace(-12, 12, 400_001)
    found = fit(DEGREE)
    exact = x * normal(x)
    fitted = x * (1 + np.tanh(x * np.polynomial.polynomial.polyval(x * x, found) / 2)) / 2
    shipped = x.astype(np.float32)
    gelu(shipped)
    print("coefficients", " ".join(f"{value:.8e}" for value in found))
    error = np.abs(shipped - exact)
    print(
        f"error of the fit {np.abs(fitted - exact).max():.1e}; of the shipped function in single precision "
        f"{error.max():.1e}, relative {(error / np.maximum(1, np.abs(x))).max():.1e}"
    )


if __name__ == "__main__":
    main()

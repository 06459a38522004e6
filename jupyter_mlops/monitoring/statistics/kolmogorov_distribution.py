"""A Kolmogorov-Smirnov distance and two sample sizes → the asymptotic p-value, digit for digit that of SciPy, without SciPy's slow import.

`scipy.stats.ks_2samp(method="asymp")` takes the exact distribution of the one-sample statistic at the rounded effective size
n m / (n + m). The branches and their limits are those of Simard and L'Ecuyer, "Computing the two-sided Kolmogorov-Smirnov distribution",
Journal of Statistical Software 39(11), 2011, as in SciPy's `_ksstats.py`.
"""

from __future__ import annotations

import math
from typing import Any

import numpy


def p_value(distance: float, n: int, m: int) -> float:
    """Give the probability of a distance at least as large when both samples come from one distribution.

    Parameters
    ----------
    distance : float
        D in [0, 1].
    n, m : int
        Sizes of the two samples; at least 1.

    Source
    ------
    Hodges 1958 for the effective size; Simard & L'Ecuyer 2011 for the distribution.
    """
    small, large = sorted((float(n), float(m)))
    return survival(int(numpy.round(small * large / (small + large))), distance)


def survival(n: int, x: float) -> float:
    """Give P(D_n > x) of the two-sided one-sample statistic for `n` values."""
    if n < 1:
        return 1.0  # one value on each side: SciPy gives NaN; a distance of 1 is certain then
    t = n * x
    if x >= 1.0:
        return 0.0
    if t <= 0.5:
        return 1.0
    if t <= 1.0:
        return _clip(1.0 - _ruben_gambino(n, t))
    if t >= n - 1:
        return _clip(2 * (1.0 - x) ** n)
    if x >= 0.5:
        return _twice_smirnov(n, x)
    square = t * x
    if n <= 140:
        if square > 4:
            return _twice_smirnov(n, x)
        return _clip(1.0 - (_durbin(n, x) if square <= 0.754693 else _pomeranz(n, x)))
    if square >= 370.0:
        return 0.0
    if square >= 2.2:
        return _twice_smirnov(n, x)
    return _clip(1.0 - (_durbin(n, x) if n <= 100000 and n * x**1.5 <= 1.4 else _pelz_good(n, x)))


def _clip(probability: float) -> float:
    return min(1.0, max(0.0, float(probability)))


def _twice_smirnov(n: int, x: float) -> float:
    """Twice the one-sided P(D⁺ > x), n x² ≥ 2.2: x Σⱼ C(n, j) (x + j/n)^(j−1) (1 − x − j/n)^(n−j).

    SciPy adds up all n terms: half a second for n = 500,000. The terms are a smooth function of j that vanishes at both ends, where the
    trapezoid rule converges faster than any power, so 2,048 of them are as good as all.
    """
    if n <= 20000:
        from scipy.special import smirnov

        return _clip(2 * smirnov(n, x))
    stride = n // 2048
    j: Any = numpy.arange(stride, math.floor(n * (1 - x)), stride, dtype=float)
    k: Any = n - j
    u = j / n
    stirling = (1 / n - 1 / j - 1 / k) / 12 - (n**-3.0 - j**-3 - k**-3) / 360
    powers = j * numpy.log1p(x / u) + k * numpy.log1p(-x / (1 - u))
    terms = numpy.exp(powers + stirling - numpy.log(x + u)) / numpy.sqrt(2 * math.pi * n * u * (1 - u))
    return _clip(2 * x * stride * terms.sum())


def _ruben_gambino(n: int, t: float) -> float:
    """1/2n ≤ x ≤ 1/n: n!/nⁿ (2t − 1)ⁿ."""
    if n <= 140:
        return float(numpy.prod(numpy.arange(1, n + 1) * (1.0 / n) * (2 * t - 1)))
    return math.exp(math.lgamma(n + 1) - n * math.log(n) + n * math.log(2 * t - 1)) if t > 0.5 else 0.0


def _durbin(n: int, x: float) -> float:
    """Marsaglia, Tsang and Wang 2003: an entry of the n-th power of Durbin's matrix, exponents kept apart."""
    k = math.ceil(n * x)
    h = k - n * x
    size = 2 * k - 1
    powers = numpy.arange(1, size + 1)
    factorials = numpy.cumprod(numpy.concatenate([[1.0], 1.0 / powers]))
    first = (1.0 - h**powers) * factorials[1:]
    first[-1] = (1.0 + max(2 * h - 1.0, 0.0) ** size - 2 * h**size) * factorials[size]
    matrix = numpy.zeros((size, size))
    for column in range(1, size):
        matrix[column - 1 :, column] = factorials[: size - column + 1]
    matrix[:, 0] = first
    matrix[-1, :] = first[::-1]
    result, exponent, matrix_exponent, left = numpy.eye(size), 0, 0, n
    while left:
        if left % 2:
            result, exponent = result @ matrix, exponent + matrix_exponent
        matrix, matrix_exponent, left = matrix @ matrix, matrix_exponent * 2, left // 2
        if abs(matrix[k - 1, k - 1]) > 2.0**128:
            matrix, matrix_exponent = matrix / 2.0**128, matrix_exponent + 128
    probability = result[k - 1, k - 1]
    for i in range(1, n + 1):
        probability = i * probability / n
        if abs(probability) < 2.0**-128:
            probability, exponent = probability * 2.0**128, exponent - 128
    return math.ldexp(probability, exponent)


def _pomeranz(n: int, x: float) -> float:
    """Pomeranz 1974: 2n + 1 convolutions with three Poisson-like rows."""
    t = n * x
    whole = math.floor(t)
    fraction = t - whole
    g = min(fraction, 1.0 - fraction)
    up, rounded = int(fraction > 0), int(fraction > 0.5)
    width = 2 * (whole + 1)
    orders = numpy.arange(1, width)
    rows = [numpy.cumprod(numpy.concatenate([[1.0], rate / orders])) for rate in (g / n, 2 * g / n, (1 - 2 * g) / n)]

    def ends(i: int) -> tuple[int, int]:
        half, odd = divmod(i + 1, 2)
        if i == 0:
            low, high = -whole - up - 1, whole + up - 1
        elif odd:
            low, high = half - 1 - whole - 1, half + whole + rounded - 1
        elif half == n + 1:
            low, high = n - whole - up - 1, n + whole + up - 1
        else:
            low, high = half - 1 - whole - rounded - 1, half + whole - 1 + up - 1
        return max(low + 2, 0), min(high, n)

    before, after = numpy.zeros(width), numpy.zeros(width)
    after[0] = 1.0
    start_before = start_after = exponent = 0
    j1, j2 = ends(0)
    for i in range(1, 2 * n + 2):
        k1, before, after, start_before, start_after = j1, after, before, start_after, start_before
        after.fill(0.0)
        j1, j2 = ends(i)
        weights = rows[0] if i in {1, 2 * n + 1} else rows[1] if i % 2 else rows[2]
        length = j2 - k1 + 1
        if length > 0:
            row = numpy.convolve(before[k1 - start_before : k1 - start_before + length], weights[:length])
            count = j2 - j1 + 1
            after[:count] = row[j1 - k1 : j1 - k1 + count]
            if 0 < after.max() < 2.0**-128:
                after, exponent = after * 2.0**128, exponent - 128
            start_after = start_before + j1 - k1
    answer = float(after[n - start_after])
    for i in range(1, n + 1):
        if abs(answer) > 2.0**128:
            answer, exponent = answer * 2.0**-128, exponent + 128
        answer *= i
    return math.ldexp(answer, exponent)


def _pelz_good(n: int, x: float) -> float:
    """Pelz and Good 1976: K₀(z) + K₁(z)/√n + K₂(z)/n + K₃(z)/n^1.5 with z = x√n."""
    z = math.sqrt(n) * x
    z2, pi2 = z * z, math.pi**2
    log_q = -pi2 / 8 / z2
    if log_q < -708:
        return 0.0
    q = math.exp(log_q)
    k2 = (6 * z**6 + 2 * z**4, (2 * z**4 - 5 * z2) * pi2 / 4, pi2**2 * (1 - 2 * z2) / 16)
    k3 = (
        -30 * z**6 - 90 * z**8,
        pi2 * (135 * z**4 - 96 * z**6) / 4,
        pi2**2 * (-60 * z2 + 212 * z**4) / 16,
        pi2**3 * (5 - 30 * z2) / 64,
    )
    terms = numpy.zeros(4)
    last = math.ceil(16 * z / math.pi)
    for k in range(last, 0, -1):
        m2 = (2 * k - 1) ** 2
        row = [1.0, -z2 + pi2 / 4 * m2, k2[0] + k2[1] * m2 + k2[2] * m2**2, k3[0] + k3[1] * m2 + k3[2] * m2**2 + k3[3] * m2**3]
        terms = terms * q ** (8 * k) + numpy.array(row)
    root = math.sqrt(2 * math.pi)
    terms *= q * root / numpy.array([z, 6 * z**4, 72 * z**7, 6480 * z**10])
    squares: Any = numpy.arange(last, 0, -1) ** 2
    weights = squares * math.exp(-pi2 / 2 / z2) ** squares
    terms[2] += weights.sum() * pi2 * root / (-36 * z**3)
    terms[3] += ((3 * z2 - pi2 * squares) * weights).sum() * pi2 * root / (216 * z**6)
    return float((terms / n ** (numpy.arange(4) / 2)).sum())

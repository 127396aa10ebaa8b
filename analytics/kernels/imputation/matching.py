"""Predictive mean matching and normal draws: a linear model in every imputation at once."""

from dataclasses import dataclass

import numpy as np

from analytics.kernels.imputation.step import Chance, Step
from analytics.kernels.types import Floats

_PRIOR = 1e-5
"""What a row of observation weighs in a coefficient's prior about 0: holds what no row holds."""
_LEAST_DEVIATION = 1e-12


@dataclass(frozen=True)
class PredictiveMeanMatching:
    """Take the value of one of the rows whose prediction is nearest.

    Matching is of type 1: rows with a value are predicted by the estimate, rows without one by
    coefficients drawn from their posterior. Groups without an order are first given the scores
    that the predictors tell best, the first canonical variate.

    Attributes
    ----------
    donors : int
        Among how many nearest rows chance decides.

    Notes
    -----
    As `mice.impute.pmm` (R's mice 3.15.0). Little, J. Bus. Econ. Stat. 6 (1988), 287-296,
    doi:10.1080/07350015.1988.10509663; five donors: Morris, White & Royston, BMC Med. Res.
    Methodol. 14 (2014), 75, doi:10.1186/1471-2288-14-75.
    """

    donors: int = 5

    def draw(self, step: Step) -> Floats:
        """Return values for the rows that lack one."""
        outcome = _canonical_scores(step) if step.is_nominal else step.y
        found, drawn, _ = draw_linear(step.known, outcome, step.chance)
        have, lack = _times(step.known, found), _times(step.wanted, drawn)
        if step.allowed is None:
            return self._matched(have, lack, step.y, step.chance)
        values = np.empty(lack.shape)
        patterns, pattern = np.unique(step.allowed, axis=0, return_inverse=True)
        for number, allowed in enumerate(patterns):
            own, may_give = pattern.ravel() == number, allowed[step.y.astype(np.intp)]
            values[:, own] = self._matched(
                have[:, may_give], lack[:, own], step.y[may_give], step.chance
            )
        return values

    def _matched(self, have: Floats, lack: Floats, y: Floats, chance: Chance) -> Floats:
        n, donors = have.shape[1], min(self.donors, have.shape[1])
        # Rows with equal predictions lie in a random order: any of them may be among the nearest.
        order = np.lexsort((chance.uniforms(n), have), axis=1)
        have = np.take_along_axis(have, order, axis=1)
        at = np.array([np.searchsorted(*pair) for pair in zip(have, lack, strict=True)])
        width = min(2 * donors, n)
        window = np.clip(at - donors, 0, n - width)[..., None] + np.arange(width)
        flat = window.reshape(len(have), -1)
        far = np.abs(
            np.take_along_axis(have, flat, axis=1).reshape(window.shape) - lack[..., None]
        )
        nearest = np.argpartition(far, donors - 1, axis=-1)[..., :donors]
        picked = (chance.uniforms(lack.shape[1]) * donors).astype(np.intp)[..., None]
        one = np.take_along_axis(nearest, picked, axis=-1)
        row = np.take_along_axis(window, one, axis=-1)[..., 0]
        return y[np.take_along_axis(order, row, axis=1)]


@dataclass(frozen=True)
class NormalDraw:
    """Draw from a linear model with normal errors, kept within limits.

    For a measurement with few donors in its tail, on a scale on which its errors are normal;
    `least` and `most` are that scale's possible values.
    """

    least: float = -np.inf
    most: float = np.inf

    def draw(self, step: Step) -> Floats:
        """Return values for the rows that lack one."""
        from scipy.special import ndtr, ndtri  # noqa: PLC0415  # a tenth of a second at start

        _, drawn, deviation = draw_linear(step.known, step.y, step.chance)
        centre, deviation = _times(step.wanted, drawn), np.maximum(deviation, _LEAST_DEVIATION)
        low, high = ((end - centre) / deviation[:, None] for end in (self.least, self.most))
        # From the tail that keeps its digits: between two large z-scores, both shares round to 1.
        sign = np.where(low > 0, -1.0, 1.0)
        first, last = ndtr(np.where(sign > 0, low, -high)), ndtr(np.where(sign > 0, high, -low))
        share = first + step.chance.uniforms(centre.shape[1]) * (last - first)
        share = np.maximum(share, np.finfo(np.float64).tiny)
        values = centre + deviation[:, None] * sign * ndtri(share)
        return np.clip(values, self.least, self.most)


def draw_linear(x: Floats, y: Floats, chance: Chance) -> tuple[Floats, Floats, Floats]:
    """Fit linear models and draw from their posterior under the usual vague prior.

    Parameters
    ----------
    x : array of shape (m, n, q)
    y : array of shape (n,) or (m, n)

    Returns
    -------
    found : array of shape (m, q)
        The estimates.
    drawn : array of shape (m, q)
        One draw of the coefficients each.
    deviation : array of shape (m,)
        The residual standard deviation that was drawn with them.
    """
    _, n, q = x.shape
    crossed = x.transpose(0, 2, 1)
    information = crossed @ x + _PRIOR * n * np.eye(q)
    outcome = np.broadcast_to(y, x.shape[:2])
    found = np.linalg.solve(information, crossed @ outcome[..., None])[..., 0]
    left = ((outcome - _times(x, found)) ** 2).sum(axis=1)
    deviation = np.sqrt(left / chance.chi_squares(max(n - q, 1)))
    drawn = found + deviation[:, None] * spread(information, chance)
    return found, drawn, deviation


def spread(information: Floats, chance: Chance) -> Floats:
    """Draw normal vectors (m, q) about 0 whose covariances are the inverses of `information`."""
    back = np.linalg.cholesky(information).transpose(0, 2, 1)
    drawn = np.linalg.solve(back, chance.normals(back.shape[1])[..., None])
    return np.asarray(drawn[..., 0], dtype=np.float64)


def _times(x: Floats, coefficients: Floats) -> Floats:
    return (x @ coefficients[..., None])[..., 0]


def _canonical_scores(step: Step) -> Floats:
    """Return every row's score (m, n): the first canonical variate of the level on predictors."""
    x, at = step.known, step.y.astype(np.intp)
    indicators = np.eye(step.levels)[at]
    counts = indicators.sum(axis=0)
    roots = np.sqrt(np.where(counts > 0, counts, np.inf))
    crossed = x.transpose(0, 2, 1)
    products = crossed @ ((indicators - counts / len(at)) / roots)
    information = crossed @ x + _PRIOR * len(at) * np.eye(x.shape[2])
    told = products.transpose(0, 2, 1) @ np.linalg.solve(information, products)
    _, vectors = np.linalg.eigh(told)
    return (vectors[..., -1] / roots)[:, at]

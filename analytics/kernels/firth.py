"""Firth's penalised logistic regression, for few events and for separated outcomes.

The log likelihood is raised by half the log determinant of the Fisher information, Jeffreys'
prior. That takes the first term of the bias away, and a finite maximum exists even where columns
separate the outcomes. Tests and intervals compare maxima of the same penalised likelihood over
the coefficients that are left free: the columns that are tested stay in the penalty, as in R's
`logistf`. An interval therefore leaves out 0 exactly where the test of its column says so.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analytics.kernels.types import COLLINEAR, MISSING, NO_CONVERGENCE, ONE_LEVEL, FitError, Floats

Flags = NDArray[np.bool_]

_MOST_STEPS = 100
_MOST_HALVINGS = 30
_STILL = 1e-10
"""No coefficient moves by more, per standard deviation of its column, once it has settled."""
_NEARLY_STILL = 1e-6
"""Enough where only the height of a top is asked for, which is flat there."""
_SLOW = 0.3
"""The share of the last step's length above which steps, after the first, shorten too slowly."""
_FIRST_STEPS = 2
_HIGHER = 1e-6
"""A place that is higher by more shows that the estimate is not the highest."""
_PRODUCTS_SUFFICE = 1e-3
"""The least pivot of the information, beside its largest, for which sums of products will do."""
_LEAST_SIZE = 1e-100
_MOST_TRIALS = 60
_LEAST_RANK = 1e-10
_ROWS_AT_ONCE = 65_536
_TWO_LEVELS = 2


@dataclass(frozen=True, eq=False)
class FirthFit:
    """A fitted penalised logistic model.

    Attributes
    ----------
    coefficients : array of shape (p,)
        Log odds of the outcome 1 per unit of each column.
    intercept : float
    covariance : array of shape (p + 1, p + 1)
        Inverse Fisher information at the estimate, intercept first.
    log_likelihood : float
        Penalised.
    n : float
        Observations, weights counted.
    iterations : int
    """

    coefficients: Floats
    intercept: float
    covariance: Floats
    log_likelihood: float
    n: float
    iterations: int
    _problem: "_Problem"
    _top: "_Top"

    @property
    def standard_errors(self) -> Floats:
        """Return the standard errors of the coefficients."""
        return np.sqrt(np.diag(self.covariance)[1:])

    def interval(self, column: int, level: float = 0.95) -> tuple[float, float]:
        """Return the profile interval of a coefficient from the penalised likelihood.

        Parameters
        ----------
        column : int
            Which column of the design, from 0.
        level : float
            Confidence level, above 0 and below 1.

        Returns
        -------
        tuple of float
            Lower and upper limit; both are finite.

        Raises
        ------
        FitError
            If a limit does not settle, or a place higher than the estimate is met on the way.
        """
        from scipy.special import ndtri  # noqa: PLC0415  # a tenth of a second that few need

        if not 0 < level < 1:
            msg = "A confidence level lies between 0 and 1."
            raise ValueError(msg)
        place = self._places([column])[0]
        scale = self._problem.scale[column]
        distance = float(ndtri((1 + level) / 2))
        low, high = (
            _limit(self._problem, self._top, place, side * distance) / scale for side in (-1, 1)
        )
        return float(low), float(high)

    def likelihood_ratio(self, columns: int | Sequence[int]) -> tuple[float, int, float]:
        """Return the penalised likelihood-ratio test that coefficients are 0.

        Parameters
        ----------
        columns : int or sequence of int
            Which columns of the design, from 0; several are tested at once.

        Returns
        -------
        tuple
            Statistic, degrees of freedom, p-value from the chi-squared distribution.

        Raises
        ------
        FitError
            If the steps do not settle, or the restricted fit is higher than the estimate.
        """
        from scipy.special import chdtrc  # noqa: PLC0415  # a tenth of a second that few need

        fixed = self._places([columns] if isinstance(columns, int) else columns)
        lower = _top_where(self._problem, self._top, fixed, np.zeros(len(fixed)))
        _refuse_higher(lower, self._top)
        statistic = max(2 * (self._top.value - lower.value), 0.0)
        return statistic, len(fixed), float(chdtrc(len(fixed), statistic))

    def p_value(self, columns: int | Sequence[int]) -> float:
        """Return the p-value of the penalised likelihood-ratio test that coefficients are 0."""
        return self.likelihood_ratio(columns)[2]

    def _places(self, columns: Sequence[int]) -> list[int]:
        places = sorted({int(column) for column in columns})
        if not places or places[0] < 0 or places[-1] >= len(self.coefficients):
            msg = f"Columns are numbered from 0 to {len(self.coefficients) - 1}."
            raise ValueError(msg)
        return [place + 1 for place in places]


def fit_firth(design: ArrayLike, outcome: ArrayLike, weights: ArrayLike | None = None) -> FirthFit:
    """Fit logistic regression by Firth's penalised likelihood.

    Parameters
    ----------
    design : array of shape (n, p)
        Columns without an intercept; p may be 0.
    outcome : array of shape (n,)
        0 or 1.
    weights : array of shape (n,), optional
        How often each row counts, >= 0.

    Returns
    -------
    FirthFit

    Raises
    ------
    FitError
        If the outcome has one level, a column does not vary or repeats others, a value is
        missing, or the steps do not settle.
    ValueError
        If the shapes do not fit, an outcome is neither 0 nor 1, or a weight is negative.

    Notes
    -----
    David Firth, Bias reduction of maximum likelihood estimates, Biometrika 80 (1993),
    doi:10.1093/biomet/80.1.27; intervals and tests as Georg Heinze and Michael Schemper, A
    solution to the problem of separation in logistic regression, Statistics in Medicine 21
    (2002), doi:10.1002/sim.1047. Coefficients agree with R's `brglm2` 0.9 to 1e-8 and standard
    errors to 1e-7, limits to 1e-6 with a profile written out in R (tests/oracle/firth.R).

    Where columns separate the outcomes completely, few rows near the border can make a second top
    of the penalised likelihood. The estimate is the one reached from the intercept alone, and
    each limit the crossing that is reached from there.

    Examples
    --------
    >>> fit = fit_firth([[0], [0], [0], [1], [1], [1]], [0, 0, 0, 1, 1, 1])
    >>> round(float(fit.coefficients[0]), 6)  # the log of (3.5 / 0.5) / (0.5 / 3.5)
    3.89182
    """
    problem = _Problem.of(design, outcome, weights)
    top, iterations = _climb(problem, problem.start(), np.ones(problem.size, dtype=bool), _STILL)
    scaled = top.at[1:] / problem.scale
    # Back from centred, scaled columns: the intercept moves by what the centre adds.
    back = np.diag(np.concatenate([[1.0], 1 / problem.scale]))
    back[0, 1:] = -problem.centre / problem.scale
    covariance = back @ np.linalg.inv(top.information) @ back.T
    return FirthFit(
        coefficients=scaled,
        intercept=float(top.at[0] - problem.centre @ scaled),
        covariance=(covariance + covariance.T) / 2,
        # Dividing a column by s divides the information's determinant by s**2, and the penalty is
        # half the logarithm of that: it is put back. Centring leaves the determinant alone.
        log_likelihood=top.value + float(np.log(problem.scale).sum()),
        n=float(problem.weights.sum()),
        iterations=iterations,
        _problem=problem,
        _top=top,
    )


class _Top(NamedTuple):
    """A place of the penalised likelihood and what it is like there.

    `turn` makes columns for which the information is the identity.
    """

    at: Floats
    value: float
    score: Floats
    information: Floats
    turn: Floats


@dataclass(frozen=True, eq=False)
class _Problem:
    """Rows to fit: an intercept and centred, scaled columns."""

    columns: Floats
    outcome: Floats
    weights: Floats
    centre: Floats
    scale: Floats

    @classmethod
    def of(cls, design: ArrayLike, outcome: ArrayLike, weights: ArrayLike | None) -> "_Problem":
        x, y = np.asarray(design, dtype=float), np.asarray(outcome, dtype=float)
        w = np.ones(len(y)) if weights is None else np.asarray(weights, dtype=float)
        if x.ndim != 2 or y.shape != (len(x),) or w.shape != y.shape or (w < 0).any():  # noqa: PLR2004
            msg = "A design (n, p), an outcome (n,) and weights (n,) >= 0 are needed."
            raise ValueError(msg)
        if not (np.isfinite(x).all() and np.isfinite(y).all() and np.isfinite(w).all()):
            raise FitError(MISSING)
        if not np.isin(y, (0, 1)).all():
            msg = "An outcome is 0 or 1."
            raise ValueError(msg)
        if (w == 0).any():
            x, y, w = x[w > 0], y[w > 0], w[w > 0]
        if len(np.unique(y)) < _TWO_LEVELS:
            raise FitError(ONE_LEVEL)
        total = w.sum()
        centre = w @ x / total
        x = x - centre
        scale = np.sqrt(w @ x**2 / total)
        # Centring leaves a constant column rounding, about 1e-16 of its size, and seldom 0.
        if (scale <= 1e-12 * (np.abs(centre) + np.abs(x).max(axis=0, initial=0))).any():
            raise FitError(COLLINEAR)
        x = x / scale
        square = (x * w[:, None]).T @ x
        if x.shape[1] and np.linalg.eigvalsh(square)[0] <= _LEAST_RANK * total:
            raise FitError(COLLINEAR)
        return cls(np.column_stack([np.ones(len(x)), x]), y, w, centre, scale)

    @property
    def size(self) -> int:
        return self.columns.shape[1]

    def start(self) -> Floats:
        """Return the penalised fit of the intercept alone."""
        total, events = self.weights.sum(), self.weights @ self.outcome
        start = np.zeros(self.size)
        # Jeffreys' prior of one proportion is half an event and half a non-event more.
        start[0] = np.log((events + 0.5) / (total - events + 0.5))
        return start

    def stretches(self, times: int = 1) -> Iterator[slice]:
        """Cut the rows into stretches, `times` shorter where much is kept of each row."""
        rows = max(_ROWS_AT_ONCE // times, 1)
        for start in range(0, len(self.outcome), rows):
            yield slice(start, start + rows)


def _evaluate(problem: _Problem, at: Floats) -> _Top | None:
    """Return value, modified score and Fisher information, None where the last is singular."""
    value, information = 0.0, np.zeros((problem.size, problem.size))
    shares, spreads = np.empty((2, len(problem.outcome)))
    for rows in problem.stretches():
        x, y, w = problem.columns[rows], problem.outcome[rows], problem.weights[rows]
        predictor = x @ at
        shares[rows], spreads[rows] = _shares(predictor)
        against = np.where(y > 0, -predictor, predictor)
        value -= float(w @ (np.maximum(against, 0) + np.log1p(np.exp(-np.abs(predictor)))))
        information += (x * (w * spreads[rows])[:, None]).T @ x
    triangle = _triangle(problem, information, problem.weights * spreads)
    if triangle is None:
        return None
    value += float(np.log(np.abs(np.diag(triangle))).sum())
    turn: Floats = np.linalg.inv(triangle).astype(float)
    score = np.zeros(problem.size)
    for rows in problem.stretches():
        x, y, w = problem.columns[rows], problem.outcome[rows], problem.weights[rows]
        turned = x @ turn
        leverage = np.einsum("ij,ij->i", turned, turned) * w * spreads[rows]
        # As if each row brought half its leverage in further events, and half in non-events.
        score += (w * (y - shares[rows]) + leverage * (0.5 - shares[rows])) @ x
    return _Top(at, value, score, information, turn)


def _triangle(problem: _Problem, information: Floats, spreads: Floats) -> Floats | None:
    """Return R with R'R the information, None where that is singular.

    Far out, where outcomes are separated, rows weigh so differently that their products have
    lost the digits that the determinant needs: R then comes from the rows themselves.
    """
    try:
        triangle: Floats = np.linalg.cholesky(information).T.astype(float)
    except np.linalg.LinAlgError:
        triangle = np.zeros_like(information)
    sizes = np.abs(np.diag(triangle))
    if sizes.min() < _PRODUCTS_SUFFICE * sizes.max() or not sizes.all():
        rows = problem.columns * np.sqrt(spreads)[:, None]
        triangle = np.asarray(np.linalg.qr(rows, mode="r"), dtype=float)
        sizes = np.abs(np.diag(triangle))
    return triangle if sizes.min() > _LEAST_SIZE else None


def _shares(predictor: Floats) -> tuple[Floats, Floats]:
    """Return p and p (1 - p), without overflow and without losing digits in either tail."""
    small = np.exp(-np.abs(predictor))
    return np.where(predictor >= 0, 1, small) / (1 + small), small / (1 + small) ** 2


def _curvature(problem: _Problem, top: _Top) -> Floats:
    """Return minus the second derivatives of the penalised likelihood.

    The first derivative of the penalty is half the trace of I^-1 I_k, with I_k that of the
    information; the second follows by the rules for inverses. Columns that turn I into the
    identity leave traces of products, which are sums of products of entries.
    """
    size = problem.size
    curve, bends = top.information.copy(), np.zeros((size, size * size))
    for rows in problem.stretches(size * size):
        x = problem.columns[rows]
        share, spread = _shares(x @ top.at)
        turned = x @ top.turn
        weights = problem.weights[rows] * spread
        leverage = np.einsum("ij,ij->i", turned, turned) * weights
        curve -= (x * (leverage * (0.5 - 3 * spread))[:, None]).T @ x
        pairs = (turned[:, :, None] * turned[:, None, :]).reshape(len(x), -1)
        bends += (x * (weights * (1 - 2 * share))[:, None]).T @ pairs
    return curve + bends @ bends.T / 2


def _climb(problem: _Problem, start: Floats, free: Flags, still: float) -> tuple[_Top, int]:
    """Climb over the free coefficients; return the top and the number of steps.

    Fisher's steps are cheap, and few where the penalty is small beside the likelihood. Where
    they hardly shorten, Newton's are taken.
    """
    here = _evaluate(problem, start)
    if here is None:
        raise FitError(NO_CONVERGENCE)
    length, is_slow = np.inf, False
    for steps in range(1, _MOST_STEPS + 1):
        step = _step(here, _curvature(problem, here) if is_slow else here.information, free)
        is_slow = is_slow or (steps > _FIRST_STEPS and np.abs(step).max() > _SLOW * length)
        # Before halving: a step that is short because it was halved has not settled.
        length = np.abs(step).max()
        for _ in range(_MOST_HALVINGS):
            there = _evaluate(problem, here.at + step)
            if there is not None and there.value >= here.value - 1e-12 * (1 + abs(here.value)):
                break
            step = step / 2
        else:
            raise FitError(NO_CONVERGENCE)
        here = there
        if length < still:
            return here, steps
    raise FitError(NO_CONVERGENCE)


def _step(here: _Top, curvature: Floats, free: Flags) -> Floats:
    """Return the step uphill over the free coefficients."""
    step, square = np.zeros(len(free)), np.ix_(free, free)
    try:
        np.linalg.cholesky(curvature[square])
    except np.linalg.LinAlgError:
        # Not a hill here: the information always makes one.
        curvature = here.information
    step[free] = np.linalg.solve(curvature[square], here.score[free])
    return step


def _top_where(problem: _Problem, near: _Top, fixed: list[int], values: Floats) -> _Top:
    """Return the top where some coefficients are fixed, climbing from one near by."""
    free = np.ones(problem.size, dtype=bool)
    free[fixed] = False
    start = near.at.copy()
    start[fixed] = values
    if free.any():
        # The free ones move as a parabola with the information at the near top would have them.
        pull = near.information[np.ix_(free, ~free)] @ (values - near.at[fixed])
        start[free] -= np.linalg.solve(near.information[np.ix_(free, free)], pull)
    if _evaluate(problem, start) is None:
        start[free] = near.at[free]
    return _climb(problem, start, free, _NEARLY_STILL)[0]


def _refuse_higher(found: _Top, top: _Top) -> None:
    if found.value > top.value + _HIGHER:
        raise FitError(NO_CONVERGENCE)


def _limit(problem: _Problem, top: _Top, place: int, distance: float) -> float:
    """Return where the signed root of the profile's fall, twice counted, is `distance`.

    The root is nearly a straight line, so that Newton's steps on it are few; a step that leaves
    the stretch in which the limit is known to lie is replaced by its middle.
    """
    side = np.sign(distance)
    inside, outside = float(top.at[place]), side * np.inf
    # Wald's limit is tried first; it is the answer where the likelihood is a parabola.
    width = np.sqrt(np.linalg.inv(top.information)[place, place])
    trial, near = inside + distance * width, top
    for _ in range(_MOST_TRIALS):
        near = _top_where(problem, near, [place], np.array([trial]))
        _refuse_higher(near, top)
        root = side * np.sqrt(2 * max(top.value - near.value, 0.0))
        if side * root < side * distance:
            inside = trial
        else:
            outside = trial
        slope = -near.score[place] / root if root else 0.0
        # A root that grows the wrong way is noise beside the top.
        step = (distance - root) / slope if slope > 0 else side * width
        # Newton squares what is left, so that this step is the last.
        if abs(step) < _NEARLY_STILL * width:
            return trial + step
        # Where outcomes are separated, the fall is nearly flat far out: no leap there.
        trial += side * min(side * step, abs(trial - top.at[place]))
        if not min(inside, outside) < trial < max(inside, outside):
            trial = (inside + outside) / 2 if np.isfinite(outside) else inside + 2 * side * width
    raise FitError(NO_CONVERGENCE)

"""Shrinkage of several estimates toward their mean, with a prior on how far they lie apart."""

from dataclasses import dataclass

import numpy as np

from analytics.kernels.types import Floats

_STEPS = 400
_HALVINGS = 60
_BEYOND = 9.0


@dataclass(frozen=True, eq=False)
class Shrunken:
    """What is to be believed of the true effects behind some estimates.

    Attributes
    ----------
    values, lows, highs : array of shape (k,)
        Posterior mean of each true effect, and the ends of its central posterior interval.
    """

    values: Floats
    lows: Floats
    highs: Floats


@dataclass(frozen=True, eq=False)
class _Mixture:
    """The posterior of k true effects: normal given their spread, mixed over m spreads.

    Attributes
    ----------
    weights : array of shape (m,)
    means, errors : array of shape (m, k)
    """

    weights: Floats
    means: Floats
    errors: Floats


def shrink(values: Floats, errors: Floats, prior: float, level: float) -> Shrunken:
    """Shrink estimates toward their mean.

    Parameters
    ----------
    values, errors : array of shape (k,)
        k > 1 estimates and their standard errors, > 0.
    prior : float
        The scale of the half-normal prior on tau, the standard deviation of the true effects.
    level : float
        Of the intervals, such as 0.95.

    Notes
    -----
    Estimates are normal around true effects, these normal with standard deviation tau around a
    mean of which nothing is known beforehand (a flat prior). Given tau everything is normal; what
    is reported is averaged over the posterior of tau. A plug-in of one estimated tau would not do:
    of few groups it is often 0, which says that all true effects are the same, and all intervals
    would be that of the mean.

    The average over tau is a trapezoidal sum in u, where tau = smallest error * sinh(u): even in
    u and falling as the prior does, so it converges exponentially. Source: Röver, J Stat Softw
    2020;93(6):1-51.

    Examples
    --------
    >>> found = shrink(np.array([0.0, 4.0]), np.array([1.0, 1.0]), 0.5, 0.95)
    >>> found.values.round(2).tolist()
    [1.47, 2.53]
    """
    spreads = _spreads(values, errors, prior)
    posterior = _posterior(values, errors, prior, spreads)
    tail = (1 - level) / 2
    return Shrunken(
        posterior.weights @ posterior.means,
        _quantile(posterior, tail),
        _quantile(posterior, 1 - tail),
    )


def _spreads(values: Floats, errors: Floats, prior: float) -> tuple[Floats, Floats]:
    """Return values of tau that cover its posterior, and the width of each."""
    # Far estimates outweigh the prior: tau then is near the root of prior times their distance.
    distance = float(np.linalg.norm(values - values.mean())) / prior
    most = prior * (_BEYOND + np.sqrt(distance))
    unit = float(errors.min())
    u = np.linspace(0.0, np.arcsinh(most / unit), _STEPS + 1)
    widths = np.cosh(u)
    widths[0] /= 2
    return unit * np.sinh(u), widths


def _posterior(
    values: Floats, errors: Floats, prior: float, spreads: tuple[Floats, Floats]
) -> _Mixture:
    tau, widths = spreads
    squares = (tau**2)[:, None]
    precisions = 1 / (errors**2 + squares)
    total = precisions.sum(axis=1)
    centre = precisions @ values / total
    misfit = (precisions * (values - centre[:, None]) ** 2).sum(axis=1)
    logs = 0.5 * (np.log(precisions).sum(axis=1) - np.log(total) - misfit - (tau / prior) ** 2)
    weights = widths * np.exp(logs - logs.max())
    taken = precisions * errors**2
    means = values - taken * (values - centre[:, None])
    variances = (1 - taken) * errors**2 + taken**2 / total[:, None]
    return _Mixture(weights / weights.sum(), means, np.sqrt(variances))


def _quantile(posterior: _Mixture, share: float) -> Floats:
    """Return below what each true effect lies with some probability, by bisection."""
    from scipy.special import ndtr, ndtri  # noqa: PLC0415  # a tenth of a second that few need

    # The quantile of a mixture lies between the smallest and the largest of its parts.
    ends = posterior.means + ndtri(share) * posterior.errors
    low, high = ends.min(axis=0), ends.max(axis=0)
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        reached = posterior.weights @ ndtr((middle - posterior.means) / posterior.errors)
        low, high = np.where(reached < share, middle, low), np.where(reached < share, high, middle)
    return (low + high) / 2

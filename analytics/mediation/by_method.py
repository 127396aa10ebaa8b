"""How much is explained, by every method: the same patients, different definitions."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from analytics.formatting import format_number
from analytics.kernels.batched import proportional_odds_together
from analytics.kernels.bootstrap_intervals import percentile_interval
from analytics.kernels.influence import influence_on_cumulative_logits
from analytics.kernels.proportional_odds import ProportionalOddsFit, fit_proportional_odds
from analytics.kernels.types import FitError, Floats
from analytics.mediation.methods import (
    FIRST_ORDER,
    INTERVENTIONAL,
    NATURAL_EFFECTS,
    PROPORTION_EXPLAINED,
    PUBLISHED_WAY,
    QUASI_BAYES,
)
from analytics.mediation.models import MediationRows
from analytics.mediation.plan import RECANALIZATION, MediationPlan, Progress
from analytics.mediation.samples import (
    TOO_FEW,
    PotentialOutcomes,
    are_enough,
    is_followed,
    require_patients,
    resampled,
    said_of_samples,
    sample_potential_outcomes,
)
from analytics.mediation.scores import Effects, effects_between, scores_of
from analytics.method import in_manuscript
from analytics.models.design import estimable_design
from analytics.results import Absent, Account, AnalysisError, Estimate
from analytics.trial import LEVEL
from analytics.wording import excludes, not_randomised
from data.cohort import Cohort

_TWO = 2
NO_ODDS = "not shown: the interval of the common odds ratio includes 1"


@dataclass(frozen=True)
class Explained:
    """One answer to how much infarct volume explains.

    Attributes
    ----------
    id, label : str
        Stable, and for the reader.
    definition : str
        What is divided by what.
    n : int
        Patients; 0 where there is no answer.
    total, indirect : Estimate or Absent
        On the plan's scale; for the published way the common odds ratios without and with volume.
    share : Estimate or Absent
        Percent.
    """

    id: str
    label: str
    definition: str
    n: int
    total: Estimate | Absent
    indirect: Estimate | Absent
    share: Estimate | Absent


@dataclass(frozen=True)
class MediationByMethod:
    """Every method's answer on the same plan."""

    plan: MediationPlan
    rows: tuple[Explained, ...]
    account: Account


def explain_by_every_method(
    cohort: Cohort,
    plan: MediationPlan = MediationPlan(),  # noqa: B008
    progress: Progress | None = None,
) -> MediationByMethod:
    """Compute the share explained by every method on the same plan.

    Parameters
    ----------
    cohort : Cohort
        The patients that the reader chose.
    plan : MediationPlan
        Its interval is that of natural and interventional effects, as on the rest of the page.
    progress : callable, optional
        Is told the share of the work that is done.

    Raises
    ------
    AnalysisError
        If natural effects cannot be computed; another method that cannot says why in its row.
    """
    told = _Shared(progress, 4)
    potential_outcomes = sample_potential_outcomes(cohort, plan, told.next())
    rows = _rows(cohort, plan, potential_outcomes, told)
    account = Account(
        flow=potential_outcomes.design.flow,
        method=in_manuscript(
            *(NATURAL_EFFECTS, plan.interval_kind.method, PROPORTION_EXPLAINED),
            *(() if plan.interval_kind.is_drawn else (QUASI_BAYES,)),
            *((FIRST_ORDER,) if potential_outcomes.is_first_order else ()),
            *(INTERVENTIONAL, PUBLISHED_WAY),
        ),
        finding=_finding(rows),
        warnings=(
            *not_randomised(cohort),
            *potential_outcomes.design.notes,
            *said_of_samples(potential_outcomes),
            (
                "Odds ratios are not collapsible: the published way changes with any variable in "
                "the model and is no share of an effect."
            ),
        ),
        recipe="explain_by_every_method(cohort)"
        if plan.is_default
        else f"explain_by_every_method(cohort, {plan!r})",
    )
    return MediationByMethod(plan, rows, account)


def _rows(
    cohort: Cohort, plan: MediationPlan, own: PotentialOutcomes, told: "_Shared"
) -> tuple[Explained, ...]:
    """Return every method's answer; natural effects of the plan are there already."""
    other = replace(plan, interaction=not plan.interaction)
    quasi = replace(plan, interval="quasi_bayes")
    natural = f"Natural indirect over total effect on {plan.compared_on.words}"
    return (
        _row(
            _natural(plan),
            natural,
            lambda: (effects_between(scores_of(own, plan.scale)), own.design.n),
        ),
        _row(_natural(other), natural, lambda: _effects(cohort, other, told.next())),
        *(
            ()
            if plan == quasi
            else (
                _row(
                    ("quasi-bayes", "Natural effects, quasi-Bayesian"),
                    "The same, intervals by draws of the coefficients",
                    lambda: _effects(cohort, quasi),
                ),
            )
        ),
        _row(
            ("interventional", "Interventional effects"),
            "Interventional indirect over overall effect, given recanalization",
            lambda: _effects(cohort, plan, told.next(), (RECANALIZATION,)),
        ),
        _published_way(cohort, plan, told.next()),
    )


@dataclass
class _Shared:
    """Divides one progress between several parts of the work."""

    progress: Progress | None
    parts: int
    done: int = -1

    def next(self) -> Progress | None:
        """Return the progress of the next part."""
        self.done += 1
        if self.progress is None:
            return None
        told, done, parts = self.progress, self.done, self.parts
        return lambda share: told((done + share) / parts)


def _effects(
    cohort: Cohort,
    plan: MediationPlan,
    progress: Progress | None = None,
    through: tuple[str, ...] = (),
) -> tuple[Effects, int]:
    potential_outcomes = sample_potential_outcomes(cohort, plan, progress, through)
    return effects_between(scores_of(potential_outcomes, plan.scale)), potential_outcomes.design.n


def _natural(plan: MediationPlan) -> tuple[str, str]:
    """Return the name and the label of natural effects with or without the interaction."""
    if plan.interaction:
        return "natural-interaction", "Natural effects, with interaction"
    return "natural", "Natural effects, without interaction"


def _row(
    named: tuple[str, str], definition: str, compute: Callable[[], tuple[Effects, int]]
) -> Explained:
    """Return one method's answer, or why it has none."""
    name, label = named
    try:
        effects, n = compute()
    except AnalysisError as error:
        why = Absent(str(error))
        return Explained(name, label, definition, 0, why, why, why)
    total, indirect, share = effects.total, effects.indirect, effects.proportion
    return Explained(name, label, definition, n, total, indirect, share)


def _published_way(cohort: Cohort, plan: MediationPlan, progress: Progress | None) -> Explained:
    """Return how the log common odds ratio changes when volume enters the model."""
    name, label = "published-way", "Published way: log odds ratios"
    definition = (
        "1 - log common odds ratio with volume / log common odds ratio without; percentile "
        "bootstrap"
    )
    try:
        without, given, share, n = _odds_ratios(cohort, plan, progress)
    except AnalysisError as error:
        why = Absent(str(error))
        return Explained(name, label, definition, 0, why, why, why)
    return Explained(name, label, definition, n, without, given, share)


def _odds_ratios(
    cohort: Cohort, plan: MediationPlan, progress: Progress | None
) -> tuple[Estimate, Estimate, Estimate | Absent, int]:
    """Return the arm's common odds ratio without and with volume, and the share explained."""
    ordinal = replace(plan, outcome="proportional_odds", interaction=False)
    design = estimable_design(cohort, ordinal.formula())
    rows = MediationRows.of(design, ordinal)
    require_patients(cohort, rows, ordinal)
    given, places = rows.outcome_columns, rows.places
    alone = np.delete(given, 1, axis=1)
    try:
        fits = [fit_proportional_odds(x, places, rows.weights) for x in (alone, given)]
    except FitError as error:
        msg = f"The common odds ratio cannot be estimated: {error}"
        raise AnalysisError(msg) from error
    if is_followed(rows):
        samples = _followed_logs(rows, (alone, given), fits, plan, progress)
    else:
        samples = _refitted_logs(rows, (alone, given), fits, plan, progress)
    point = np.array([-fit.coefficients[0] for fit in fits])
    without, with_volume = (
        _odds_ratio(float(point[i]), samples[:, i], plan.replicates) for i in (0, 1)
    )
    return without, with_volume, _share_of_logs(without, point, samples), design.n


def _refitted_logs(
    rows: MediationRows,
    columns: Sequence[Floats],
    fits: Sequence[ProportionalOddsFit],
    plan: MediationPlan,
    progress: Progress | None,
) -> Floats:
    """Return the arm's log odds of a better outcome in samples, (r, 2), fitted to each."""
    cuts, logs = len(rows.levels) - 1, []
    for drawn in resampled(rows, plan, progress):
        both = [
            proportional_odds_together(
                x, rows.places, drawn, np.concatenate([fit.thresholds, fit.coefficients]), [0]
            )
            for x, fit in zip(columns, fits, strict=True)
        ]
        finite = both[0][1] & both[1][1]
        logs.append(np.column_stack([-found[finite, cuts] for found, _ in both]))
    return np.concatenate(logs)


def _followed_logs(
    rows: MediationRows,
    columns: Sequence[Floats],
    fits: Sequence[ProportionalOddsFit],
    plan: MediationPlan,
    progress: Progress | None,
) -> Floats:
    """Return the arm's log odds of a better outcome in samples, (r, 2), to first order."""
    cuts = len(rows.levels) - 1
    point = np.array([-fit.coefficients[0] for fit in fits])
    outcome = rows.places.astype(float)
    added = np.column_stack(
        [-influence_on_cumulative_logits(x, outcome, rows.weights)[:, cuts] for x in columns]
    )
    batches = resampled(rows, plan, progress)
    return np.concatenate([point + (drawn - rows.weights) @ added for drawn in batches])


def _odds_ratio(log: float, samples: Floats, asked: int) -> Estimate:
    value = float(np.exp(log))
    if not are_enough(len(samples), asked):
        return Estimate(value, None, None, LEVEL, TOO_FEW, decimals=2)
    low, high = np.exp(percentile_interval(samples)).tolist()
    return Estimate(value, low, high, LEVEL, decimals=2)


def _share_of_logs(without: Estimate, point: Floats, samples: Floats) -> Estimate | Absent:
    if without.low is None or without.high is None:
        return Absent(without.without_interval)
    if without.low <= 1 <= without.high:
        return Absent(NO_ODDS)
    low, high = percentile_interval(100 * (1 - samples[:, 1] / samples[:, 0]))
    return Estimate(100 * (1 - float(point[1] / point[0])), low, high, LEVEL, decimals=0)


def _finding(rows: Sequence[Explained]) -> str:
    shares = [(row.share.value, row.label) for row in rows if isinstance(row.share, Estimate)]
    if not shares:
        return (
            "No method gives a share explained in these patients: their total effect may be none."
        )
    (low, one), (high, other) = min(shares), max(shares)
    some = sum(1 for row in rows if isinstance(row.share, Estimate) and excludes(row.share))
    if len(shares) == 1:
        told = "excludes none" if some else "includes none, so it shows no share explained"
        return (
            f"Only one method gives a share, {one[0].lower()}{one[1:]}: {format_number(low)}%; "
            f"its interval {told}."
        )
    if round(low) == round(high):
        which = "Both" if len(shares) == _TWO else f"All {len(shares)}"
        run = f"{which} methods estimate the share explained at {format_number(low)}%"
    else:
        run = (
            f"Estimates of the share explained run from {format_number(low)}% "
            f"({one[0].lower()}{one[1:]}) to {format_number(high)}% "
            f"({other[0].lower()}{other[1:]})"
        )
    return f"{run}; {_of_intervals(some, len(shares))}. A share means nothing without its method."


def _of_intervals(some: int, several: int) -> str:
    if some == several:
        return f"{'both' if several == _TWO else f'all {several}'} intervals exclude none"
    if not some:
        return "every interval includes none, so these data show no share explained"
    return f"{some} of {several} intervals exclude{'s' if some == 1 else ''} none"

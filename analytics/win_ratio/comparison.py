"""Who fares better, patient against patient? Death, mRS and infarct volume in one hierarchy."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np

from analytics.formatting import format_count, format_estimate, format_level, format_number
from analytics.kernels.weighted_sample import Counts
from analytics.method import Method, in_manuscript
from analytics.results import Absent, Account, AnalysisError, Estimate
from analytics.trial import DEAD as DEAD_SCORE
from analytics.trial import LEVEL, Z95, two_arms
from analytics.trial import MRS as MRS_NAME
from analytics.trial import VOLUME as VOLUME_NAME
from analytics.win_ratio.methods import (
    HIERARCHICAL_PAIRS,
    HIERARCHICAL_WIN_ODDS,
    NET_BENEFIT,
    WIN_RATIO,
)
from analytics.win_ratio.pairs import DEAD, MRS, VOLUME, PairCounts, Profiles, Rule, count_pairs
from analytics.wording import NOT_STATED, DesignWords, design_words, few_patients
from data.cohort import Cohort, Flow
from data.variables import Level

ORDER = (DEAD, MRS, VOLUME)
"""What may be compared, in the order that holds unless another is asked for."""
MARGINS: Mapping[str, float] = MappingProxyType({MRS: 1, VOLUME: 0.0})
"""Smallest difference that decides a pair, in points and in mL; 0 is any difference."""
FEWEST_FOR_INTERVAL = 4
_MEASURED_BY = {DEAD: MRS_NAME, MRS: MRS_NAME, VOLUME: VOLUME_NAME}
_LARGEST_MARGIN_ML = 2_000
"""No brain is larger, so that no pair could be decided."""
_NO_SPREAD = 1e-12
"""A standard error below it is rounding: one pair of a million patients leaves a larger one."""
_MOSTLY_TIES = 0.5

Side = tuple[Counts, Counts]
"""Wins and losses of each profile of an arm."""


@dataclass(frozen=True)
class Verdict:
    """Pairs of one treated patient and one control, and what they say.

    Attributes
    ----------
    pairs, wins, losses, ties : int
        Pairs compared; those in which the treated patient fares better, and worse; the others.
    win_ratio : Estimate or Absent
        Wins over losses.
    net_benefit : Estimate
        Share of all pairs that are won minus share that are lost, as a proportion.
    win_odds : Estimate or Absent
        Wins over losses, where every pair that is neither is half of each.
    """

    pairs: int
    wins: int
    losses: int
    ties: int
    win_ratio: Estimate | Absent
    net_benefit: Estimate
    win_odds: Estimate | Absent


@dataclass(frozen=True)
class Component:
    """One outcome of the hierarchy.

    Attributes
    ----------
    id, label, words : str
        Stable name, how a table names it with its margin, and how a sentence does.
    margin : float or None
        Smallest difference that decides, in points or mL; None for death.
    incomplete : int
        Of the verdict's ties, pairs in which a patient lacks the outcome.
    verdict : Verdict
        Of the pairs that no earlier component decided; ties went on. The denominators of its net
        benefit and odds are all pairs, so that net benefits add up to that of the hierarchy.
    """

    id: str
    label: str
    words: str
    margin: float | None
    incomplete: int
    verdict: Verdict


@dataclass(frozen=True)
class WinRatio:
    """Treatment against reference arm by a hierarchy of outcomes; above 1 treatment is better.

    Attributes
    ----------
    treatment, reference : Level
    n_treatment, n_reference : int
        Patients compared.
    n_left_out : int
        Patients of either arm without any of the components.
    components : tuple of Component
        In the order of the hierarchy.
    total : Verdict
        Of the hierarchy; its ties are pairs that no component decided.
    words : DesignWords
        Those that the design allows.
    """

    treatment: Level
    reference: Level
    n_treatment: int
    n_reference: int
    n_left_out: int
    components: tuple[Component, ...]
    total: Verdict
    account: Account
    words: DesignWords = NOT_STATED


def compare_hierarchically(
    cohort: Cohort, order: Sequence[str] = ORDER, margins: Mapping[str, float] = MARGINS
) -> WinRatio:
    """Compare every treated patient with every control by prioritised outcomes.

    Parameters
    ----------
    cohort : Cohort
        The patients that the reader chose; `mrs_90d` is 0 to 6 or missing, `infarct_volume_ml`
        in mL, >= 0 or missing.
    order : sequence of str
        One or more of "dead" (mRS 6), "mrs" and "volume", the one that counts most first.
    margins : mapping of str to float
        Smallest difference that decides a pair: of "mrs" in whole points, 0 to 6, of "volume" in
        mL, 0 to 2,000. One that is not given is that of `MARGINS`.

    Returns
    -------
    WinRatio
        Win ratio, net benefit and win odds, treatment against reference arm, each with the part
        of every component.

    Raises
    ------
    AnalysisError
        If order or margins are none of the above, the data lack a component, or nobody in an arm
        has one.

    Notes
    -----
    Lower is better. A component decides a pair whose values differ, and differ by the margin or
    more: margins of 0 and 1 point are the same for the mRS. Volumes are compared to a millionth
    of a mL. A pair in which a patient lacks a component goes on to the next, so that the mRS of
    a patient without a volume still counts; patients without any component are left out.

    Intervals come from the asymptotic variance of a two-sample U-statistic: the variance of each
    patient's own wins and losses, divisor n - 1, over the patients of the arm, added over arms
    (Bebu and Lachin 2016, whose divisor is n). The log scale carries the ratios, and the net
    benefit its inverse hyperbolic tangent, half of the log win odds, so that they agree on
    whether an interval holds no difference. The win odds of the mRS alone have DeLong's interval.
    There is no interval below four patients in an arm, or where no patient differs. Counts equal
    those of every pair in R 4.2.2, estimates and limits to 1e-12, relative.

    Examples
    --------
    >>> cohort = Cohort.of(
    ...     {
    ...         "arm": ["control", "control", "evt", "evt"],
    ...         "mrs_90d": [6, 3, 3, 1],
    ...         "infarct_volume_ml": [80.0, 20.0, 30.0, 5.0],
    ...     }
    ... )
    >>> total = compare_hierarchically(cohort).total
    >>> total.wins, total.losses, total.ties
    (3, 1, 0)
    """
    rules, words = _rules(order, margins), design_words(cohort.data)
    arms, levels, left_out, flow = _arms(cohort, [rule.name for rule in rules])
    counts = count_pairs(*arms, rules)
    components = tuple(
        _component(cohort, rule, position, counts, arms) for position, rule in enumerate(rules)
    )
    total = _verdict(arms, _sides(counts, slice(None)), arms[0].n * arms[1].n)
    known = {rule.name: rule.margin for rule in rules if rule.name != DEAD}
    return WinRatio(
        treatment=levels[0],
        reference=levels[1],
        n_treatment=arms[0].n,
        n_reference=arms[1].n,
        n_left_out=left_out,
        components=components,
        total=total,
        account=Account(
            flow=flow,
            method=in_manuscript(
                HIERARCHICAL_PAIRS,
                f"The order is {_in_order(components)}.",
                WIN_RATIO,
                _net(words),
                HIERARCHICAL_WIN_ODDS,
                _incomplete(components),
            ),
            finding=_finding(levels, components, total),
            warnings=_warnings(min(arm.n for arm in arms), components, total, words),
            recipe=(
                "compare_hierarchically("
                f"cohort, order={tuple(rule.name for rule in rules)!r}, margins={known!r})"
            ),
        ),
        words=words,
    )


def _net(words: DesignWords) -> Method:
    """Return pairs won minus pairs lost as the design lets it be called."""
    said = NET_BENEFIT.sentence.replace(NET_BENEFIT.name.lower(), words.net.lower())
    return replace(NET_BENEFIT, sentence=said)


def _rules(order: Sequence[str], margins: Mapping[str, float]) -> tuple[Rule, ...]:
    strange = [name for name in order if name not in ORDER]
    if strange or not order or len(set(order)) < len(order):
        msg = (
            f"The order of comparison must name one or more of {', '.join(ORDER)}, each once; it "
            f"is {', '.join(order) or 'empty'}."
        )
        raise AnalysisError(msg)
    if strange := [name for name in margins if name not in MARGINS]:
        msg = f"There is no margin of {', '.join(strange)}. Give those of {' and '.join(MARGINS)}."
        raise AnalysisError(msg)
    asked = {**MARGINS, **margins}
    if asked[MRS] not in range(DEAD_SCORE + 1):
        msg = f"The margin of the mRS is {asked[MRS]} points. Give a whole number from 0 to 6."
        raise AnalysisError(msg)
    if not 0 <= asked[VOLUME] <= _LARGEST_MARGIN_ML:
        msg = (
            f"The margin of infarct volume is {asked[VOLUME]} mL. Give 0 to "
            f"{format_count(_LARGEST_MARGIN_ML)} mL."
        )
        raise AnalysisError(msg)
    return tuple(Rule(name, asked.get(name, 0)) for name in order)


def _arms(
    cohort: Cohort, names: Sequence[str]
) -> tuple[tuple[Profiles, Profiles], tuple[Level, Level], int, Flow]:
    """Return treated and control patients with a component, and who is left out."""
    columns = list(dict.fromkeys(_MEASURED_BY[name] for name in names))
    for column in columns:
        if not cohort.data.has(column):
            what = "mRS at 90 days" if column == MRS_NAME else "infarct volume"
            msg = f"These data hold no {what}. Leave it out of the order of comparison."
            raise AnalysisError(msg)
    counted = cohort.counts(["arm"], columns)
    has_any = counted[columns].notna().any(axis=1)
    reference, treatment = two_arms(cohort)
    own = [counted[has_any & (counted["arm"] == level.code)] for level in (treatment, reference)]
    nothing = [np.full(len(arm), np.nan) for arm in own]
    treated, control = (
        Profiles.of(
            arm[MRS_NAME] if MRS_NAME in columns else empty,
            arm[VOLUME_NAME] if VOLUME_NAME in columns else empty,
            arm["patients"],
        )
        for arm, empty in zip(own, nothing, strict=True)
    )
    if not treated.n or not control.n:
        msg = (
            f"Comparing patients in pairs needs one with an outcome in each arm; "
            f"{treatment.label} has {treated.n} and {reference.label} {control.n}. Widen the "
            "filters."
        )
        raise AnalysisError(msg)
    without = counted[~has_any & counted["arm"].isin([reference.code, treatment.code])]
    n = treated.n + control.n
    flow = Flow(cohort.data.patients, int(counted["patients"].sum()), n, n)
    return (treated, control), (treatment, reference), int(without["patients"].sum()), flow


def _component(
    cohort: Cohort,
    rule: Rule,
    position: int,
    counts: PairCounts,
    arms: tuple[Profiles, Profiles],
) -> Component:
    measured = cohort.variable(_MEASURED_BY[rule.name])
    label, words, margin = measured.label, measured.in_text, f"{rule.margin:g}"
    if rule.name == DEAD:
        label, words = f"Death (mRS {DEAD_SCORE})", "death"
    elif rule.name == MRS and rule.margin > 1:
        label, words = (f"{text} ({margin} points or more)" for text in (label, words))
    elif rule.name == VOLUME and rule.margin > 0:
        label, words = (f"{text} ({margin} {measured.unit} or more)" for text in (label, words))
    return Component(
        id=rule.name,
        label=label,
        words=words,
        margin=None if rule.name == DEAD else rule.margin,
        incomplete=int(counts.incomplete[position]),
        verdict=_verdict(
            arms, _sides(counts, slice(position, position + 1)), int(counts.reached[position])
        ),
    )


def _sides(counts: PairCounts, rules: slice) -> tuple[Side, Side]:
    """Return the wins and losses of treated and of control profiles by some of the rules."""
    treated, control = (
        (won[rules].sum(axis=0), lost[rules].sum(axis=0))
        for won, lost in zip(counts.wins, counts.losses, strict=True)
    )
    return treated, control


def _verdict(arms: tuple[Profiles, Profiles], sides: tuple[Side, Side], pairs: int) -> Verdict:
    everyone = arms[0].n * arms[1].n
    wins, losses = (int(decided @ arms[0].patients) for decided in sides[0])
    net = (wins - losses) / everyone
    why = _without_interval(arms, wins, losses)
    if wins and losses:
        weights = (everyone / wins, -everyone / losses)
        win_ratio = _on_log_scale(wins / losses, why or _standard_error(arms, sides, weights))
    else:
        none = "an arm wins none" if wins or losses else "no pair is decided"
        win_ratio = Absent(f"no win ratio: {none}")
    if abs(wins - losses) == everyone:
        net_benefit = Estimate(net, None, None, LEVEL, why)
        win_odds = Absent("no win odds: one arm wins every pair")
    else:
        odds = (everyone + wins - losses) / (everyone - wins + losses)
        # The log win odds are twice the inverse hyperbolic tangent of the net benefit.
        weights = (2 / (1 - net**2), -2 / (1 - net**2))
        win_odds = _on_log_scale(odds, why or _standard_error(arms, sides, weights))
        net_benefit = _as_net_benefit(net, win_odds)
    return Verdict(pairs, wins, losses, pairs - wins - losses, win_ratio, net_benefit, win_odds)


def _without_interval(arms: tuple[Profiles, Profiles], wins: int, losses: int) -> str:
    if min(arm.n for arm in arms) < FEWEST_FOR_INTERVAL:
        return f"no {format_level(LEVEL)} CI below {FEWEST_FOR_INTERVAL} patients in an arm"
    if abs(wins - losses) == arms[0].n * arms[1].n:
        return "no interval: one arm wins every pair"
    return "" if wins or losses else "no interval: no pair is decided"


def _standard_error(
    arms: tuple[Profiles, Profiles], sides: tuple[Side, Side], weights: tuple[float, float]
) -> float:
    """Return the standard error of a weighted sum of the shares of pairs won and lost."""
    variance = 0.0
    for arm, (won, lost), opponents in zip(arms, sides, arms[::-1], strict=True):
        own = (weights[0] * won + weights[1] * lost) / opponents.n
        centred = own - own @ arm.patients / arm.n
        variance += float(centred**2 @ arm.patients) / (arm.n - 1) / arm.n
    return math.sqrt(variance)


def _on_log_scale(value: float, error: float | str) -> Estimate:
    """Return a ratio with its interval, or without where no error of its logarithm is given."""
    if isinstance(error, float) and error <= _NO_SPREAD:
        error = "no interval: all patients fare alike in their pairs"
    if isinstance(error, str):
        return Estimate(value, None, None, LEVEL, error, decimals=2)
    reach = math.exp(Z95 * error)
    return Estimate(value, value / reach, value * reach, LEVEL, decimals=2)


def _as_net_benefit(net: float, odds: Estimate) -> Estimate:
    if odds.low is None or odds.high is None:
        return Estimate(net, None, None, LEVEL, odds.without_interval)
    low, high = ((end - 1) / (end + 1) for end in (odds.low, odds.high))
    return Estimate(net, low, high, LEVEL)


def _in_order(components: Sequence[Component]) -> str:
    return ", then ".join(component.words for component in components)


def _incomplete(components: Sequence[Component]) -> str:
    lacking = [
        f"{component.words} {format_count(component.incomplete)}"
        for component in components
        if component.incomplete
    ]
    return f"Pairs in which a patient lacks the outcome: {', '.join(lacking)}." if lacking else ""


def _finding(levels: tuple[Level, Level], components: Sequence[Component], total: Verdict) -> str:
    better, worse, open_pairs = (
        format_number(100 * count / total.pairs, 1)
        for count in (total.wins, total.losses, total.ties)
    )
    one, other = (level.words for level in levels)
    said = (
        f"By {_in_order(components)}, the patient of the {one} fares better in {better} of 100 "
        f"pairs, the patient of the {other} in {worse}, and {open_pairs} are ties."
    )
    ratio = total.win_ratio
    if isinstance(ratio, Absent):
        return f"{said} There is {ratio.reason}."
    said = f"{said} Win ratio {format_estimate(ratio, 2)}"
    if ratio.low is None or ratio.high is None or not ratio.low <= 1 <= ratio.high:
        return f"{said}."
    return f"{said}: neither arm clearly fares better, as the interval holds 1."


def _warnings(
    fewest: int, components: Sequence[Component], total: Verdict, words: DesignWords
) -> tuple[str, ...]:
    warnings = [*few_patients("The smaller arm", fewest, "outcomes")]
    if total.ties > _MOSTLY_TIES * total.pairs:
        share = format_number(100 * total.ties / total.pairs)
        warnings.append(
            f"{share}% of the pairs are ties, which the win ratio leaves out: read it beside the "
            f"win odds and the {words.net.lower()}, which count them."
        )
    settled = [c.id for c in components if c.id == DEAD or (c.id == MRS and (c.margin or 0) <= 1)]
    if settled == [MRS, DEAD]:
        warnings.append(
            f"Death is mRS {DEAD_SCORE}: after the mRS, compared by any difference, it decides no "
            "pair."
        )
    return tuple(warnings)

"""Sentences about subgroups, for none, one, two and many of them."""

from collections.abc import Sequence

from analytics.formatting import format_count, format_share

_PAIR = 2


def describe_intervals(subgroups: int, with_interval: int) -> str:
    """Say in how many subgroups the effect has an interval; nothing where it has in all.

    A level that all these patients have is no subgroup of them.

    Examples
    --------
    >>> describe_intervals(22, 22), describe_intervals(0, 0)
    ('', 'No variable divides these patients.')
    >>> describe_intervals(4, 1)
    'Of 4 subgroups 1 has patients enough for an interval.'
    """
    if not subgroups:
        return "No variable divides these patients."
    if subgroups == with_interval:
        return ""
    if subgroups == 1:
        return "The only subgroup has too few patients for an interval."
    count = format_count(with_interval) if with_interval else "none"
    verb = "have" if with_interval > 1 else "has"
    return (
        f"Of {format_count(subgroups)} subgroups {count} {verb} patients enough for an interval."
    )


def describe_beyond_chance(subgroups: int, beyond: Sequence[str]) -> str:
    """Say which subgroups lie further from all patients than most would by chance.

    Parameters
    ----------
    subgroups : int
        Those with an interval, at least one.
    beyond : sequence of str
        The names of those that lie further.

    Examples
    --------
    >>> describe_beyond_chance(2, [])
    'Neither of the 2 subgroups lies further from it than 95% of subgroups of its size would by chance.'
    >>> describe_beyond_chance(22, ["M2", "women"])
    '2 of the 22 subgroups (M2, women) lie further from it than 95% of subgroups of their size would by chance; by chance alone about one in twenty does.'
    """  # noqa: E501
    said = "further from it than 95% of subgroups of {} size would by chance"
    if subgroups == 1:
        lies = f"The only subgroup ({beyond[0]}) lies" if beyond else "The only subgroup lies no"
        return f"{lies} {said.format('its')}."
    which = "Neither" if subgroups == _PAIR else "None"
    if not beyond:
        return f"{which} of the {format_count(subgroups)} subgroups lies {said.format('its')}."
    names = ", ".join(beyond)
    verb, whose = ("lies", "its") if len(beyond) == 1 else ("lie", "their")
    return (
        f"{format_count(len(beyond))} of the {format_count(subgroups)} subgroups ({names}) "
        f"{verb} {said.format(whose)}; by chance alone about one in twenty does."
    )


def describe_tests(tested: int, planned: int, how: str, *, has_joint_test: bool) -> str:
    """Say how many interactions are tested, and what to make of the smallest p-value.

    Examples
    --------
    >>> describe_tests(1, 1, "F test", has_joint_test=True)
    '1 interaction with the arm is tested, pre-specified, by F test.'
    """
    if not tested:
        return "No interaction can be tested in these patients: they are too few."
    if tested == 1:
        kind = "pre-specified" if planned else "not pre-specified"
        return f"1 interaction with the arm is tested, {kind}, by {how}."
    count = "all" if planned == tested else format_count(planned) if planned else "none"
    said = (
        f"{format_count(tested)} interactions with the arm are tested, {count} of them "
        f"pre-specified, by {how}. Of twenty such tests one is below 0.05 by chance alone"
    )
    joint = "; the test of all together asks first whether there is anything to find"
    return f"{said}{joint if has_joint_test else ''}."


def describe_not_compared(variables: Sequence[str]) -> str:
    """Say which variables have nothing to compare.

    Examples
    --------
    >>> describe_not_compared(["sex", "age", "site"])
    'Nothing to compare in sex, age and site: fewer than two levels have patients.'
    """
    return f"Nothing to compare in {listed(variables)}: fewer than two levels have patients."


def describe_points(points: int, fewest: int) -> str:
    """Say how many subgroups a funnel has.

    Examples
    --------
    >>> describe_points(1, 10)
    '1 subgroup of one to three baseline variables has 10 patients or more in each arm'
    """
    count = format_count(points) if points else "No"
    verb = "subgroup of one to three baseline variables has"
    if points > 1:
        verb = "subgroups of one to three baseline variables have"
    return f"{count} {verb} {fewest} patients or more in each arm"


def describe_like_size(like: int, far: int) -> str:
    """Say how many subgroups of like size lie at least as far from all patients.

    Examples
    --------
    >>> describe_like_size(40, 1)
    'Of 40 other subgroups of like size (within 20%) 1 (2.5%) lies at least as far from it.'
    """
    if not like:
        return "No other subgroup of one to three baseline variables is of like size."
    if like == 1:
        where = "at least as far from it" if far else "nearer to it"
        return f"The one other subgroup of like size (within 20%) lies {where}."
    count = f"{format_count(far)} ({format_share(far / like)})" if far else "none"
    verb = "lie" if far > 1 else "lies"
    return (
        f"Of {format_count(like)} other subgroups of like size (within 20%) {count} {verb} at "
        "least as far from it."
    )


def describe_band(overall: str, variable: str, unit: str, left_out: Sequence[str]) -> str:
    """Say where a curve's interval leaves out the effect in all patients.

    Examples
    --------
    >>> describe_band("the 2.56 of all patients", "age", "years", ["55 to 61"])
    'The pointwise interval does not include the 2.56 of all patients at age 55 to 61 years.'
    """
    if not left_out:
        return f"The pointwise interval includes {overall} everywhere."
    where = " ".join(word for word in (variable, listed(left_out), unit) if word)
    return f"The pointwise interval does not include {overall} at {where}."


def listed(names: Sequence[str]) -> str:
    """Return names as a sentence lists them.

    Examples
    --------
    >>> listed(["age"]), listed(["age", "sex", "ASPECTS"])
    ('age', 'age, sex and ASPECTS')
    """
    *most, last = names
    return f"{', '.join(most)} and {last}" if most else last

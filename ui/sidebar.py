"""The filter panel: one widget for each variable, each level with its counts.

The counts of a variable ignore the filter on that variable itself, so that a reader sees what
choosing another level would give.
"""

import math
from collections.abc import Mapping

import streamlit as st

from analytics.formatting import format_count, format_number
from analytics.wording import design_words
from data.cohort import Cohort, Extremes
from data.filters import Choice, Filters, Levels, Range
from data.variables import FIRST_FILTERS, MISSING, ROLE_LABELS, Variable
from ui import address
from ui.text import plain

_KNOWN = "known"
_MORE = "more filters"
_NOT_SHOWN = "few"


def choose_filters(cohort: Cohort) -> None:
    """Draw the panel for the present cohort; what the reader changes goes into the address."""
    data, filters = cohort.data, cohort.filters
    st.subheader("Patients", anchor=False)
    first = [name for name in FIRST_FILTERS if name in data.held]
    for name in first:
        _filter(cohort, data.variable(name))
    absent = [name for name in FIRST_FILTERS if name not in data.held]
    others = {
        v.name: v
        for v in data.telling
        if v.kind != "identifier"
        and v.name not in FIRST_FILTERS
        # A range of values can be made to hold a single patient.
        and (v.is_grouping or not data.hides_small_numbers)
    }
    chosen = [name for name in filters.names if name in others]
    shown = list(dict.fromkeys([*st.session_state.get(_MORE, []), *chosen]))
    present = address.shown(_MORE, [name for name in shown if name in others], "default")
    st.multiselect(
        "More filters",
        list(others),
        key=_MORE,
        format_func=lambda name: _with_role(others[name], design_words(data).after),
        placeholder="Add a variable",
        on_change=_drop_hidden,
        args=(cohort,),
        **present,
    )
    for name in st.session_state[_MORE]:
        _filter(cohort, others[name])
    if absent:
        st.caption(f"Not in these data: {', '.join(name.replace('_', ' ') for name in absent)}.")
    if filters:
        st.button(
            "Reset all filters",
            icon=":material/restart_alt:",
            on_click=_reset,
            width="stretch",
        )


def _with_role(variable: Variable, after: str) -> str:
    """Return a variable with its role in time; what is late is so by the design's own words."""
    role = after if variable.role == "post_randomisation" else ROLE_LABELS[variable.role].lower()
    return f"{variable.label} ({role})"


def _reset() -> None:
    st.session_state.pop(_MORE, None)
    address.write_filters(Filters())


def _drop_hidden(cohort: Cohort) -> None:
    """Remove the filters on variables whose widget the reader has taken away."""
    shown = {*st.session_state[_MORE], *FIRST_FILTERS}
    kept = tuple((name, choice) for name, choice in cohort.filters.choices if name in shown)
    address.write_filters(Filters(kept))


def _filter(cohort: Cohort, variable: Variable) -> None:
    if variable.is_grouping:
        _levels_filter(cohort, variable)
    else:
        _range_filter(cohort, variable)


def level_counts(cohort: Cohort, name: str) -> Mapping[str, int]:
    """Return how many patients are at each level, "missing" included."""
    counted = cohort.counts([name])
    return dict(zip(counted[name], counted["patients"].astype(int), strict=True))


def _levels_filter(cohort: Cohort, variable: Variable) -> None:
    name = variable.name
    everyone = level_counts(cohort.whole, name)
    present = level_counts(cohort.ignoring(name), name)
    hidden = hidden_levels(cohort, name)
    choice = cohort.filters.get(name)
    picked = list(choice.codes) if isinstance(choice, Levels) else []
    options = [x.code for x in variable.all_levels if x.code in everyone or x.code in picked]
    st.markdown(f"**{plain(variable.axis_title)}**", help=plain(variable.source))
    # One box for each level and not one group of pills: a group sends its labels back, and a
    # quick second click would send counts that the server has already replaced.
    with st.container(horizontal=True, gap="small"):
        for code in options:
            key = _box(name, code)
            ticked = address.shown(key, code in picked)
            counts = _of(present.get(code, 0), everyone.get(code, 0))
            if code in hidden:
                counts = _NOT_SHOWN
            st.checkbox(
                f"{plain(variable.level(code).label)} :gray[{counts}]",
                key=key,
                on_change=_write_levels,
                args=(cohort, name, options),
                **ticked,
            )


def hidden_levels(cohort: Cohort, name: str) -> set[str]:
    """Return the levels whose counts are not shown, in these patients or in all."""
    of_these = cohort.ignoring(name)
    if of_these.too_small:
        return {level.code for level in cohort.variable(name).all_levels}
    groups = of_these.hidden_groups([name]) | cohort.whole.hidden_groups([name])
    return {code for (code,) in groups}


def _box(name: str, code: str) -> str:
    return f"filter {name} {code}"


def _of(present: int, everyone: int) -> str:
    return f"{format_count(present)}/{format_count(everyone)}"


def _write_levels(cohort: Cohort, name: str, options: list[str]) -> None:
    codes = tuple(code for code in options if st.session_state[_box(name, code)])
    address.write_choice(cohort.data, name, Levels(codes) if codes else None)


def _range_filter(cohort: Cohort, variable: Variable) -> None:
    name = variable.name
    ends = cohort.whole.extremes(name)
    if not ends.known or ends.smallest == ends.largest:
        what = "is missing in everyone" if not ends.known else "is the same in everyone"
        st.caption(f"{plain(variable.label)} {what}: nothing to filter.")
        return
    choice = cohort.filters.get(name)
    low, high = _shown_range(choice, ends, variable)
    slider = f"range {name}"
    present_range = address.shown(slider, (low, high))
    bottom, top = _bounds(ends, variable)
    step = 10.0**-variable.decimals
    st.slider(
        plain(variable.axis_title),
        bottom,
        top,
        step=step if variable.decimals else 1,
        format=f"%.{variable.decimals}f" if variable.decimals else "%d",
        key=slider,
        on_change=_write_range,
        args=(cohort, name, ends),
        help=plain(variable.source),
        **present_range,
    )
    present = cohort.ignoring(name).extremes(name)
    if ends.missing:
        ticked = {
            code: address.shown(_box(name, code), code in _kept(choice))
            for code in (_KNOWN, MISSING)
        }
        counts = {_KNOWN: (present.known, ends.known), MISSING: (present.missing, ends.missing)}
        with st.container(horizontal=True, gap="small"):
            for code in (_KNOWN, MISSING):
                st.checkbox(
                    f"{code.capitalize()} :gray[{_of(*counts[code])}]",
                    key=_box(name, code),
                    on_change=_write_range,
                    args=(cohort, name, ends),
                    **ticked[code],
                )
    else:
        span = " to ".join(
            format_number(end, variable.decimals) for end in (present.smallest, present.largest)
        )
        if present.known:
            st.caption(f"With the other filters: {_of(present.known, ends.known)}, {span}.")


def _bounds(ends: Extremes, variable: Variable) -> tuple[float, float] | tuple[int, int]:
    """Return the slider's ends: the data's, rounded outwards to the variable's decimals."""
    scale = 10**variable.decimals
    low, high = math.floor(ends.smallest * scale) / scale, math.ceil(ends.largest * scale) / scale
    return (low, high) if variable.decimals else (int(low), int(high))


def _shown_range(
    choice: Choice | None, ends: Extremes, variable: Variable
) -> tuple[float, float] | tuple[int, int]:
    bottom, top = _bounds(ends, variable)
    if not isinstance(choice, Range):
        return bottom, top
    low = bottom if choice.low is None else min(max(choice.low, bottom), top)
    high = top if choice.high is None else min(max(choice.high, bottom), top)
    return (low, high) if variable.decimals else (int(low), int(high))


def _kept(choice: Choice | None) -> list[str]:
    if isinstance(choice, Levels):
        return [MISSING]
    if isinstance(choice, Range):
        is_open = choice.low is None and choice.high is None
        if choice.missing:
            return [_KNOWN, MISSING]
        return [_KNOWN] if is_open else []
    return []


def _write_range(cohort: Cohort, name: str, ends: Extremes) -> None:
    variable = cohort.variable(name)
    bottom, top = _bounds(ends, variable)
    low, high = st.session_state[f"range {name}"]
    kept = {code for code in (_KNOWN, MISSING) if st.session_state.get(_box(name, code))}
    narrowed = Range(
        None if low <= bottom else float(low),
        None if high >= top else float(high),
        missing=kept == {_KNOWN, MISSING},
    )
    address.write_choice(cohort.data, name, _range_choice(narrowed, kept))


def _range_choice(narrowed: Range, kept: set[str]) -> Choice | None:
    if kept == {MISSING}:
        return Levels((MISSING,))
    is_open = narrowed.low is None and narrowed.high is None
    if is_open and kept != {_KNOWN}:
        return None
    return narrowed

"""Request: which patients a reader chose, and the settings of the answers about them.

It is what an address says. The pages read it from the address bar and the command from its
arguments, so that the same query gives the same answers.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Literal, Protocol

from analytics.trial import VOLUME
from data.cohort import Cohort
from data.data_set import DataSet
from data.trial import Plan

Standing = Literal["primary", "exploratory"]
P_VALUES, VIEW = "p", "view"
"""Parameters of every page: whether p-values are shown, and which of its views."""
SHOWN = "shown"
MOST_TERMS = 16
"""As many variables as a model may be asked to hold."""


@dataclass(frozen=True)
class Setting:
    """A choice that is not a filter: what can be chosen of which data, and what is otherwise.

    Attributes
    ----------
    name : str
        Its parameter in the address; no variable may have it.
    label : str
        What the reader sees.
    options : callable
        Returns what a data set offers: code to label, in order.
    default : callable
        Returns what holds when the address does not say.
    most : int
        How many may be chosen.
    """

    name: str
    label: str
    options: Callable[[DataSet], Mapping[str, str]]
    default: Callable[[DataSet], tuple[str, ...]]
    most: int = 1


def fixed(name: str, label: str, options: Mapping[str, str]) -> Setting:
    """Return a setting with the same options for every data set, the first being the default."""
    first = next(iter(options))
    return Setting(name, label, lambda _: options, lambda _: (first,))


class Labelled(Protocol):
    """A record of a registry that a reader may choose."""

    @property
    def label(self) -> str:
        """Return what the reader sees."""
        ...


def labelled(name: str, label: str, records: Mapping[str, Labelled]) -> Setting:
    """Return a setting that offers the records of a registry, the first being the default."""
    return fixed(name, label, {code: record.label for code, record in records.items()})


def baseline_options(data: DataSet) -> Mapping[str, str]:
    """Return what may be adjusted for: the variables measured at baseline."""
    return {v.name: v.label for v in data.variables if v.role == "baseline"}


def not_offered(setting: Setting, text: str) -> str:
    """Return the notice for what a setting does not offer."""
    return f"The link's setting '{setting.name}' asks for '{text}', which is not offered here."


@dataclass(frozen=True)
class Request:
    """A cohort, and the texts of the settings that the address holds."""

    cohort: Cohort
    settings: tuple[tuple[str, str], ...] = ()

    def standing(self, *, planned: bool) -> Standing:
        """Return whether an analysis is primary: by a declared plan, and on all patients."""
        is_primary = planned and self.plan is not None and self.cohort.is_whole
        return "primary" if is_primary else "exploratory"

    @property
    def plan(self) -> Plan | None:
        """Return what the trial declared that it would analyse, None where it declared nothing."""
        return self.cohort.data.trial.plan

    def plans(self, *outcomes: str) -> bool:
        """Tell whether the trial declared that it would compare its arms in these outcomes.

        Who planned to compare infarct volumes by arm planned the volume.
        """
        if self.plan is None:
            return False
        by_arm = (VOLUME,) if "arm" in self.plan.comparisons else ()
        return set(outcomes) <= {*self.plan.outcomes, *by_arm}

    @property
    def p_values_asked(self) -> bool:
        """Tell whether the reader asked for p-values of chosen patients."""
        return dict(self.settings).get(P_VALUES) == SHOWN

    def shows_p(self, *, planned: bool) -> bool:
        """Tell whether p-values are shown: of primary analyses, and of others when asked for."""
        return self.p_values_asked or self.standing(planned=planned) == "primary"

    def standing_words(self, *, planned: bool) -> str:
        """Return the standing of an analysis with what was done about p-values."""
        standing: str = self.standing(planned=planned)
        if standing == "primary":
            return standing
        if self.plan is None:
            standing = f"{standing}, no plan of analysis declared"
        asked = "p-values shown because the reader asked for them"
        said = [standing, asked if self.p_values_asked else "p-values withheld"]
        if names := [v.in_text for v in self.cohort.filters_after_randomisation]:
            said.append(
                f"patients chosen by {' and '.join(names)}, after randomisation: the arms here "
                "are not the randomised ones"
            )
        return "; ".join(said)

    def groups_by(self, names: Iterable[str]) -> tuple[tuple[str, ...], ...]:
        """Return each of these variables that makes groups of patients, alone."""
        data = self.cohort.data
        return tuple((n,) for n in names if data.has(n) and data.variable(n).is_grouping)

    def several(self, setting: Setting) -> tuple[str, ...]:
        """Return what was chosen, in the reader's order; the default if nothing possible was."""
        data = self.cohort.data
        options = setting.options(data)
        asked = [text for text in self._texts(setting) if text in options]
        default = [text for text in setting.default(data) if text in options]
        return tuple(dict.fromkeys(asked or default))[: setting.most]

    def one(self, setting: Setting) -> str:
        """Return the one chosen option."""
        return self.several(setting)[0]

    def ignored(self, setting: Setting) -> tuple[str, ...]:
        """Return a notice for every text of a setting that is not possible here."""
        return tuple(not_offered(setting, text) for text in self.not_offered(setting))

    def not_offered(self, setting: Setting) -> tuple[str, ...]:
        """Return the texts of a setting that are not possible here."""
        options = setting.options(self.cohort.data)
        return tuple(text for text in self._texts(setting) if text not in options)

    def _texts(self, setting: Setting) -> list[str]:
        texts = dict(self.settings).get(setting.name, "").split(",")
        return [text for text in texts if text]

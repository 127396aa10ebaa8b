"""The stamp: what a file is of, so that nobody can meet it without its context."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime

from analytics.formatting import format_count
from analytics.results import Account
from data.cohort import Cohort

VERSION = "0.1.0"
_LONGEST_NAME = 60
LONGEST_TEXT = 2_000
"""Of a line of the stamp; a spreadsheet's cell would lose all of a text that is too long."""
_KEPT_END = 60
_SHOWN_OF_DIGEST = 12


@dataclass(frozen=True)
class Stamp:
    """What every file says about itself.

    Attributes
    ----------
    title : str
        What is shown.
    data_set, data_digest, notice : str
        Whose data, their SHA-256, and the sentence synthetic data always carry.
    cohort, cohort_digest : str
        Which patients, in words with their number, and the SHA-256 of data and filters.
    account : Account
        Flow of N, method, finding, warnings, recipe.
    standing : str
        "primary", or "exploratory" with what was done about p-values.
    made : datetime
        When, with its time zone.
    link : str
        The address that shows the same view; without its query where that is too long.
    small_numbers : str
        Whether small groups are left out; nothing for synthetic data.
    looks : str
        How much its reader had looked at by then, in words.
    """

    title: str
    data_set: str
    data_digest: str
    notice: str
    cohort: str
    cohort_digest: str
    account: Account
    standing: str
    made: datetime
    link: str
    small_numbers: str = ""
    looks: str = ""

    @property
    def lines(self) -> tuple[tuple[str, str], ...]:
        """Return the stamp as labels and texts, in the order in which files print them."""
        flow = self.account.flow
        counts = (
            f"{format_count(flow.in_data_set)} in data set, {format_count(flow.in_filter)} in "
            f"filter, {format_count(flow.with_variables)} with the variables, "
            f"{format_count(flow.analysed)} analysed"
        )
        lines = (
            ("Title", self.title),
            ("Notice", self.notice),
            ("Data set", self.data_set),
            ("Data set SHA-256", self.data_digest),
            ("Synthetic", "yes" if self.notice else "no"),
            ("Small numbers", self.small_numbers),
            ("Patients", self.cohort),
            ("Cohort SHA-256", self.cohort_digest),
            ("N", counts),
            ("Standing", self.standing),
            ("Looks", self.looks),
            ("Finding", self.account.finding),
            ("Warnings", " ".join(self.account.warnings)),
            ("Method", self.account.method),
            ("Recipe", self.account.recipe),
            ("Made", self.made.isoformat(timespec="seconds")),
            ("Made with", f"Infarct-volume explorer {VERSION}"),
            ("Link", self.link),
        )
        return tuple((label, self._shortened(text)) for label, text in lines if text)

    def _shortened(self, text: str) -> str:
        return shortened(text, self.cohort_digest)

    @property
    def caption(self) -> tuple[str, ...]:
        """Return the lines that a figure prints under itself."""
        notice = f"{self.notice}. " if self.notice else ""
        return (
            f"{notice}{self.cohort}. {self.standing.capitalize()}.",
            (
                f"{self.data_set}, data SHA-256 {self.data_digest[:_SHOWN_OF_DIGEST]}; explorer "
                f"{VERSION}, {self.made:%Y-%m-%d}; {self.link}"
            ),
        )


def make_stamp(
    cohort: Cohort,
    account: Account,
    *,
    title: str,
    standing: str,
    made: datetime,
    link: str,
) -> Stamp:
    """Return the stamp of one result on one cohort."""
    return Stamp(
        title=title,
        data_set=cohort.data.name,
        data_digest=cohort.data.digest,
        notice=cohort.data.notice,
        cohort=shortened(cohort.sentence, cohort.digest),
        cohort_digest=cohort.digest,
        account=account,
        standing=standing,
        made=made,
        link=_short_link(link, cohort.digest),
        small_numbers="" if cohort.data.is_synthetic else _small_numbers(cohort),
    )


def shortened(text: str, cohort_digest: str) -> str:
    """Return a text that is too long without its middle, saying so and of which cohort it is."""
    if len(text) <= LONGEST_TEXT:
        return text
    said = f" (shortened from {format_count(len(text))} characters; {_cohort(cohort_digest)})"
    start = text[: LONGEST_TEXT - _KEPT_END - len(said) - 3]
    return f"{start} \N{HORIZONTAL ELLIPSIS} {text[-_KEPT_END:]}{said}"


def _short_link(link: str, cohort_digest: str) -> str:
    """Return a link that is too long without its query: half of one would show other patients."""
    if len(link) <= LONGEST_TEXT:
        return link
    page, _, query = link.partition("?")
    left_out = f"{format_count(len(query))} characters"
    return f"{page} (without its filters and settings, {left_out}; {_cohort(cohort_digest)})"


def _cohort(digest: str) -> str:
    return f"cohort SHA-256 {digest[:_SHOWN_OF_DIGEST]}"


def _small_numbers(cohort: Cohort) -> str:
    if not cohort.data.hides_small_numbers:
        return "groups of any size are shown"
    return (
        f"groups of fewer than {cohort.data.smallest_cell} patients, and what would give them "
        f"away, are not shown; nothing is estimated from fewer than {cohort.data.fewest_described}"
    )


def file_name(answer: str, cohort: Cohort, suffix: str) -> str:
    """Return a file's name: what it shows, of which data, for which patients.

    The end of the cohort's digest keeps two long filters apart after shortening.
    """
    words = slug(cohort.words)[:_LONGEST_NAME].strip("-")
    data = slug(cohort.data.name)[:_LONGEST_NAME].strip("-")
    return f"{slug(answer)}_{data}_{words}_{cohort.digest[:8]}.{suffix}"


def slug(text: str) -> str:
    """Return text as lower-case ASCII words joined by hyphens.

    Examples
    --------
    >>> slug("Control arm, ICA occlusion")
    'control-arm-ica-occlusion'
    """
    ascii_text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", ascii_text.lower()).strip("-") or "data"

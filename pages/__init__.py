"""The table of contents: every page once, in the order of the menu."""

from dataclasses import dataclass


@dataclass(frozen=True)
class PageSpec:
    """One page: its file and address, its place in the menu, and the question it answers.

    What it needs of the data stands in `analytics/answers/pages.py`.
    """

    name: str
    title: str
    icon: str
    summary: str


CONTENTS: tuple[PageSpec, ...] = (
    PageSpec(
        "overview",
        "Overview",
        ":material/dashboard:",
        "What is this, whose data are these, and what is the answer?",
    ),
    PageSpec(
        "volumes",
        "Infarct volume",
        ":material/bar_chart:",
        "How large were the infarcts, by arm, occlusion site and recanalization?",
    ),
    PageSpec(
        "predictors",
        "Predictors",
        ":material/query_stats:",
        "What goes along with infarct volume, alone and together?",
    ),
    PageSpec(
        "outcomes",
        "Outcomes",
        ":material/accessibility_new:",
        "How did patients fare at 90 days, and does the whole scale shift?",
    ),
    PageSpec(
        "subgroups",
        "Subgroups",
        ":material/account_tree:",
        "Do the arms differ alike in all patients, or not?",
    ),
    PageSpec(
        "mediation",
        "Mediation",
        ":material/conversion_path:",
        "Does the smaller infarct explain the better outcome?",
    ),
    PageSpec(
        "patients",
        "Patients",
        ":material/groups:",
        "Which patients stand behind the figures?",
    ),
    PageSpec(
        "data_source",
        "Data",
        ":material/upload_file:",
        "Whose data are these, and how do I load my own trial?",
    ),
    PageSpec(
        "methods",
        "Methods",
        ":material/menu_book:",
        "What does every number mean, and how was it checked?",
    ),
)

HOME = "overview"

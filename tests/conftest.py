"""What every test may use: the embedded cohort, a small trial, and Hypothesis's profile."""

import pytest
from hypothesis import settings

from data.cohort import Cohort
from data.data_set import DataSet, open_embedded

# A busy machine must not fail a law of arithmetic, and a failure must come back on the next run.
settings.register_profile("project", deadline=None, derandomize=True)
settings.load_profile("project")


FIRST_DRAWN, DRAWN = 24, 1_200
"""The seed after those of a plain run, and how many data sets a sweep draws: three minutes."""


FILES_OF = 4
"""Of how many data sets that a sweep draws one is drawn as a file of a trial's own."""


def pytest_addoption(parser):
    parser.addoption(
        "--drawn",
        type=int,
        default=DRAWN,
        help="how many data sets of any shape `pytest -m sweep` draws",
    )


def pytest_generate_tests(metafunc):
    drawn = metafunc.config.getoption("drawn")
    if "table_seed" in metafunc.fixturenames:
        metafunc.parametrize("table_seed", range(FIRST_DRAWN, FIRST_DRAWN + drawn // FILES_OF))
    if "drawn_seed" in metafunc.fixturenames:
        metafunc.parametrize("drawn_seed", range(FIRST_DRAWN, FIRST_DRAWN + drawn))


@pytest.fixture(autouse=True)
def nothing_unforeseen(request, caplog):
    """Fail a test on an error that the explorer survives but that nobody foresaw."""
    yield
    if request.node.get_closest_marker("unforeseen") is None:
        assert [r.getMessage() for r in caplog.get_records("call") if r.name == "explorer"] == []


@pytest.fixture(scope="session")
def embedded() -> DataSet:
    return open_embedded()


@pytest.fixture(scope="session")
def whole(embedded) -> Cohort:
    return Cohort(embedded)


@pytest.fixture
def six_patients() -> Cohort:
    """Three patients in each arm, one volume missing, every site and a missing one."""
    return Cohort.of(
        {
            "arm": ["control", "control", "control", "evt", "evt", "evt"],
            "age_years": [50, 60, 70, 80, None, 65],
            "occlusion_site": ["ICA", "M1", None, "M1", "M2", "ICA"],
            "recanalization": ["no", "unknown", "no", "yes", "yes", "no"],
            "mrs_90d": [3, 6, None, 0, 2, 4],
            "infarct_volume_ml": [20.0, 80.0, None, 0.0, 7.0, 72.0],
        }
    )

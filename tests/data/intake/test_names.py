import pytest

from data.intake.names import claim

KNOWN = {
    "nihss_24h": ["NIHSS nach 24 Stunden", "NIHSS etter 24 timer", "nihss_d1_total"],
    "nihss_baseline": ["NIHSS bei Aufnahme", "NIHSS al ingreso", "NIHSS ved ankomst", "入院NIHSS"],
    "mrs_90d": ["mRS nach 90 Tagen", "Rankin à 3 mois", "mRS 3 måneder", "mRS 90 giorni"],
    "infarct_volume_ml": ["Infarktvolumen 24h (ml)", "volume_infarto_24h", "梗死体积(ml)"],
    "sex": ["Geslacht", "kjønn", "sexo", "性别"],
    "age_years": ["Alter (Jahre)", "edad_anos", "Leeftijd (jaar)", "年齢"],
    "occlusion_site": ["Sede dell'occlusione", "Verschlusslokalisation"],
}
OTHER = [
    *("NIHSS Entlassung", "出院NIHSS", "mRS de sortie", "mRS 12 months", "mRS 6 months"),
    *("core_infarct_volume_ml", "核心梗死体积", "volume_hematome", "DELTA_NIHSS", "aspects_24h"),
    *("rtpa_dose", "IVT_contraindicated", "age_at_death", "NIHSS d30", "infarct_volume_90d"),
]


@pytest.mark.parametrize(
    ("variable", "column"), [(name, column) for name in KNOWN for column in KNOWN[name]]
)
def test_name_is_known_by_its_parts_in_every_language(variable, column):
    found = claim(column)
    assert found is not None
    assert found[0] == variable


@pytest.mark.parametrize("column", OTHER)
def test_name_of_another_time_or_thing_is_not_claimed(column):
    assert claim(column) is None

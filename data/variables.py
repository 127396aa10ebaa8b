"""The registry: every variable once, with its label, unit, levels, colours, time and derivation.

Nothing else in the project writes down a label, a unit, a number of decimals, an order of levels,
a colour, or the names by which files call a variable and its levels: one entry is all that a
variable needs. Columns that a trial brings and this file has no name for become variables of that
trial's data set only, and a data set has of these those whose columns it brings
(`data/data_set.py`).
"""

from dataclasses import replace

from data.variable import (
    AFTER_RANDOMISATION,
    MISSING,
    MISSING_LEVEL,
    ROLE_LABELS,
    Kind,
    Level,
    Naming,
    Role,
    Variable,
    words,
)

__all__ = [
    "AFTER_RANDOMISATION",
    "MISSING",
    "MISSING_LEVEL",
    "ROLE_LABELS",
    "Kind",
    "Level",
    "Naming",
    "Role",
    "Variable",
]

REFERENCE_COLOUR = "#D55E00"
TREATMENT_COLOUR = "#0072B2"

YES_NO = (
    Level("yes", "Yes", "#009E73", written=words("y true t 1 ja j oui o si s sim da")),
    Level("no", "No", "#CC79A7", written=words("n false f 0 nein non nee nei nej nao")),
)

_AL_AJLAN = "Al-Ajlan et al., Stroke 2016;47:777-781"
_HERMES = "Goyal et al. (HERMES), Lancet 2016;387:1723-1731"

_TICI = "Liebeskind et al. (eTICI), J Neurointerv Surg 2019;11:433-438"
_COLLATERALS = "Menon et al., Radiology 2015;275:510-520"


def _also(level: Level, phrase: str, written: str) -> Level:
    """Return yes or no in a variable's own words, and how files write it beside yes and no."""
    return replace(level, phrase=phrase, written=(*words(written), *level.written))


_RECORDED = (
    Variable(
        "subject_id",
        "Patient",
        "identifier",
        "identifier",
        "The trial's own identifier.",
        namings=(
            Naming("unique_subject"),
            Naming(
                "patient|case|randomisation|rand|screening|study number",
                may="patient case study screening enrolment",
            ),
            Naming("patient", may="study identifier"),
            Naming("identifier", may="study"),
        ),
    ),
    Variable(
        "arm",
        "Arm",
        "categorical",
        "treatment",
        "Randomised allocation; the reference arm first.",
        levels=(
            Level(
                "control",
                "Control",
                REFERENCE_COLOUR,
                "control arm",
                written=words("controls ctrl ctl controlarm controlgroup"),
            ),
            Level(
                "evt",
                "Endovascular",
                TREATMENT_COLOUR,
                "endovascular arm",
                written=words(
                    "endovasculartreatment endovasculartherapy endovascularthrombectomy "
                    "thrombectomy mechanicalthrombectomy mt endovasculararm"
                ),
            ),
        ),
        names=words("arm_description trt01p armcd trtp"),
        namings=(
            Naming(
                "randomisation|randomised|rand|allocation|planned arm",
                may="treatment study group name number",
            ),
            Naming("arm", may="treatment intervention study group name number"),
            Naming(
                "randomisation|randomised|rand|allocation group|treatment|to|glue|outcome",
                may="study planned",
            ),
            Naming("treatment|intervention group|allocation", may="study planned name number"),
            Naming("allocation", may="randomisation study"),
            Naming("randomisation"),
            Naming("treatment", may="planned study number"),
            Naming("group", may="study planned"),
        ),
    ),
    Variable(
        "age_years",
        "Age",
        "continuous",
        "baseline",
        "Age at randomisation.",
        unit="years",
        step=10,
        minimum=0,
        maximum=120,
        usual_median=(18, 95),
        names=words("aage"),
        namings=(
            Naming(
                "age",
                may="patient zero baseline admission enrolment randomisation randomised rand "
                "onset stroke event treatment value",
            ),
        ),
    ),
    Variable(
        "sex",
        "Sex",
        "categorical",
        "baseline",
        "As recorded at enrolment.",
        levels=(
            Level(
                "female",
                "Female",
                "#AA4499",
                "women",
                written=words(
                    "女 女性 f w k woman women weiblich frau feminin feminine femme femmina mujer "
                    "mulher "
                    "femenino femenina feminino femminile vrouw vrouwelijk kvinne kvinna kvinde"
                ),
                columns=words("female is_female sex_female gender_female female_sex"),
            ),
            Level(
                "male",
                "Male",
                "#999933",
                "men",
                written=words(
                    "男 男性 m h man men mannlich maennlich mann masculin masculine homme hombre "
                    "homem "
                    "uomo masculino maschio maschile mannelijk mand varon"
                ),
                columns=words("male is_male sex_male gender_male male_sex er_mann sexm"),
            ),
        ),
        namings=(Naming("sex", may="patient letter number legal sex_coding"),),
    ),
    Variable(
        "nihss_baseline",
        "Baseline NIHSS",
        "continuous",
        "baseline",
        "National Institutes of Health Stroke Scale before treatment, 0 (none) to 42.",
        minimum=0,
        maximum=42,
        namings=(
            Naming("nihss baseline|zero", may="score total value to"),
            Naming(
                "nihss admission|pre_treatment|pre|enrolment|randomisation|randomised|rand|onset",
                may="score total value to baseline treatment",
            ),
            Naming("nihss", may="score total value", undated=True),
        ),
    ),
    Variable(
        "aspects",
        "Baseline ASPECTS",
        "continuous",
        "baseline",
        "Alberta Stroke Program Early CT Score on non-contrast CT, 10 (normal) to 0.",
        minimum=0,
        maximum=10,
        namings=(
            Naming(
                "aspects baseline|admission|pre|pre_treatment|enrolment",
                may="score total value modality_name sequence",
            ),
            Naming("aspects", may="score total value modality_name", undated=True),
        ),
    ),
    Variable(
        "occlusion_site",
        "Occlusion site",
        "categorical",
        "baseline",
        "Most proximal occlusion on baseline CT angiography.",
        levels=(
            Level(
                "ICA",
                "ICA",
                "#AA4499",
                "ICA occlusion",
                written=words(
                    "icat ical icaterminus icaterminal terminalica distalica intracranialica icai "
                    "tica carotidt carotidl carotidterminus terminalcarotid internalcarotidartery "
                    "internalcarotid aci carotis carotide carotida karotis karotide"
                ),
            ),
            Level(
                "M1",
                "M1",
                "#44AA99",
                "M1 occlusion",
                written=words(
                    "mcam1 m1mca m1segment mcam1segment m1segmentmca m1segmentofmca proximalm1 "
                    "m1proximal distalm1 m1distal middlecerebralarterym1"
                ),
            ),
            Level(
                "M2",
                "M2",
                "#999933",
                "M2 occlusion",
                written=words(
                    "mcam2 m2mca m2segment mcam2segment m2segmentmca m2segmentofmca proximalm2 "
                    "m2proximal distalm2 m2distal middlecerebralarterym2"
                ),
            ),
        ),
        namings=(
            Naming(
                "occlusion place|site|level",
                may="vessel target modality_name angio baseline to intracranial left_right",
            ),
            Naming(
                "vessel target|occlusion|affected",
                may="target place site level modality_name angio baseline occlusion",
            ),
            Naming("occlusion target", may="level"),
            Naming("target place vessel", may="level"),
            Naming("place angio", may="baseline"),
            Naming("occlusion|place|site|target|vessel", sure=False),
        ),
    ),
    Variable(
        "laterality",
        "Laterality",
        "categorical",
        "baseline",
        "Hemisphere of the stroke.",
        levels=(
            Level(
                "left",
                "Left",
                "#56B4E9",
                "left hemisphere",
                written=words(
                    "l lt lh li links gauche g sx sin s sinistra sinistro izquierda izquierdo "
                    "izq esquerda esquerdo venstre vanster v lefthemisphere leftside "
                    "leftsided lefthemi"
                ),
                columns=words(
                    "left_hemisphere left_side_stroke left_stroke stroke_left left_sided left_side"
                ),
            ),
            Level(
                "right",
                "Right",
                "#E69F00",
                "right hemisphere",
                written=words(
                    "r rt rh re rechts droite droit d dx dxt dcha derecha derecho destra destro "
                    "direita direito hoyre hojre hoger righthemisphere rightside "
                    "rightsided righthemi"
                ),
                columns=words(
                    "right_hemisphere right_side_stroke right_stroke stroke_right right_sided "
                    "right_side"
                ),
            ),
        ),
        namings=(
            Naming("side", may="infarct lesion stroke occlusion affected to left_right angio"),
            Naming("affected side", may="stroke"),
            Naming("left_right", may="stroke lesion infarct"),
        ),
    ),
    Variable(
        "alteplase",
        "Intravenous alteplase",
        "categorical",
        "baseline",
        "Given as standard care, in either arm.",
        levels=(
            _also(YES_NO[0], "alteplase", "alteplase given"),
            _also(YES_NO[1], "no alteplase", "noalteplase notgiven"),
        ),
        namings=(
            Naming("lysis", may="iv given yesno treatment hospital"),
            Naming("fiv|tiv|bridging", may="given yesno", sure=False),
        ),
    ),
    Variable(
        "onset_to_randomization_min",
        "Onset to randomization",
        "continuous",
        "baseline",
        "From last seen well to randomisation.",
        unit="min",
        step=60,
        minimum=0,
        usual_median=(30, 2880),
        names=words("otr rdelay"),
        namings=(
            Naming(
                "onset|stroke randomisation|randomised|rand|allocation",
                may="to two duration delay stroke allocation onset randomisation rand",
            ),
            Naming("to randomisation|randomised|rand duration|delay"),
            Naming("delay randomisation|randomised|rand", may="to"),
        ),
    ),
    Variable(
        "premorbid_mrs",
        "Premorbid mRS",
        "ordinal",
        "baseline",
        "Modified Rankin Scale before the stroke, 0 (no symptoms) to 5 (van Swieten et al., "
        "Stroke 1988;19:604-607).",
        minimum=0,
        maximum=5,
        levels=tuple(
            Level(str(score), str(score), colour, f"premorbid mRS {score}")
            for score, colour in enumerate(
                ("#2166AC", "#4393C3", "#92C5DE", "#BDBDBD", "#F4A582", "#D6604D")
            )
        ),
        namings=(
            Naming("mrs premorbid", may="score grade total value to event function"),
            Naming(
                "mrs pre stroke|event|onset|admission",
                may="score total value to event stroke function",
            ),
            Naming("mrs pre", may="score grade total value"),
            Naming("mrs baseline", may="score grade total value", undated=True),
        ),
    ),
    Variable(
        "glucose",
        "Glucose",
        "continuous",
        "baseline",
        "Blood glucose on admission; 18.016 mg/dL are 1 mmol/L.",
        unit="mmol/L",
        decimals=1,
        minimum=0,
        maximum=60,
        usual_median=(4, 20),
        namings=(
            Naming("glucose baseline|admission|enrolment|pre_treatment", may="blood value to"),
            Naming("glucose", may="blood value", undated=True),
        ),
    ),
    Variable(
        "collateral_grade",
        "Collateral grade",
        "ordinal",
        "baseline",
        f"Pial arterial filling on baseline CT angiography, in words ({_COLLATERALS}). Numbers "
        "are not taken: scales of collaterals number their grades differently.",
        levels=(
            Level(
                "poor",
                "Poor",
                "#D55E00",
                "poor collaterals",
                written=words(
                    "bad schlecht mauvais mauvaise malo mala pobre scarso scarsi slecht darlig "
                    "dalig"
                ),
            ),
            Level(
                "moderate",
                "Moderate",
                "#E69F00",
                "moderate collaterals",
                written=words(
                    "intermediate massig maessig mittel moyen moyenne moderado moderada moderato "
                    "moderati matig moderat"
                ),
            ),
            Level(
                "good",
                "Good",
                "#0072B2",
                "good collaterals",
                written=words("gut bon bonne bueno buena buono buoni goed god gode goda"),
            ),
        ),
        namings=(
            Naming("collateral", may="grade status circulation baseline modality_name angio"),
            # A score is a number, and scales number their grades differently.
            Naming(
                "collateral score|collateral_scale",
                may="grade status circulation baseline modality_name angio score "
                "collateral_scale collateral",
                in_words=True,
            ),
            Naming("collateral_scale score|grade", in_words=True),
        ),
    ),
    Variable(
        "center",
        "Center",
        "categorical",
        "baseline",
        "The trial's center that enrolled the patient, as the file names it.",
        names=words("study_site trial_site enrolling_site hospital_id hosp_id stroke_team"),
        namings=(
            Naming(
                "centre",
                may="number name study screening site enrolling enrolment origin hospital",
            ),
            Naming("hospital", may="name study enrolling enrolment origin"),
            Naming("site number|name", may="study"),
        ),
    ),
    Variable(
        "tici",
        "Final TICI",
        "ordinal",
        "procedural",
        f"Reperfusion on the final angiogram, 0 (none) to 3 (complete) ({_TICI}); grade 2b "
        "includes 2b50 and 2b67.",
        levels=(
            Level("0", "0", "#8C510A", "TICI 0"),
            Level("1", "1", "#BF812D", "TICI 1", written=("i",)),
            Level("2a", "2a", "#DFC27D", "TICI 2a", written=("iia",)),
            Level("2b", "2b", "#80CDC1", "TICI 2b", written=words("iib 2b50 2b67")),
            Level("2c", "2c", "#35978F", "TICI 2c", written=("iic",)),
            Level("3", "3", "#01665E", "TICI 3", written=("iii",)),
        ),
        namings=(
            Naming("tici final", may="score grade post procedure value end outcome left_right"),
            Naming("tici post", may="score grade procedure treatment intervention value outcome"),
            Naming(
                "tici procedure|treatment|intervention|end|outcome",
                may="score grade post final value procedure end outcome number",
            ),
            Naming("tici", may="score grade value left_right"),
        ),
    ),
    Variable(
        "onset_to_reperfusion_min",
        "Onset to reperfusion",
        "continuous",
        "procedural",
        "From last seen well to reperfusion (Saver et al., JAMA 2016;316:1279-1288).",
        unit="min",
        step=60,
        minimum=0,
        usual_median=(45, 4320),
        names=words("o2r otrep"),
        namings=(
            Naming(
                "onset|stroke reperfusion|recanalisation", may="to two duration delay stroke onset"
            ),
            Naming("to reperfusion|recanalisation duration|delay"),
            Naming("delay reperfusion|recanalisation", may="to"),
        ),
    ),
    Variable(
        "recanalization",
        "Recanalization",
        "categorical",
        "post_randomisation",
        "The occluded vessel is open again; in ESCAPE TICI 2b-3 on the final angiogram in the "
        "endovascular arm, mAOL 2-3 on CT angiography at 2-8 h in the control arm.",
        levels=(
            _also(YES_NO[0], "recanalized", "recanalized recanalised successful success"),
            _also(
                YES_NO[1],
                "not recanalized",
                "notrecanalized notrecanalised unsuccessful failure",
            ),
            Level("unknown", "Unknown", "#999999", "recanalization unknown", known=False),
        ),
        namings=(
            Naming(
                "success recanalisation|reperfusion",
                may="final status post given yesno tici 2b range recanalisation reperfusion",
            ),
            Naming("tici 2b", may="success yesno final post range recanalisation reperfusion"),
            Naming("tici group", may="final post"),
            Naming("recanalisation|reperfusion final|end", may="status grade success post score"),
            Naming(
                "recanalisation",
                may="status grade yesno post procedure 24h modality_name angio vessel",
            ),
            Naming("reperfusion status|grade|score", may="post procedure 24h"),
            Naming("aol", may="score grade value final post 24h recanalisation"),
        ),
    ),
    Variable(
        "imaging_modality",
        "Imaging modality",
        "categorical",
        "post_randomisation",
        "Scan on which the infarct volume was measured.",
        levels=(
            Level(
                "MRI",
                "MRI",
                "#0072B2",
                "volume on MRI",
                written=words("mr dwi flair mrdwi mridwi mrflair mriflair mriscan"),
            ),
            Level(
                "CT",
                "CT",
                "#E69F00",
                "volume on CT",
                written=words("ncct nct nect cect ctscan noncontrastct plainct"),
            ),
        ),
        names=("scan_type",),
        namings=(
            Naming("imaging|modality 24h|followup|final", may="imaging modality type method"),
            Naming("fiv modality|type|imaging", may="imaging"),
            Naming("infarct|volume modality|type|imaging", may="imaging volume infarct"),
            Naming("modality", may="imaging type method", undated=True),
            Naming("imaging method", may="type", undated=True),
        ),
    ),
    Variable(
        "infarct_volume_ml",
        "Infarct volume",
        "continuous",
        "post_randomisation",
        f"Post-treatment infarct volume; in ESCAPE on MRI or CT at 24-48 h ({_AL_AJLAN}).",
        unit="mL",
        decimals=1,
        step=10,
        minimum=0,
        # A brain has about 1,400 mL.
        usual_median=(0.1, 350),
        largest=1_400,
        namings=(
            Naming(
                "infarct volume final",
                may="lesion total value stroke post 24h days followup modality_name sequence",
            ),
            Naming(
                "infarct|lesion|ischaemia|stroke volume|size final|24h|days|followup|post",
                may="infarct lesion total value to final post 24h days followup modality_name "
                "sequence volume",
            ),
            Naming(
                "modality_name|sequence volume 24h|days|final|followup|post",
                may="infarct lesion modality_name",
            ),
            Naming("volume 24h|days|final|followup|post", may="total value"),
            Naming(
                "infarct volume|size",
                may="total value lesion stroke ischaemia modality_name",
                undated=True,
            ),
            Naming("fiv unit:mL"),
            Naming("fiv", sure=False),
        ),
    ),
    Variable(
        "nihss_24h",
        "24-hour NIHSS",
        "continuous",
        "post_randomisation",
        "National Institutes of Health Stroke Scale at 24 h.",
        minimum=0,
        maximum=42,
        namings=(
            Naming(
                "nihss 24h",
                may="score total value post to followup stroke lysis procedure treatment",
            ),
        ),
    ),
    Variable(
        "hemicraniectomy",
        "Hemicraniectomy",
        "categorical",
        "post_randomisation",
        "Decompressive craniectomy after the stroke (Vahedi et al., Lancet Neurol "
        "2007;6:215-222).",
        levels=(
            replace(YES_NO[0], phrase="hemicraniectomy"),
            replace(YES_NO[1], phrase="no hemicraniectomy"),
        ),
        namings=(
            Naming("craniectomy", may="decompression surgery yesno given"),
            Naming("decompression", may="surgery yesno given craniectomy"),
        ),
    ),
    Variable(
        "symptomatic_ich",
        "Symptomatic intracranial haemorrhage",
        "categorical",
        "outcome",
        "As the trial defines it, such as any haemorrhage with clinical worsening (von Kummer et "
        "al. (Heidelberg classification), Stroke 2015;46:2981-2986).",
        levels=(
            replace(YES_NO[0], phrase="symptomatic haemorrhage"),
            replace(YES_NO[1], phrase="no symptomatic haemorrhage"),
        ),
        namings=(
            Naming("sich", may="24h days criteria yesno given to"),
            Naming("symptomatic bleeding", may="intracranial 24h days criteria yesno given to"),
        ),
    ),
    Variable(
        "mrs_90d",
        "mRS at 90 days",
        "ordinal",
        "outcome",
        "Modified Rankin Scale, 0 (no symptoms) to 5 (severe disability) and 6 (death).",
        minimum=0,
        maximum=6,
        levels=tuple(
            Level(str(score), str(score), colour, f"mRS {score}")
            for score, colour in enumerate(
                ("#2166AC", "#4393C3", "#92C5DE", "#BDBDBD", "#F4A582", "#D6604D", "#8C2D3C")
            )
        ),
        namings=(
            Naming(
                "mrs 90d",
                may="score grade total value post to followup outcome stroke event onset",
            ),
        ),
    ),
)

_DERIVED = (
    Variable(
        "delta_nihss",
        "Delta NIHSS",
        "continuous",
        "post_randomisation",
        "Baseline minus 24-hour NIHSS; positive is improvement.",
        sql="nihss_baseline - nihss_24h",
        needs=("nihss_baseline", "nihss_24h"),
    ),
    Variable(
        "mrs_0_2",
        "Functional independence (mRS 0-2)",
        "categorical",
        "outcome",
        "mRS 0, 1 or 2 at 90 days.",
        levels=(
            replace(YES_NO[0], phrase="mRS 0-2"),
            replace(YES_NO[1], phrase="mRS 3-6"),
        ),
        sql="case when mrs_90d <= 2 then 'yes' when mrs_90d > 2 then 'no' end",
        needs=("mrs_90d",),
    ),
    Variable(
        "age_group",
        "Age group",
        "categorical",
        "baseline",
        f"Cut-offs of {_HERMES}.",
        unit="years",
        levels=(
            Level("lt50", "Under 50", "#C6DBEF", "under 50 years"),
            Level("50to59", "50-59", "#9ECAE1", "50-59 years"),
            Level("60to69", "60-69", "#6BAED6", "60-69 years"),
            Level("70to79", "70-79", "#3182BD", "70-79 years"),
            Level("ge80", "80 and over", "#2C5F9E", "80 years and over"),
        ),
        sql=(
            "case when age_years < 50 then 'lt50' when age_years < 60 then '50to59' "
            "when age_years < 70 then '60to69' when age_years < 80 then '70to79' "
            "when age_years >= 80 then 'ge80' end"
        ),
        needs=("age_years",),
    ),
    Variable(
        "nihss_group",
        "Baseline NIHSS group",
        "categorical",
        "baseline",
        f"Cut-offs of {_HERMES}.",
        levels=(
            Level("le10", "10 or less", "#C7E9C0", "NIHSS 10 or less"),
            Level("11to15", "11-15", "#A1D99B", "NIHSS 11-15"),
            Level("16to20", "16-20", "#41AB5D", "NIHSS 16-20"),
            Level("ge21", "21 or more", "#238B45", "NIHSS 21 or more"),
        ),
        sql=(
            "case when nihss_baseline <= 10 then 'le10' when nihss_baseline <= 15 then '11to15' "
            "when nihss_baseline <= 20 then '16to20' when nihss_baseline > 20 then 'ge21' end"
        ),
        needs=("nihss_baseline",),
    ),
    Variable(
        "aspects_group",
        "ASPECTS group",
        "categorical",
        "baseline",
        f"Cut-offs of {_HERMES}.",
        levels=(
            Level("0to5", "0-5", "#8C510A", "ASPECTS 0-5"),
            Level("6to8", "6-8", "#BF812D", "ASPECTS 6-8"),
            Level("9to10", "9-10", "#35978F", "ASPECTS 9-10"),
        ),
        sql=(
            "case when aspects <= 5 then '0to5' when aspects <= 8 then '6to8' "
            "when aspects > 8 then '9to10' end"
        ),
        needs=("aspects",),
    ),
    Variable(
        "time_group",
        "Onset to randomization group",
        "categorical",
        "baseline",
        "The late window of ESCAPE: randomised more than 5.5 h after last seen well "
        "(Evans et al., AJNR 2018).",
        unit="min",
        levels=(
            Level("le330", "330 or less", "#56B4E9", "randomised within 330 min"),
            Level("gt330", "Over 330", "#E69F00", "randomised after 330 min"),
        ),
        sql=(
            "case when onset_to_randomization_min <= 330 then 'le330' "
            "when onset_to_randomization_min > 330 then 'gt330' end"
        ),
        needs=("onset_to_randomization_min",),
    ),
    Variable(
        "volume_group",
        "Infarct volume group",
        "categorical",
        "post_randomisation",
        "Cut at the quartiles of ESCAPE: 7, 21 and 72 mL (Ganesh et al., Int J Stroke "
        "2021;16:593).",
        unit="mL",
        levels=(
            Level("le7", "7 or less", "#DADAEB", "7 mL or less"),
            Level("7to21", "Over 7 to 21", "#BCBDDC", "over 7 to 21 mL"),
            Level("21to72", "Over 21, under 72", "#807DBA", "over 21 and under 72 mL"),
            Level("ge72", "72 or more", "#6A51A3", "72 mL or more"),
        ),
        sql=(
            "case when infarct_volume_ml <= 7 then 'le7' when infarct_volume_ml <= 21 then "
            "'7to21' when infarct_volume_ml < 72 then '21to72' "
            "when infarct_volume_ml >= 72 then 'ge72' end"
        ),
        needs=("infarct_volume_ml",),
    ),
)

VARIABLES: tuple[Variable, ...] = (*_RECORDED, *_DERIVED)

FIRST_FILTERS = ("arm", "occlusion_site", "recanalization")
"""The variables that the filter panel always shows, in this order."""

REQUIRED = ("arm", "infarct_volume_ml")
"""Columns without which a file cannot be explored at all."""

ASKED_ABOUT = (
    *("arm", "age_years", "sex", "nihss_baseline", "aspects", "occlusion_site", "laterality"),
    *("alteplase", "onset_to_randomization_min", "recanalization", "imaging_modality"),
    *("infarct_volume_ml", "nihss_24h", "mrs_90d"),
)
"""The variables that some question of the pages cannot do without."""

SMALL_VOLUME_ML = 7.0
LARGE_VOLUME_ML = 72.0
SMALL_GROUP, LARGE_GROUP = "le7", "ge72"
"""Codes of the levels of `volume_group` that these two bounds make."""


def variable(name: str) -> Variable:
    """Return one registered variable.

    Raises
    ------
    KeyError
        If `name` is not registered; the message lists what is.
    """
    everything = (*recorded(), *derived())
    found = next((variable for variable in everything if variable.name == name), None)
    if found is None:
        known = ", ".join(variable.name for variable in everything)
        msg = f"'{name}' is not a registered variable. Add it to data/variables.py. Known: {known}"
        raise KeyError(msg)
    return found


def recorded() -> tuple[Variable, ...]:
    """Return the variables that a file may hold, in canonical order."""
    return _RECORDED


def derived() -> tuple[Variable, ...]:
    """Return the variables that are computed from recorded ones."""
    return _DERIVED

# ruff: noqa: ISC004  # alternatives of one pattern, a language a line
"""Names of columns by their parts: what was measured, and when, in the languages of trials.

A name is claimed only if it says what and, where the variable needs it, when; a word of another
time, of a change or of another lesion takes the claim back.
"""

import re

_OTHER = re.compile(
    r"delta|change|diff|growth|shift|discharge|entlass|sortie|alta(_|$)|dimiss|ontslag|utskriv|"
    r"udskriv|core|kern|coeur|penumbra|penombra|tmax|hypoperf|hematom|haematom|ematom|blutung|"
    r"bleed|edema|odem|oedem|wmh|white|voxel|brain|normalis|grp|group|class|binary|_cat(_|$)|"
    r"date|fecha|datum|time_of|day_?[57]|_d[57](_|$)|d30|h2_8|48|_6_?m|12_?m|1_?y(_|$)|year_1|m36|"
    r"item|gaze|loc(_|$)|0_[12](_|$)|score_?\d\d|contra|dose|guess|received|puncture|groin|needle|"
    r"carotid|dtc|doppler|old|utility|baseline_volume|pre_?thromb|pre_?tromb|gap|at_death|history"
)
_EARLY = (
    r"(baseline|base|basal\w*|bsl|bl|adm|admission|admissao|admit|initial|inicial|inicio|initiaux|"
    r"ingreso|ingresso|aufnahme|ausgangswert|opname|binnenkomst|entree|innkomst|inn|ankomst|ank|"
    r"inkomst|indlaeggelse|indlaegg\w*|indl|llegada|arrival|presentation|prae|pra|pre_treatment|"
    r"j0|ad|enrol\w*|previa)"
)
_DAY = (
    r"(24_?(h|hr|hrs|hours|std|stunden|timmar|timer|tim|uur|u|t)?|24_36_?h|h24|day_?1|d1|tag_?1|"
    r"j1|jour_1|dia_1|giorno_1|dag_1)"
)
_QUARTER = (
    r"(90|d90|j90|v90|m3|90_?(d|days?|tagen?|jours?|dias?|giorni|gg|dage|dagar|dager|dagen)|"
    r"3_?(m|mo|mon|months?|monaten?|mois|meses|mesi|maanden|maneder|manader|man|mnd)|"
    r"three_month|ninety_day)"
)
_MRS = r"(mrs|m_rs|mrankin|rankin)(_?score)?"
_FINAL = rf"({_DAY}|final\w*|finale\w*|fu|follow_?up|eind)"
_VOLUME = r"(vol|volum|volume|volumen|volym|volumes)"
_INFARCT = r"(inf|infarct|infarkt|infarto|infarctus|enfarte|lesion|lasion|lesione|les|stroke)"
_LINK = r"(_(a|at|al|a_los|aos|nach|na|efter|etter|post|ved|vid|the|bei|bij|d|l|de|del|di|do|of))*"

_PARTS: tuple[tuple[str, str], ...] = (
    ("nihss_24h", rf"nihss?(_?score)?{_LINK}_?{_DAY}(_(total|numeric))?|{_DAY}_nihss?(_score)?"),
    ("nihss_baseline", rf"nihs?s?(_?score)?{_LINK}_?{_EARLY}|{_EARLY}_?nihs?s?(_?score)?"),
    ("mrs_90d", rf"{_MRS}{_LINK}_?{_QUARTER}|{_QUARTER}_?{_MRS}"),
    (
        "premorbid_mrs",
        rf"{_MRS}_(premorbid\w*|pramorbid\w*|previo|previa|pre_?ictus|pre_?avc|pre_?stroke|"
        rf"fore_\w+|for_\w+|vor_ereignis|voor_beroerte|vooraf|pre_evento)(_0_5)?|"
        rf"(pre|premorbid\w*|pramorbid\w*|pre_?stroke|pre_?event)_?{_MRS}",
    ),
    (
        "infarct_volume_ml",
        rf"{_INFARCT}_?{_VOLUME}_{_FINAL}|{_VOLUME}(_final)?(_(de|del|do|di|l))*_{_INFARCT}_{_FINAL}|"
        rf"{_FINAL}_?{_INFARCT}_?{_VOLUME}|{_VOLUME}_final(_(de|del|do|di|l))*_{_INFARCT}|"
        rf"(infarkt|infarct|infarto|enfarte)_?{_VOLUME}|{_VOLUME}_(infarto|enfarte|infarctus)",
    ),
    ("sex", r"(patient_?)?(gender|sex|sexe|sexo|sesso|genero|genere|genre|geschlecht|geslacht|"
            r"kjonn|kon|geschl)(_\w_\w)?"),
    ("age_years", r"(patient_?|pt_)?(age|alter|lebensalter|edad|eta|idade|leeftijd|alder)"
                  r"(_(bei_einschluss|at_stroke|at_rand|inclusion|enroll|admit|calc|0|inclusie|"
                  r"admissao|a_l_inclusion))?(_(ans|anni|anos|jaar|jahre|years?|y|yrs?))?"),
    ("occlusion_site", r"(sitio|lugar|localizacion|sede|site|niveau|nivel|livello|localisation|"
                       r"plaats|local)(_(de|d|dell|del|da))*_(oc?clusi?\w+|obstruccion)|"
                       r"(verschluss|okklusjons?|ocklusions?|occlusie)_?(ort|hohe|niva|sted|"
                       r"lokalisation|locatie)"),
    ("laterality", r"(verschluss|infarkt|lesion)_?seite|lateralit\w+|lateraliz\w+|hemisf\w+|"
                   r"emisfero|hemisphar\w*|(cote|lado|lato|zijde)(_\w+)?"),
    ("glucose", r"(glukose|glucose|glicemia|glucosa)_(bei_aufnahme|ingreso|ingresso|opname)"),
    ("arm", r"(behandlungs|behandlings|behandel|onderzoeks)_?(arm|gruppe|groep)|"
            r"(bras|groupe|brazo|grupo|braccio|gruppo|braco)(_(de|di))?_(traitement|tratamiento|"
            r"trattamento|tratamento|randomi[sz]ation)"),
    ("subject_id", r"(patienten?|pasient|proefpersoon|randomisierungs)_?(id|nr|nummer|number)|"
                   r"id_?(patient|paziente|paciente|doente|soggetto)"),
)  # fmt: skip


def claimed_by_parts(name: str) -> str:
    """Return the variable that the parts of a normalised name stand for, empty if they do not.

    Examples
    --------
    >>> claimed_by_parts("nihss_nach_24_stunden")
    'nihss_24h'
    >>> claimed_by_parts("nihss_entlassung")
    ''
    """
    if _OTHER.search(name):
        return ""
    found = [variable for variable, pattern in _PARTS if re.fullmatch(pattern, name)]
    return found[0] if len(found) == 1 else ""

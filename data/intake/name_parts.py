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
    (
        "alteplase",
        r"(iv_?|i_v_|systemische_|intraveneuze_|additional_)?(t[hr]*romboly\w+|trombolis\w*|lyse|"
        r"lysis|fibrinolis\w+|r?t_?pa|ivt)(_?(iv|ev|e_v|i_v|given|gegeben|gegeven|yn|yes|janee|"
        r"intravenosa|sistemica))?|(ivt_?pa|iv_?t_?pa|iv_?rt_?pa|tiv)(_given|_yn)?",
    ),
    (
        "aspects",
        rf"(ncct_|ct_)?aspects?(_score)?{_LINK}_{_EARLY}(_(ct|cl|tc))?|aspects?_?score|"
        r"aspects?_(tc_basale|pra|vid_ankomst|baseline_ct|bl_cl|nul|corelab)",
    ),
    (
        "onset_to_randomization_min",
        r"(onset|symptom\w*|lsw|lkw|esordio|inicio|debut|ictus|delai|tempo|tiempo|time|begin|klachten|"
        r"debut|beginn|start)(_?(to|2|bis|tot|til|onset|symptom\w*|inicio|esordio|debut|delai|"
        r"klachten|time))*_?(rando?|randomi[sz]\w+|aleatorizacion|randomizzazione|randomizacao)"
        r"(_time)?",
    ),
    (
        "arm",
        r"gruppe|groep|groupe|grupo|gruppo|bras|brazo|braccio|braco|randomisierung|trtp|"
        r"trt_?grp|assigned_trt|trt_alloc|randomis\w+_ti[l]|randomised_to|studiegrupp|"
        r"intervention_group|groupe_rando|treatment_arms|rando?_result|"
        r"behandlung|behandeling|behandling|traitement|tratamiento|trattamento|tratamento",
    ),
    ("center", r"klinik|hosp_?id|sitenum|hospnum|ctr|senter|avdeling"),
    (
        "imaging_modality",
        r"(bildgebungs?|imaging_?)?modalit\w+(_imagen|_imaging|_imagem|_imagerie|_24h)*|"
        r"tipo_(imagen|imaging)_24h|follow_up_scan_type|fiv_modality",
    ),
    (
        "symptomatic_ich",
        r"(esi|hic|emorragia|hemorragia|hemorragie)(_\w+)?_s[iy]ntom?\w+|sich_(ja_nein|c)|shic",
    ),
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


_EARLY_CJK = r"(入院時?|基线|治疗前|治療前|来院時|初診時|术前)"
_CJK: tuple[tuple[str, str], ...] = (
    ("nihss_baseline", rf"{_EARLY_CJK}nihss(评分)?|nihss{_EARLY_CJK}"),
    ("nihss_24h", r"(术后)?24(小时|h)nihss(评分)?|翌日nihss"),
    ("mrs_90d", r"(90[天日]|3(个月|か月後|ヶ月後))mrs(评分)?|mrs(评分)?(90[天日])"),
    ("premorbid_mrs", r"(卒中前|发病前|病前|発症前)mrs(评分|grade)?"),
    ("aspects", rf"{_EARLY_CJK}?aspects(评分|スコア)?"),
    ("age_years", r"年[齢龄]|治療時年齢"),
    ("sex", r"性[別别]"),
    ("arm", r"分组|割付|治疗分组|治疗组别|治療群|随机分组"),
    ("laterality", r"患側|梗死侧别|病变侧|病変側|閉塞側"),
    ("infarct_volume_ml", r"(24h)?梗[塞死](灶)?体[積积](ml)?"),
    ("occlusion_site", r"血管闭塞部位|責任血管|责任血管(部位)?|閉塞(血管)?部位|闭塞血管"),
    ("symptomatic_ich", r"sich有無|sich24h"),
)


def claimed_in_another_script(name: str) -> str:
    """Return the variable of a whole Chinese or Japanese name, empty if it is not known.

    Examples
    --------
    >>> claimed_in_another_script("入院NIHSS评分"), claimed_in_another_script("出院NIHSS")
    ('nihss_baseline', '')
    """
    plain = re.sub(r"[\W_]+", "", name.casefold())
    return next((known for known, pattern in _CJK if re.fullmatch(pattern, plain)), "")

"""Words of arms: which of two names is the reference, as far as the words themselves say.

A name is read as its parts: what is given (thrombectomy, thrombolysis, a drug), what stands for a
reference (placebo, control, usual care), and what is denied ("no EVT"). What both arms have in
common tells nothing, so "EVT + placebo" against "EVT + drug" is placebo against drug. Neither the
order of the rows nor of the alphabet decides anything.
"""

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache

from data.variable import words
from data.variables import YES_NO

_PARTS: Mapping[str, tuple[str, ...]] = {
    "evt": words(
        "evt mt tm iat iab ia thrombectom* thrombektom* trombectom* trombektom* endovas* "
        "embolectom* embolektom* intraarter* stent stenting stentretriev* retriever "
        "retrievers aspirationsthromb* evb"
    ),
    "thrombolysis": words(
        "ivt iv tpa rtpa alteplas* actilyse actylise thrombolys* trombolys* trombolis* "
        "trombolit* thrombolyt* fibrinolis* fibrinolys* lyse lysis lysetherap* ivtpa ivrtpa"
    ),
    "lytic": words(
        "tnk tnkase tenecteplas* tenekteplas* desmoteplas* reteplas* urokinas* prourokinas* "
        "staphylokinas*"
    ),
    "drug": words(
        "nerinetid* na1 argatroban* tirofiban* eptifibatid* glibenclamid* glyburid* edaravon* "
        "butylphthalid* methylprednisolon* magnesium uric cilostazol* hypothermi* normobaric "
        "oxygen conditioning konditionering conditionnement ric fjernkonditionering* "
        "natalizumab fingolimod minocyclin* citicolin* cerebrolysin apotel ginkgolid* "
        "clopidogrel ticagrelor heparin* dexborneol colchicin* imatinib tocilizumab"
    ),
    "active": words(
        "active actif aktiv* activo activa attivo attiva ativo ativa experiment* sperimental* "
        "investigat* verum interven* treated behandlad behandelt behandlet traite tratado "
        "tratados trattato trattati device prufgruppe prufarm pruefgruppe testgruppe "
        "versuchsgruppe exper* intensive intensiv"
    ),
    "therapy": words(
        "treatment treat trt therapy therapie terapia behandlung behandling behandeling "
        "traitement tratamiento tratamento trattamento"
    ),
    "medical": words(
        "bmt bmm smt smm mm tmo soc medical* medicament* medikament* medica medico medici "
        "medicamento* medisin* medisch* medicinsk* medicijn* standard* standaard* estandar* "
        "padrao convention* convencional* convenzional* konvention* conventio* soins "
        "guideline"
    ),
    "reference": words(
        "control controls ctrl ctl control* kontrol* controle* controll* temoin temoins "
        "placebo* plazebo* pbo sham vehicle vehikel vehiculo vehicule usual conservat* "
        "konservat* conservad* reference referenz* referencia riferimento referentie "
        "referanse referens referans saline dummy comparator vergleich* comparateur "
        "comparador courants courant vanlig vanlige sedvanlig sedvanliga gebruikelijk* "
        "habitual habituel* abitual* ublich* schein* skin* sken* simul* uvirksom* inaktiv* "
        "inactive narremedi* delayed deferred untreated unbehandelt* ubehandl* obehandl* "
        "onbehandeld noninterven* lowflow nontreat* scheinbehandlung"
    ),
    "direct": words("direct direkt* directa directe diretta direto dmt devt primary primar*"),
    "both": words("bridging combined combination kombin* combin* bridge"),
}
"""Parts of an arm's name and how names write them; a star stands for any ending."""

_OTHER_SCRIPTS: Mapping[str, str] = {
    "血管内": "evt", "取栓": "evt", "血栓回収": "evt", "介入": "evt",
    "桥接": "bridging", "替奈普酶": "tenecteplase", "阿替普酶": "alteplase",
    "溶栓": "thrombolysis",
    "静注": "thrombolysis", "血栓溶解": "thrombolysis", "试验": "experimental",
    "試験": "experimental",
    "实验": "experimental", "干预": "intervention", "观察": "experimental", "実薬": "active",
    "对照": "control", "対照": "control", "コントロール": "control", "安慰剂": "placebo",
    "プラセボ": "placebo", "偽薬": "placebo", "保守": "conservative", "内科": "medical",
    "药物": "medical", "薬物": "medical", "常规": "usual", "标准": "standard", "標準": "standard",
    "治疗": "therapy", "治療": "therapy", "血栓除去": "evt",
}  # fmt: skip
_OTHER_DENIALS = ("非", "无", "無", "なし", "未", "不")
_DENIALS = frozenset(
    words(
        "no non not none without w/o ohne kein keine keiner sans pas aucun aucune sin ninguno "
        "ninguna senza nessun nessuna sem nenhum zonder geen niet uten uden utan ingen inget ikke "
        "inte avoid nein nei nej nee nao wo false"
    )
)
_JOINS = frozenset(words("plus and with und mit et avec y con e com en met og med och"))
_AFFIRMED = frozenset(words("yes ja oui si sim true"))
_STRENGTH = {"reference": 0, "medical": 1, "thrombolysis": 2, "lytic": 3, "drug": 3, "evt": 4}
_ACTIVE = 4
_STRONGEST_REFERENCE = 2
_NOTHING = -1
_NOT_RANDOMISED = re.compile(
    r"screen(ing)?[ _-]*fail\w*|not[ _-]*(randomi[sz]ed|assigned|treated[ _-]*yet)|"
    r"nicht[ _-]*randomisiert|non[ _-]*randomis\w+|no[ _-]*aleatorizad\w+|"
    r"ikke[ _-]*randomiser\w*|(sub)?totals?|summe|gesamt|somme|suma",
    re.IGNORECASE,
)


def is_no_arm(text: str) -> bool:
    """Tell whether a value of the arm's column says that nobody was randomised in its row.

    Examples
    --------
    >>> [is_no_arm(text) for text in ("Screen failure", "Not randomised", "Total", "Control")]
    [True, True, True, False]
    """
    return _NOT_RANDOMISED.fullmatch(text.strip()) is not None


def reference_of(column: str, first: str, second: str) -> str:
    """Return which of two arms the words make the reference; empty when they do not say.

    Parameters
    ----------
    column : str
        Name of the arms' column: in "evt", 1 and 0 or yes and no say it.
    first, second : str
        The arms as the file writes them.

    Examples
    --------
    >>> reference_of("arm", "EVT", "IVT")
    'IVT'
    >>> reference_of("arm", "EVT + BMT", "BMT")
    'BMT'
    >>> reference_of("placebo", "0", "1")
    '1'
    >>> reference_of("arm", "A", "B")
    ''
    """
    told = [_as_answer(column, text) or text for text in (first, second)]
    one, other = (_parts(text) for text in told)
    if _is_direct_against_both(one, other):
        return ""
    left, right = one - other, other - one
    if not left and not right:
        return _without_addition(first, second)
    return {-1: first, 1: second, 0: ""}[_lower(_rank(left), _rank(right))]


def _lower(first: int | None, second: int | None) -> int:
    """Return -1 or 1 for the first or second being the reference, 0 when nothing tells."""
    if first == second:
        return 0
    if _NOTHING in (first, second):
        side = -1 if first == _NOTHING else 1
        return _by_addition(second if first == _NOTHING else first) * side
    if first is None or second is None:
        side = -1 if second is None else 1
        return _by_one(second if first is None else first) * side
    low, high = sorted((first, second))
    is_open = low > _STRONGEST_REFERENCE or high <= _STRENGTH["medical"]
    return 0 if is_open else -1 if low == first else 1


def _by_addition(added: int | None) -> int:
    """Return 1 if what one arm adds makes the other the reference, -1 if it is a placebo."""
    if added is None or added == _STRENGTH["medical"]:
        return 0
    return 1 if added else -1


def _by_one(rank: int | None) -> int:
    """Return 1 if the one arm that words explain is the reference, -1 if the treatment."""
    if rank is None or rank == _STRENGTH["thrombolysis"]:
        return 0
    return 1 if rank < _STRENGTH["thrombolysis"] else -1


def _rank(parts: frozenset[str]) -> int | None:
    """Return how much of a treatment the parts are: 0 is a reference, -1 nothing, None unknown."""
    named = {part.split(":")[0] for part in parts} - {"direct"}
    if not named:
        return _NOTHING
    if named & {"reference", "not"}:
        return 0
    if "active" in named:
        return _ACTIVE
    ranks = [_STRENGTH[part] for part in named if part in _STRENGTH]
    if ranks:
        return max(ranks)
    return _ACTIVE if named == {"therapy"} else None


def _without_addition(first: str, second: str) -> str:
    """Return the arm to which the other one adds something that no word explains."""
    one, other = (set(_tokens(text)) for text in (first, second))
    if one < other and "+" in second and "+" not in first:
        return first
    return second if other < one and "+" in first and "+" not in second else ""


def _is_direct_against_both(*arms: frozenset[str]) -> bool:
    """Tell whether EVT at once is compared with bridging: either was the trial's standard."""
    both = {"evt", "thrombolysis"}
    return any(
        "direct" in one and "evt" in one and both <= other for one, other in (arms, arms[::-1])
    )


def _as_answer(column: str, text: str) -> str:
    """Return a yes or no, 0 or 1, with the name of the column that it answers, if it says one."""
    key = "".join(_tokens(text))
    answer = next((level.code for level in YES_NO if key in (level.code, *level.written)), "")
    named = {part.split(":")[0] for part in _parts(column)} - {"therapy", "direct"}
    is_of_one_kind = bool(named) and (not named & {"reference", "not"} or named == {"reference"})
    return f"{column} {answer}" if answer and is_of_one_kind else ""


@lru_cache(maxsize=4096)
def _parts(text: str) -> frozenset[str]:
    """Return the parts of an arm's name; a denied one is "not:" and its name."""
    found: list[str] = []
    is_denied, is_pending = False, False
    for word in _tokens(text):
        if word in _DENIALS:
            is_denied, is_pending = True, True
        elif word in _JOINS or word == "+":
            is_denied = False
        elif word not in _AFFIRMED:
            for part in _parts_of(word):
                found.append(f"not:{part}" if is_denied else part)
                is_pending = False
    if is_pending:  # "EVT: no" denies what stands before it
        found = [f"not:{part}" for part in found]
    # Who does not have a placebo has the treatment.
    found = ["active" if part == "not:reference" else part for part in found]
    kept = set(found)
    if kept - {"therapy", "not:therapy"}:
        kept -= {"therapy"}
    return frozenset(kept)


def _parts_of(token: str) -> tuple[str, ...]:
    for part, stems in _PARTS.items():
        is_it = any(
            token.startswith(stem[:-1]) if stem.endswith("*") else token == stem for stem in stems
        )
        if is_it and part == "both":
            return "evt", "thrombolysis"
        if is_it:
            return (f"drug:{token}",) if part == "drug" else (part,)
    return ()


def _tokens(text: str) -> tuple[str, ...]:
    """Return the words of a name in small letters without accents; "+" is a word."""
    is_denied = any(sign in text for sign in _OTHER_DENIALS)
    for sign in _OTHER_SCRIPTS:
        text = text.replace(sign, f" {_OTHER_SCRIPTS[sign]} ")
    text = re.sub(r"\b(r?t)[- ]?PA\b", "rtpa", f"no {text}" if is_denied else text)
    text = re.sub(r"\bI\.?\s?([VA])\.?(?=[\s_-])", r"I\1", text)
    text = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", text)
    text = text.casefold().replace("ø", "o").replace("æ", "ae").replace("œ", "oe")
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    for written, meant in _TOGETHER:
        plain = re.sub(written, meant, plain)
    return tuple(re.findall(r"[a-z]+[0-9]?(?![a-z])|[a-z]+|[0-9]+|\+", plain))


_TOGETHER = (
    (r"intra[-_ ]?arter", "intraarter"),
    (r"\br?t[-_ ]?pa\b", "rtpa"),
    (r"\bna[-_ ]1\b", "na1"),
    (r"\bw/o\b", "without"),
    (r"\bnon[-_ ]", "no "),
    (r"low[-_ ]flow", "lowflow"),
    (r"uric acid", "uric"),
    (r"stent[-_ ]retriev", "stentretriev"),
    (r"[&/]|\bund\b", "+"),
    (r"_", " "),
)

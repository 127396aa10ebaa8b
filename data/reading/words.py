"""Words: what stands in the lines around a table, in the languages that trials are kept in."""

# ruff: noqa: E501, RUF001, SIM905  # lists of words, in scripts that look like others

import re

_NUMERIC = re.compile(
    r"[<>≤≥~]?\s*[+\-−]?\d+([.,:/\-' ]\d+)*([eE][+-]?\d+)?\s*[%+]?([T ][\d:.]+)?"
)
_TOTALS = (
    "total totals totale totaal gesamt summe gesamtsumme insgesamt somme suma razem celkem sum "
    "summa összesen toplam итого всего 合计 总计 合計 grand_total subtotal sous-total zwischensumme "
    "mean means average avg mittelwert mittel durchschnitt moyenne media promedio média gemiddelde "
    "medel medelvärde gjennomsnitt gennemsnit keskiarvo średnia průměr átlag ortalama среднее 平均 "
    "median médiane mediane mediana mediaan medián медиана sd std stdev stddev standardabweichung "
    "écart-type ecart-type σ min max minimum maximum count anzahl nombre número numero aantal antal "
    "n iqr range q1 q3 p25 p75 sem se variance varianz variance %"
).split()
_TOTAL = re.compile(
    rf"({'|'.join(re.escape(word.replace('_', ' ')) for word in _TOTALS)})"
    r"\s*(\(.{0,20}\)|[±+/]\s*\w{1,4})?\s*:?",
    re.IGNORECASE,
)
_COUNT = re.compile(r"[nN]\s*[=:]\s*\d[\d.,' ]*.{0,30}")
_NOTE = re.compile(
    r"(\*|†|‡|\d\)|note|notes|source|legend|abbreviations?|anmerkung|hinweis|quelle|legende|"
    r"remarque|légende|nota|fuente|fonte|bron|kilde|källa).{3,}",
    re.IGNORECASE | re.DOTALL,
)
_UNITS = frozenset(
    "y yr yrs year years jahr jahre jahren j an ans année années a años anni jaar år lat let "
    "m mo month months monat monate mois w week weeks wochen d day days tag tage jour jours dagen "
    "h hr hrs hour hours std stunde stunden heure heures uur s sec secs second seconds sek sekunden "
    "min mins minute minutes minuten minuut ml mls cc cm3 cm³ ccm mm3 mm³ µl ul l dl voxel voxels "
    "mm cm cm² m2 kg g mg µg mmhg mm_hg bpm /min mmol/l mg/dl µmol/l umol/l g/dl g/l kg/m2 kg/m² % "
    "percent prozent point points punkte pts pt score scores punkt pkt n no anzahl yes/no y/n ja/nein "
    "oui/non j/n 0/1 1/0 m/f m/w f/m h/f date datum text unit units einheit einheiten unité unités "
    "unidad ml/100g hu he mm_hg dd.mm.yyyy yyyy-mm-dd dd/mm/yyyy tt.mm.jjjj hh:mm".split()
)
_BRACKETED = re.compile(r"[\[(<{].{0,40}[\])>}]")
_RANGE = re.compile(r"\d+\s*(-|–|—|\.\.+|to|bis|à|a|,)\s*\d+(\s*\w{0,8})?")
NOT_KNOWN = frozenset(
    "na n/a #n/a n.a. nan <na> null . - -- missing unknown unk ? nd n.d. k.a. nr none "
    "inconnu unbekannt fehlt nicht_bekannt".split()
)


def is_numeric(text: str) -> bool:
    """Tell whether a cell is a number, a date or a time, however it is written.

    Examples
    --------
    >>> [is_numeric(text) for text in ("5", "1.234,5", "2024-01-31", "08:14", ">45", "P001")]
    [True, True, True, True, True, False]
    """
    return len(text) < 40 and _NUMERIC.fullmatch(text.strip()) is not None  # noqa: PLR2004


def is_total(text: str) -> bool:
    """Tell whether a cell opens a row of totals.

    Examples
    --------
    >>> [is_total(text) for text in ("Mittelwert (SD)", "n = 80", "Total:", "P001", "Nina")]
    [True, True, True, False, False]
    """
    text = text.strip()[:80]
    return bool(_TOTAL.fullmatch(text) or _COUNT.fullmatch(text))


def is_note(text: str) -> bool:
    """Tell whether a cell is a footnote: it opens as one, or is a sentence."""
    text = text.strip()
    return bool(_NOTE.match(text)) or len(text.split()) > 3  # noqa: PLR2004


def is_unit(text: str) -> bool:
    """Tell whether a cell of the row below the names is a unit, a range or a bracketed hint.

    Examples
    --------
    >>> [is_unit(text) for text in ("mL", "[Jahre]", "0-6", "EVT")]
    [True, True, True, False]
    """
    text = " ".join(text.casefold().split()).replace(" ", "_")
    if _BRACKETED.fullmatch(text):
        return True
    return text.strip(".") in _UNITS or _RANGE.fullmatch(text.replace("_", " ")) is not None


def is_not_known(text: str) -> bool:
    """Tell whether a cell says that a value is not known."""
    return text.strip().casefold() in NOT_KNOWN

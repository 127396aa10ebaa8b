"""Names and patterns of identifiers: such a column is left out, no value is shown."""

import re

import pandas as pd

from data.intake.names import normalised
from data.variable import words

_WORDS = frozenset(
    words(
        "mrn nhs ssn nin cpf cns dni nie bsn personnummer fodselsnummer cpr postcode postal "
        "zip plz zipcode postleitzahl codigopostal phone telephone telefon telefono "
        "telefone email mail epost courriel correo address adresse direccion indirizzo "
        "adres endereco street strasse calle surname forename firstname lastname givenname "
        "familyname vorname nachname prenom nom nombre apellido apellidos cognome sobrenome "
        "voornaam achternaam fornavn etternavn efternavn fornamn efternamn initials "
        "initialen initiales iniziali initialer insurance versichertennummer ahv avs dob "
        "birthdate dateofbirth geburtsdatum ipp nhc prontuario accession passport linkage "
        "hospitalnumber"
    )
)
_PHRASES = re.compile(
    r"(date_of_birth|birth_?date|birth_?day|birth_?year|geburts|naissance|nacimiento|nascita|"
    r"nascimento|geboorte|fodsels|foedsels|fodelse|first_?name|last_?name|family_?name|"
    r"given_?name|full_?name|patient_?name|hospital_?(number|no|nr|num)|medical_?record|"
    r"record_?linkage|social_?security|insurance|krankenkasse|post_?code|postal|zip_?code|"
    r"personnummer|person_?nr|codice_?fiscale|numero_?historia|aktenzeichen|accession|e_?mail|"
    r"phone|telefon|(^|_)tel(_|$)|address|adresse|住所|氏名|姓名|"
    r"电话|電話|身份证|住院号|病案号|病历号|门诊号|カルテ番号|診察券番号|入院番号|出生日期|生年月日)"
)
_EMAIL = r"[^@\s]+@[^@\s]+\.[^@\s]+"
_PHONE = r"(\+|00|\(0)[0-9() ./-]{7,}|0[0-9]{2,4}[ /-][0-9][0-9 /-]{4,}"
_MOST = 0.5


def names_an_identifier(column: str) -> bool:
    """Tell whether a column's name announces what identifies a person.

    Examples
    --------
    >>> [names_an_identifier(name) for name in ("MRN", "Geburtsdatum", "zip", "age")]
    [True, True, True, False]
    """
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", column)
    named = {*normalised(column).split("_"), *normalised(spaced).split("_")}
    return bool(named & _WORDS) or any(
        _PHRASES.search(name) for name in (normalised(column), normalised(spaced), column)
    )


def looks_like_identifiers(known: pd.Series) -> bool:
    """Tell whether most texts of a column are e-mail addresses or telephone numbers."""
    if known.empty:
        return False
    is_one = known.str.fullmatch(f"({_EMAIL})|({_PHONE})")
    return bool(is_one.mean() > _MOST)

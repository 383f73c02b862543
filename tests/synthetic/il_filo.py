"""Il Filo's year 2024: a tailor's shop of invented people, four in ten of whom are disadvantaged.

Two of them are paid less than their level for the hours they spend in training, so that the limit of
30% of pay cuts their refund, and what it withholds goes to the reserve.
"""

from pathlib import Path
from random import Random

from tables import Year, decimal, half_up

FULL_YEAR_HOURS = 1_720
MONTHLY_PAY = 1_485_00
SURPLUS = 96_284_57
SHARE_VALUE = 25_00
# One a person: hundredths of the level, tenths of full time, months of presence.
WORKERS = (
    *((180, 10, 12), (150, 10, 12), (140, 8, 12), (125, 10, 12), (125, 5, 12), (110, 10, 12)),
    *((110, 10, 7), (100, 8, 12), (100, 6, 12), (100, 10, 12), (100, 5, 9), (100, 10, 1)),
)
# Hundredths of pay, of those who are not paid in full for all their hours.
PAID = {7: 60, 8: 55}
DISADVANTAGED = (3, 6, 7, 8, 10)
NOT_MEMBERS = (6, 11)
# The collective agreement's minimum, in hundredths of what is paid; what an hour costs beside its pay.
MINIMUM = 96
CONTRIBUTIONS = 35
VOLUNTEERS = 3
FUNDERS = 1


def labour_cost(pay: int) -> str:
    """What this pay costs the cooperative, contributions included."""
    return decimal(half_up(pay * (100 + CONTRIBUTIONS), 100), ".")


def write(folder: Path) -> None:
    """Writes the year's two files."""
    random = Random(381)
    year = Year(folder / "2024", "2024-12-31", yes="sì", no="no")
    rows: list[tuple[str | int | bool, ...]] = []
    capital = labour = labour_of_members = 0
    for number, (level, tenths, months) in enumerate(WORKERS):
        member = number not in NOT_MEMBERS
        shares = random.randrange(10, 60, 5) if member else 0
        capital += shares
        hours = half_up(FULL_YEAR_HOURS * 100 * tenths * months, 120)
        full_time_pay = half_up(MONTHLY_PAY * level * PAID.get(number, 100), 10_000)
        pay = half_up(MONTHLY_PAY * level * tenths * months * PAID.get(number, 100), 100_000)
        labour += pay
        labour_of_members += pay if member else 0
        rows.append(
            (
                *(f"f{number + 1:02}", True, member, number in DISADVANTAGED, False),
                *(decimal(hours), decimal(pay), decimal(full_time_pay)),
                *(decimal(half_up(full_time_pay * MINIMUM, 100)), decimal(shares * SHARE_VALUE)),
                *(False, 0),
            )
        )
    for number in range(VOLUNTEERS + FUNDERS):
        is_volunteer = number < VOLUNTEERS
        shares = 4 if is_volunteer else 400
        capital += shares
        name = f"v{number + 1:02}" if is_volunteer else "s01"
        rows.append(
            (
                *(name, False, True, False, is_volunteer),
                *("0,00", "0,00", "0,00", "0,00", decimal(shares * SHARE_VALUE)),
                *(not is_volunteer, 0),
            )
        )
    year.table(
        "people.csv",
        (
            *("id", "lavoratore", "socio", "svantaggiato", "volontario"),
            *("ore", "retribuzione", "retribuzione_a_tempo_pieno", "minimo_contrattuale"),
            *("quote_possedute", "fuori_dal_limite", "quote_fuori_dal_limite"),
        ),
        rows,
    )
    year.cooperative(
        "Il Filo",
        facts={
            "avanzo": decimal(SURPLUS, "."),
            "capitale_sociale": decimal(capital * SHARE_VALUE, "."),
            "capitale_versato": decimal(capital * SHARE_VALUE, "."),
            "patrimonio_netto": "148900.00",
            "indebitamento": "412300.00",
            "interesse_dei_buoni_postali": "1,5 %",
            "tasso_degli_strumenti_finanziari": 0,
            "perdite_da_coprire": 0,
            "riserve_divisibili": 0,
            "perdite_sulle_riserve_indivisibili": 0,
            "costo_del_lavoro_dei_soci": labour_cost(labour_of_members),
            "costo_del_lavoro": labour_cost(labour),
            "cooperativa_sociale": "sì",
            "norme_della_srl": "no",
            "mesi_sotto_il_numero_minimo": 0,
            "limite_dello_statuto": 0,
            "voti_al_massimo": 1,
            "voti_delle_persone_giuridiche": 0,
        },
        balances={
            "riserve.legale": "61240.18",
            "riserve.statutaria": "37005.00",
            "riserve.sviluppo": 0,
            "fondi_mutualistici": 0,
            "quota_lavoro": 0,
            "interesse_sulle_quote": 0,
            "perdite_portate_a_nuovo": 0,
        },
        decisions={"quota_del_ristorno": "40 %", "tasso_del_dividendo": "3 %"},
    )

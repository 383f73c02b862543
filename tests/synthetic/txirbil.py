"""Txirbil's year 2024: a machine shop of invented people, with capital accounts and a pay index.

One is employed without being a member, and one is on probation. The highest and the lowest pay are six
times apart.
"""

from pathlib import Path
from random import Random

from tables import Year, decimal, half_up

FULL_YEAR_HOURS = 1_628
LOWEST_PAY = 1_480_00
# Hundredths of the pay index, one a person; the last two have no capital.
INDICES = (600, 420, 300, 260, 225, 200, 200, 175, 150, 150, 130, 115, 150, 100)
EMPLOYED, ON_PROBATION = 13, 14
TWELFTHS = (12,) * 11 + (9, 6, 12)
SURPLUS = 186_417_93
HIGHEST_CAPITAL = 282_578_28
VOLUNTARY_RESERVE = "64310.00"


def write(folder: Path) -> None:
    """Writes the year's two files."""
    random = Random(1956)
    year = Year(folder / "2024", "2024-12-31", yes="sí", no="no")
    rows = []
    capital = 0
    for number, (index, twelfths) in enumerate(zip(INDICES, TWELFTHS, strict=True), start=1):
        holds = number not in (EMPLOYED, ON_PROBATION)
        held = 15_000_00 + 100 * random.randrange(0, 1_500_000, 7) // 100 if holds else 0
        capital += held
        pay = half_up(LOWEST_PAY * index, 100)
        hours = half_up(FULL_YEAR_HOURS * 100 * twelfths, 12) - 100 * random.randrange(0, 40, 8)
        rows.append(
            (
                *(f"t{number:02}", True, number != EMPLOYED, number == ON_PROBATION, False),
                *(decimal(index), decimal(hours)),
                *(decimal(pay), decimal(half_up(pay * twelfths, 1)), twelfths),
                *(decimal(held), False, False, False, decimal(held), 0),
            )
        )
    year.table(
        "people.csv",
        (
            *("id", "trabajador", "socio", "en_prueba", "vínculo_temporal", "índice", "horas"),
            *(
                "salario_a_tiempo_completo",
                "salario",
                "presencia",
                "aportaciones",
                "fuera_del_cómputo",
                "opción_a_ser_socio",
                "exento_del_tercio",
            ),
            *("saldo inicial capital", "saldo inicial pagos"),
        ),
        rows,
    )
    year.cooperative(
        "Txirbil, S. Coop.",
        facts={
            "excedente": decimal(SURPLUS, "."),
            "capital_social": decimal(capital, "."),
            "capital_social_máximo": decimal(HIGHEST_CAPITAL, "."),
            "interés_legal": "3,25 %",
            "salario_mínimo_anual": "15876.00",
            "capital_desembolsado": decimal(capital, "."),
            "capital_mínimo_estatutario": "30000.00",
            "meses_con_menos_capital": 0,
            "desembolso_al_suscribir": "25 %",
            "años_hasta_el_desembolso": 3,
            "interés_contabilizado": 0,
            "excedente_neto_antes_de_intereses": "214380.40",
            "reservas_libres": VOLUNTARY_RESERVE,
            "cofip_no_gastada": "2140.50",
            "cofip_entregada": "2140.50",
            "pérdidas_del_ejercicio": 0,
            "pérdidas_a_la_reserva": 0,
            "porcentaje_medio_a_la_reserva": "25 %",
            "porcentaje_medio_a_la_cofip": "10 %",
            "años_de_pérdidas_pendientes": 0,
            "meses_con_menos_socios": 0,
            "votos_como_máximo": 1,
            "votos_de_colaboradores": 0,
            "votos_de_inactivos": 0,
            "votos_no_ordinarios": 0,
            "representaciones_como_máximo": 2,
            "consejeros": 3,
            "consejeros_no_socios": 0,
            "años_de_mandato": 4,
            "administrador_único": "no",
            "meses_sobre_el_límite": 0,
            "exceso_autorizado": "no",
            "admisiones_denegadas": 0,
            "prueba_más_larga": "6 meses",
            "puestos_de_prueba_larga": "0 %",
            "retorno_de_no_socios": "25 %",
            "retorno_en_prueba": "25 %",
            "deducción_por_expulsión": "0 %",
            "deducción_por_baja_no_justificada": "10 %",
            "permanencia_incumplida": "no",
            "años_hasta_el_reembolso": 5,
            "años_hasta_el_reembolso_a_herederos": 1,
            "interés_de_reembolsos_pendientes": "3,25 %",
            "años_hasta_el_reembolso_forzoso": 2,
            "cuota_de_ingreso": "1500.00",
            "aportación_obligatoria": "15000.00",
            "sobrante_a_los_socios": 0,
        },
        balances={
            "reservas.voluntaria": VOLUNTARY_RESERVE,
            "reservas.legal": "148220.15",
            "reservas.desarrollo": 0,
            "cofip": 0,
            "retorno": 0,
            "pérdidas_de_ejercicios_anteriores": 0,
        },
        decisions={"tipo_de_interés": "4,5 %", "parte_del_retorno": "45 %"},
    )

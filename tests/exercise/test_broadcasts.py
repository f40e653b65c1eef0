"""The encoders against examples printed in standards and by those who decode them."""

import pytest

from trucewatch.exercise.broadcasts import aircraft_at, armoured, checksum, film


def test_a_position_of_a_vessel_is_the_sentence_gpsd_prints():
    """Source: E. Raymond, AIVDM/AIVDO protocol decoding, the example of type 1."""
    fields = (
        *((1, 6), (0, 2), (477_553_000, 30), (5, 4), (0, 8), (0, 10), (0, 1)),
        *((-73_407_500, 28), (28_549_700, 27), (510, 12), (181, 9), (15, 6)),
        *((0, 2), (0, 3), (0, 1), (149_208, 19)),
    )
    body = f"AIVDM,1,1,,B,{armoured(fields)},0"
    assert f"!{body}*{checksum(body)}" == (
        "!AIVDM,1,1,,B,177KQJ5000G?tO`K>RA1wUbN0TKH,0*5C"
    )


@pytest.mark.parametrize(
    ("spot", "odd", "frame"),
    [
        ((52.25720214843750, 3.91937255859375), 0, "8D40621D58C382D690C8AC2863A7"),
        ((52.26578017412606, 3.938912527901786), 1, "8D40621D58C386435CC412692AD6"),
    ],
)
def test_positions_of_an_aircraft_are_the_frames_of_the_textbook(spot, odd, frame):
    """Source: J. Sun, The 1090 Megahertz Riddle, airborne positions."""
    assert aircraft_at(0x40621D, spot, odd, 38_000, 11) == frame


def test_fields_of_a_film_are_those_of_the_standard():
    """Source: MISB ST 0601, the examples of items 5, 13, 14 and 15."""
    told = {
        **{"lat": 60.176822966978335, "lon": 128.42675904204452},
        **{"heading": 159.974364843213, "pitch": 0.0, "across": 20.0, "along": 15.0},
        **{"height": 14_190.7195, "ground": 100.0},
    }
    packet = film(0, told).hex()
    for field in ("050271c2", "0d045595b66d", "0e045b5360c4", "0f02c221"):
        assert field in packet

"""Picks of QuakeML as ObsPy writes them, and when stations listened."""

import io

import pytest

from tests.collect.deliveries import read
from trucewatch.collect.seismic import SeismicPicks, phase_of
from trucewatch.errors import SourceError


def quakeml(*hints):
    from obspy import UTCDateTime
    from obspy.core.event import Catalog, Event, Pick, WaveformStreamID

    picks = [
        Pick(
            time=UTCDateTime(1_900_000_000.25),
            waveform_id=WaveformStreamID("XX", "AAA", "", "HHZ"),
            phase_hint=hint,
        )
        for hint in hints
    ]
    out = io.BytesIO()
    Catalog([Event(picks=picks)]).write(out, format="QUAKEML")
    return out.getvalue()


def test_picks_of_quakeml_are_rows_and_unknown_phases_are_rejected():
    batch = read("seismic_picks", quakeml("Pn", "Lg", "T"))
    found = SeismicPicks.from_columns(batch.tables[0])
    assert found.station_id == ("XX.AAA", "XX.AAA")
    assert found.phase == ("P", "S")
    assert found.time_ns.tolist() == [1_900_000_000_250_000_000] * 2
    assert [one.why[:3] for one in batch.rejections] == ["'T'"]


def test_quakeml_with_a_document_type_is_refused():
    bad = quakeml("P").replace(b"?>", b'?><!DOCTYPE x [<!ENTITY a "b">]>', 1)
    with pytest.raises(SourceError, match="document type"):
        read("seismic_picks", bad)


def test_a_listening_stretch_is_a_look_of_its_station():
    rows = "station_id,lat,lon,begin,end\nXX.AAA,48.5,37.5,{},{}\n"
    text = rows.format("2031-05-01T00:00:00Z", "2031-05-01T06:00:00Z")
    (look,) = read("seismic_picks", text).acquisitions
    assert (look.procedure, look.independence) == ("seismic/XX.AAA", "seismic:XX.AAA")
    assert look.time.duration_s == 6 * 3600
    back = rows.format("2031-05-01T06:00:00Z", "2031-05-01T00:00:00Z")
    assert len(read("seismic_picks", back).rejections) == 1


@pytest.mark.parametrize("hint", ["", "Q", "T", "rg2"])
def test_a_word_that_is_no_phase_is_refused(hint):
    with pytest.raises(ValueError, match="no phase"):
        phase_of(hint)

"""Tables of a small acoustic network, written to a folder."""

import csv

from trucewatch.watch.acoustic_files import Tables

GLOBE = """\
sensor_id,lat,lon,clock_sigma_s,noise_db
S3,48.10,37.20,0.002,86
S1,48.10,37.10,0.040,85
S2,48.20,37.10,,
"""
FLAT = "sensor_id,x_m,y_m\nS1,0,0\nS2,5000,0\nS3,0,5000\n"
PICKS = """\
pick_id,sensor_id,time,level_db,snr_db
b,S2,2026-03-01T00:00:11.5Z,100,15
a,S1,2026-03-01T00:00:10.5Z,100.5,15
c,S3,2026-03-01T02:00:12.25+02:00,,
"""
FLAT_PICKS = "pick_id,sensor_id,time_s\na,S1,1.5\nb,S2,2.5\nc,S3,3.5\n"


def tables(folder, sensors=GLOBE, picks=PICKS, **more):
    """The tables as files of a folder; each is text or bytes."""
    paths = {}
    for name, text in {"sensors": sensors, "picks": picks, **more}.items():
        paths[name] = folder / f"{name}.csv"
        paths[name].write_bytes(text if isinstance(text, bytes) else text.encode())
    return Tables(**paths)


def rows(path):
    with path.open(newline="") as file:
        return list(csv.DictReader(file))

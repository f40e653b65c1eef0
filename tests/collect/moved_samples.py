"""The samples of what moves, in ``tests/data/collect``.

``python -m tests.collect.moved_samples`` writes them again.
"""

from tests.collect import filmed, flights, moving
from tests.collect.deliveries import DATA

SAMPLES = {
    "ais/sample.nmea": moving.ais_sample,
    "adsb/sample.csv": moving.adsb_sample,
    "remote_id/sample.pcapng": moving.remote_id_sample,
    "mavlink/sample.tlog": lambda: b"noise" + flights.tlog(),
    "ulog/sample.ulg": flights.ulog,
    "klv/sample.klv": filmed.klv_sample,
    "drone_photos/sample.jpg": filmed.photo,
}


if __name__ == "__main__":
    for name, made in SAMPLES.items():
        (DATA / name).parent.mkdir(exist_ok=True)
        (DATA / name).write_bytes(made())

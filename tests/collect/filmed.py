"""Video and photos of drones made here, with what they say of their camera."""

import io

from PIL import Image

from tests.collect.moving import DAY_S, OPERATOR, START
from trucewatch.exercise import broadcasts


def klv(seconds, lat=START[0], lon=START[1], pitch=-40.0, good=True, **more):
    """An ST 0601 packet of a camera 500 m above the sea over ground at 100 m."""
    told = {
        **{"lat": lat, "lon": lon, "pitch": pitch},
        **{"heading": more.get("heading", 30.0), "across": 20.0, "along": 15.0},
        **{"height": 500.0, "ground": 100.0},
    }
    operator = [
        (tag, round(value / most * (2**31 - 1)).to_bytes(4, "big", signed=True))
        for tag, value, most in ((40, OPERATOR[0], 90), (41, OPERATOR[1], 180))
    ]
    packet = broadcasts.film(round((DAY_S + seconds) * 1e6), told, operator)
    return packet if good else packet[:-1] + bytes([packet[-1] ^ 1])


def klv_sample():
    return (
        klv(0)
        + klv(1, heading=40.0)
        + klv(2, good=False)
        + klv(3, pitch=30.0)
        + b"tail"
    )


def photo(lat=START[0], lon=START[1], pitch=-90.0, above=100.0, **more):
    """A JPEG with place in EXIF and gimbal angles in XMP."""

    def dms(value):
        whole, minutes = divmod(abs(value) * 60, 60)
        return (whole, float(int(minutes)), (minutes % 1) * 60)

    image = Image.new("RGB", (40, 30))
    tags = image.getexif()
    place = tags.get_ifd(0x8825)
    if more.get("placed", True):
        place[1], place[2] = ("N" if lat >= 0 else "S"), dms(lat)
        place[3], place[4] = ("E" if lon >= 0 else "W"), dms(lon)
    detail = tags.get_ifd(0x8769)
    detail[0x9003], detail[0x9011] = "2026:02:02 04:40:00", "+02:00"
    detail[0xA405] = 24
    names = {
        "GimbalYawDegree": more.get("yaw", 0.0),
        "GimbalPitchDegree": pitch,
        "GimbalRollDegree": 0.0,
        "RelativeAltitude": above,
        "AbsoluteAltitude": above + 50.0,
    }
    angles = " ".join(
        f'drone-dji:{name}="{value:+.2f}"' for name, value in names.items()
    )
    xmp = (
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/'
        '1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" xmlns:drone-dji='
        f'"http://www.dji.com/drone-dji/1.0/" {angles}/></rdf:RDF></x:xmpmeta>'
    )
    out = io.BytesIO()
    image.save(out, "JPEG", exif=tags, xmp=xmp.encode())
    return out.getvalue()

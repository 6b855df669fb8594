"""Python handlers over the requests that bridge_bench wrote, beside what it measured.

usage: bridge_handlers.py FOLDER SECONDS

The handlers do what a Lambda in Python has to do, as plainly and quickly as the packages allow: the runtime's
json.loads of the payload, the rows, json.dumps of the answer, and the runtime's json.dumps of that string. They are
written for this comparison, on PyPI's `quadbin` and `s2sphere`. Ends with status 1 when an answer differs from
the bridge's or the bridge is not as much faster as it should be.
"""

import json
import pathlib
import struct
import sys
import time

import quadbin
import s2sphere

TIMES_FASTER = {
    "s2_fromtoken": 10,
    "s2_fromlonglat": 50,
    "quadbin_fromlonglat": 20,
    "quadbin_kring": 60,
    "quadbin_polyfill": 100,
}


def signed(cell_id):
    return cell_id - (1 << 64) if cell_id >= 1 << 63 else cell_id


def s2_fromtoken(token):
    return signed(s2sphere.CellId.from_token(token).id())


def s2_totoken(cell):
    return s2sphere.CellId(cell % (1 << 64)).to_token()


def s2_fromlonglat(lng, lat, level):
    point = s2sphere.LatLng.from_degrees(float(lat), float(lng))
    return signed(s2sphere.CellId.from_lat_lng(point).parent(level).id())


def quadbin_fromlonglat(lng, lat, resolution):
    return quadbin.point_to_cell(float(lng), float(lat), resolution)


def quadbin_toparent(cell, resolution):
    return quadbin.cell_to_parent(cell, resolution)


def quadbin_kring(cell, size):
    return json.dumps(quadbin.k_ring(cell, size))


def quadbin_polyfill(geojson, resolution):
    return json.dumps(quadbin.geometry_to_cells(geojson, resolution))


HANDLERS = [
    s2_fromtoken, s2_totoken, s2_fromlonglat, quadbin_fromlonglat, quadbin_toparent, quadbin_kring, quadbin_polyfill
]


def answer(handler, payload):
    event = json.loads(payload)
    results = [None if row is None or None in row else handler(*row) for row in event["arguments"]]
    document = json.dumps({"success": True, "num_records": len(results), "results": results})
    return json.dumps(document)


def geojson_of(hex_ewkb):
    """Polygons and multipolygons of little-endian EWKB with an SRID, as the bench writes them."""
    data = bytes.fromhex(hex_ewkb)
    place = 0

    def take(form):
        nonlocal place
        values = struct.unpack_from("<" + form, data, place)
        place += struct.calcsize("<" + form)
        return values

    def geometry():
        _, kind = take("BI")
        if kind & 0x20000000:
            take("I")
        if kind & 0xFF == 3:
            rings = []
            for _ in range(take("I")[0]):
                rings.append([list(take("dd")) for _ in range(take("I")[0])])
            return {"type": "Polygon", "coordinates": rings}
        assert kind & 0xFF == 6, kind
        parts = [geometry()["coordinates"] for _ in range(take("I")[0])]
        return {"type": "MultiPolygon", "coordinates": parts}

    return json.dumps(geometry())


def payload_for_python(name, payload):
    """`quadbin` reads GeoJSON; the bridge gets the same geometries as hex EWKB."""
    if name != "quadbin_polyfill":
        return payload
    event = json.loads(payload)
    event["arguments"] = [[geojson_of(geometry), resolution] for geometry, resolution in event["arguments"]]
    return json.dumps(event)


def fastest_s(work, seconds):
    best = float("inf")
    end = time.process_time() + seconds
    while True:
        start = time.process_time()
        work()
        now = time.process_time()
        best = min(best, now - start)
        if now > end:
            return best


def same_share(name, ours, theirs):
    """The share of rows with the same answer."""
    if name == "quadbin_kring":  # the order of a ring's cells is no part of the answer
        ours, theirs = ([sorted(json.loads(value)) for value in values] for values in (ours, theirs))
    return sum(a == b for a, b in zip(ours, theirs, strict=True)) / len(ours)


def main():
    folder, seconds = pathlib.Path(sys.argv[1]), float(sys.argv[2])
    ours = json.loads((folder / "rows_per_second.json").read_text())
    print(f"\nPython {sys.version.split()[0]}, quadbin {quadbin.__version__}, s2sphere")
    print(f"{'batch (CPU time)':<20} {'Python rows/s':>14} {'geocell rows/s':>15} {'times':>7} {'wanted':>7}  same answers")
    bad = []
    for handler in HANDLERS:
        name = handler.__name__
        payload = (folder / f"{name}.json").read_text()
        python_payload = payload_for_python(name, payload)
        rows = json.loads(payload)["num_records"]
        rate = rows / fastest_s(lambda: answer(handler, python_payload), seconds)
        results = json.loads(json.loads((folder / f"{name}.answer.json").read_text()))["results"]
        their_results = json.loads(json.loads(answer(handler, python_payload)))["results"]
        share = same_share(name, results, their_results)
        times = ours[name] / rate
        wanted = TIMES_FASTER.get(name, 1)
        # Its polyfill gives the cells that the border touches, and has holes; ours is exact.
        note = "another question" if name == "quadbin_polyfill" else f"{share:.2%}"
        print(f"{name:<20} {rate:>14,.0f} {ours[name]:>15,.0f} {times:>7.1f} {wanted:>7}  {note}")
        if times < wanted:
            bad.append(f"{name}: {times:.1f} times as fast, {wanted} wanted")
        if name != "quadbin_polyfill" and share != 1:
            bad.append(f"{name}: {1 - share:.2%} of the answers differ")
    for line in bad:
        print(f"NOT MET: {line}")
    sys.exit(1 if bad else 0)


if __name__ == "__main__":
    main()

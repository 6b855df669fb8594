#!/usr/bin/env python3
"""Writes tests/golden/s2/*.json: the golden vectors of the S2 module.

Expected values have three sources, none of them geocell:
  CARTO     published in the documentation of CARTO's Analytics Toolbox for Redshift (functions s2_*);
  s2sphere  computed here by s2sphere 0.2.5, the Python port of S2 that CARTO's Redshift edition runs;
  contract  errors, NULLs and what geocell defines itself (sql/functions/s2/*.yaml).
Cells of polygons are decided here, for convex polygons only, by orientation tests on the vertices that s2sphere gives.

Pinned: Python 3.11, s2sphere==0.2.5 (pip install s2sphere==0.2.5).
Run:    python tests/golden/generate_s2.py
"""
import json
import math
import pathlib
import random

import s2sphere

OUT = pathlib.Path(__file__).parent / "s2"
SOURCE = "CARTO's documentation; s2sphere 0.2.5 (tests/golden/generate_s2.py); errors and NULLs: the contract"
MADRID = 955378847514099712


def signed(value):
    return value - 2**64 if value >= 2**63 else value


def cell(value):
    return s2sphere.CellId(value % 2**64)


def leaf(lng, lat):
    return s2sphere.CellId.from_lat_lng(s2sphere.LatLng.from_degrees(lat, lng))


def number(value):
    """The shortest text of a double, without Python's trailing .0."""
    text = repr(value + 0.0)
    return text[:-2] if text.endswith(".0") else text


def write(function, cases):
    entries = []
    for case in cases:
        args, outcome = case[0], case[1]
        entry = {"args": list(args)}
        if isinstance(outcome, Error):
            entry["error"] = str(outcome)
        else:
            entry["result"] = outcome
        if len(case) > 2:
            entry["ulps"] = case[2]
        entries.append("    " + json.dumps(entry))
    text = '{\n  "function": %s,\n  "source": %s,\n  "cases": [\n%s\n  ]\n}\n' % (
        json.dumps(function), json.dumps(SOURCE), ",\n".join(entries))
    (OUT / (function + ".json")).write_text(text)


class Error(str):
    pass


def bad_resolution(value, low, high):
    return Error(f'Invalid resolution "{value}"; should be between {low} and {high}')


def bad_cell(value):
    return Error(f'Invalid S2 cell id "{value}"; should be a valid S2 cell id')


def not_finite(what, text):
    return Error(f'Invalid {what} "{text}"; should be a finite number')


# 0; a face of 6 and one of 7; a trailing bit that no level has; no bit but the sign; all bits.
BAD_CELLS = [0, signed(0xd000000000000000), signed(0xf000000000000000), 0x0d42300000000002, signed(2**63), -1]


def id_errors(*rest):
    return [((bad, *rest), bad_cell(bad)) for bad in BAD_CELLS]


def random_cells(seed, count):
    rng = random.Random(seed)
    cells = []
    for i in range(count):
        lng = rng.uniform(-180, 180)
        lat = math.degrees(math.asin(rng.uniform(-1, 1)))
        cells.append(leaf(lng, lat).parent(i % 31))
    return cells


FACES = [s2sphere.CellId.from_face_pos_level(face, 0, 0) for face in range(6)]
SAMPLE = FACES + random_cells(1, 62)


def from_lng_lat_cases():
    cases = [((-3.7038, 40.4168, 8), MADRID)]
    rng = random.Random(2)
    for i in range(200):
        lng = round(rng.uniform(-180, 180), rng.choice([0, 2, 6, 14]))
        lat = round(rng.uniform(-90, 90), rng.choice([0, 2, 6, 14]))
        if abs(lng) == 180:
            lng = 0.0
        cases.append(((lng, lat, i % 31), signed(leaf(lng, lat).parent(i % 31).id())))
    for lng, lat in [(0, 0), (0, 90), (0, -90), (45, 45), (-45, 0), (135, 0), (-135, 0), (-180, 0)]:
        for level in (0, 1, 15, 30):
            cases.append(((lng, lat, level), signed(leaf(lng, lat).parent(level).id())))
    # 180 is -180, everywhere.
    cases += [((180, lat, 30), signed(leaf(-180, lat).id())) for lat in (-90, -45.5, 0, 12.25, 90)]
    # Longitude wraps and latitude is clamped (s2sphere takes them as they come).
    cases += [((-3.703125 + 360 * turns, 40.4168, 20), signed(leaf(-3.703125, 40.4168).parent(20).id()))
              for turns in (-1000, -1, 1, 1000)]
    cases += [((12.5, 90.5, 30), signed(leaf(12.5, 90).id())), ((12.5, -1e300, 30), signed(leaf(12.5, -90).id()))]
    cases += [((0, 0, -1), bad_resolution(-1, 0, 30)), ((0, 0, 31), bad_resolution(31, 0, 30)),
              (("NaN", 0, 31), bad_resolution(31, 0, 30)),
              (("NaN", 0, 4), not_finite("longitude", "NaN")), ((0, "NaN", 4), not_finite("latitude", "NaN")),
              (("Infinity", 0, 4), not_finite("longitude", "Infinity")),
              ((0, "-Infinity", 4), not_finite("latitude", "-Infinity")),
              ((None, 0, 4), None), ((0, None, 4), None), ((0, 0, None), None)]
    return cases


def from_point_cases():
    return [(("POINT(-3.7038 40.4168)", 8), MADRID), (("SRID=4326;POINT(-3.7038 40.4168)", 8), MADRID),
            (("POINT Z (356.2962 40.4168 7)", 8), MADRID),
            (("POINT(-73.9857 40.7484)", 30), signed(leaf(-73.9857, 40.7484).id())),
            (("POINT(0 0)", 31), bad_resolution(31, 0, 30)),
            (("SRID=3857;POINT(0 0)", 4),
             Error('Invalid SRID "3857"; should be 4326 or 0 (transform the geometry first)')),
            (("LINESTRING(0 0,1 1)", 4), Error('Invalid geometry type "LINESTRING"; should be POINT')),
            (("POINT EMPTY", 4), Error('Invalid point "POINT EMPTY"; should be a point with coordinates')),
            ((None, 4), None), (("POINT(0 0)", None), None)]


def text_cases():
    token_error = "1 to 16 hexadecimal digits of a valid S2 cell id"
    to_token = [((MADRID,), "0d423")] + [((signed(c.id()),), c.to_token()) for c in SAMPLE]
    write("s2_totoken", to_token + id_errors() + [((None,), None)])
    from_token = [((token,), args[0]) for args, token in to_token]
    from_token += [((token.upper(),), args[0]) for args, token in to_token[:20]]
    from_token += [(("0d42300000000000",), MADRID)]
    for bad, shown in [("", ""), ("0", "0"), ("xyz", "xyz"), ("0d42300000000000a", "0d42300000000000a"), (" 0d423", " 0d423"),
                       ("0x0d423", "0x0d423"), ("d", "d"), ("0d423\n", "0d423\\x0a"), ("-1", "-1")]:
        from_token.append(((bad,), Error(f'Invalid S2 token "{shown}"; should be {token_error}')))
    write("s2_fromtoken", from_token + [((None,), None)])

    to_uint = [((-8520148382826627072,), "9926595690882924544")] + [((signed(c.id()),), str(c.id())) for c in SAMPLE]
    write("s2_touint64repr", to_uint + id_errors() + [((None,), None)])
    from_uint = [((text,), args[0]) for args, text in to_uint] + [((f"000{MADRID}",), MADRID)]
    for bad in ["", "-1", "+955378847514099712", " 955378847514099712", "955378847514099712 ", "18446744073709551616", "1e18",
                "0", "99999999999999999999999999", "955378847514099713.0"]:
        from_uint.append(((bad,), Error(
            f'Invalid unsigned S2 cell id "{bad}"; should be the decimal digits of a valid S2 cell id')))
    write("s2_fromuint64repr", from_uint + [((None,), None)])

    def quadkey(c):
        digits = ""
        for level in range(1, c.level() + 1):
            digits += str((c.parent(level).id() >> (2 * (30 - level) + 1)) & 3)
        return f"{c.face()}/{digits}"

    to_quadkey = [((MADRID,), "0/12220101")] + [((signed(c.id()),), quadkey(c)) for c in SAMPLE]
    write("s2_tohilbertquadkey", to_quadkey + id_errors() + [((None,), None)])
    from_quadkey = [((text,), args[0]) for args, text in to_quadkey]
    for bad in ["", "0", "/", "6/", "0/4", "0/12220101 ", "0-1", "01/2", "a/0", "0/" + "1" * 31]:
        from_quadkey.append(((bad,), Error(
            f'Invalid Hilbert quadkey "{bad}"; should be a face from 0 to 5, a slash, and up to 30 digits from 0 to 3')))
    write("s2_fromhilbertquadkey", from_quadkey + [((None,), None)])


def hierarchy_cases():
    write("s2_resolution", [((MADRID,), 8)] + [((signed(c.id()),), c.level()) for c in SAMPLE] + id_errors() +
          [((None,), None)])
    write("s2_isvalid", [((signed(c.id()),), True) for c in SAMPLE] + [((bad,), False) for bad in BAD_CELLS] +
          [((None,), False)])

    parents = [((MADRID,), 955396439700144128), ((MADRID, 1), 864691128455135232)]
    for c in SAMPLE:
        if c.level() > 0:
            parents.append(((signed(c.id()),), signed(c.parent().id())))
        for level in {0, c.level() // 2, c.level()}:
            parents.append(((signed(c.id()), level), signed(c.parent(level).id())))
    face = signed(FACES[5].id())
    parents += [((face,), Error(f'Invalid S2 cell id "{face}"; should be a cell of resolution 1 or more, which has a parent')),
                ((MADRID, 9), bad_resolution(9, 0, 8)), ((MADRID, -1), bad_resolution(-1, 0, 8)),
                ((face, 1), bad_resolution(1, 0, 0)), ((None,), None), ((None, 1), None), ((MADRID, None), None)]
    write("s2_toparent", parents + id_errors() + id_errors(0))

    def children(c, level):
        return [signed(child.id()) for child in c.children(level)]

    # The documentation shows the resolution 9 children for a call with 10; here with the resolution that they have.
    direct = [955365653374566400, 955374449467588608, 955383245560610816, 955392041653633024]
    cases = [((MADRID,), direct), ((MADRID, 9), direct), ((MADRID, 8), [MADRID])]
    for c in SAMPLE:
        if c.level() < 30:
            cases.append(((signed(c.id()),), children(c, c.level() + 1)))
        if c.level() < 28:
            cases.append(((signed(c.id()), c.level() + 3), children(c, c.level() + 3)))
        cases.append(((signed(c.id()), c.level()), [signed(c.id())]))
    a_leaf = signed(leaf(2, 3).id())
    cases += [((a_leaf,), Error(f'Invalid S2 cell id "{a_leaf}"; should be a cell of resolution 29 or less, which has children')),
              ((MADRID, 0), bad_resolution(0, 8, 30)), ((MADRID, 31), bad_resolution(31, 8, 30)),
              ((a_leaf, 29), bad_resolution(29, 30, 30)), ((None,), None), ((None, 1), None), ((MADRID, None), None)]
    cases += id_errors() + id_errors(30)
    write("s2_tochildren", cases)
    write("s2_tochildren_cells", cases)

    ranges = [((signed(c.id()),), [signed(c.range_min().id()), signed(c.range_max().id())]) for c in SAMPLE]
    write("s2_range", ranges + id_errors() + [((None,), None)])


def corners(c):
    return [s2sphere.LatLng.from_point(s2sphere.Cell(c).get_vertex(k)) for k in (0, 1, 2, 3, 0)]


def shape_cases():
    boundaries = []
    for c in [cell(MADRID)] + SAMPLE:
        text = ", ".join(f"{number(ll.lng().degrees)} {number(ll.lat().degrees)}" for ll in corners(c))
        boundaries.append(((signed(c.id()),), f"POLYGON (({text}))"))
    # Published, with 12 significant digits.
    published = [(-3.74350899127, 40.2485011413), (-3.41955272426, 40.2585007122), (-3.41955272426, 40.5842313862),
                 (-3.74350899127, 40.5742134506), (-3.74350899127, 40.2485011413)]
    for (lng, lat), ll in zip(published, corners(cell(MADRID))):
        assert (lng, lat) == (float("%.12g" % ll.lng().degrees), float("%.12g" % ll.lat().degrees))
    write("s2_boundary", boundaries + id_errors() + [((None,), None)])

    centers = []
    for c in [cell(MADRID)] + SAMPLE:
        ll = c.to_lat_lng()
        if abs(ll.lat().degrees) == 90 or abs(ll.lng().degrees) == 180:
            continue  # more than one way to write the same point
        centers.append(((signed(c.id()),), f"POINT({number(ll.lng().degrees)} {number(ll.lat().degrees)})", 1))
    write("s2_center", centers + id_errors() + [((None,), None)])


def bbox_covering(min_lng, max_lng, min_lat, max_lat, min_level=0, max_level=30):
    rect = s2sphere.LatLngRect(s2sphere.LatLng.from_degrees(min_lat, min_lng),
                               s2sphere.LatLng.from_degrees(max_lat, max_lng))
    coverer = s2sphere.RegionCoverer()
    coverer.min_level, coverer.max_level, coverer.max_cells, coverer.level_mod = min_level, max_level, 8, 1
    union = s2sphere.CellUnion.get_union(s2sphere.CellUnion(), s2sphere.CellUnion(coverer.get_covering(rect)))
    return sorted(signed(c.id()) for c in union.denormalize(min_level, 1))


def bbox_cases():
    box = (-3.688531, -3.680077, 40.409771, 40.421501)
    cases = [
        (box, [955367986615549952, 955367988763033600, 955367994131742720, 955368019096240128, 955368020975288320,
               955370721435975680, 955370742910812160, 955370751500746752]),
        (box + (4, 8), [MADRID]),
        (box + (12, 12), [955367921117298688, 955368058556252160, 955370669896368128, 955370807335321600])]
    for args, expected in cases:
        assert bbox_covering(*args) == expected
    small = (-3.69, -3.68, 40.41, 40.42)
    for levels in [(0, 30), (0, 2), (3, 17), (8, 25), (12, 12), (6, 6), (1, 29), (4, 8), (14, 14), (15, 18)]:
        cases.append((small + levels, bbox_covering(*small, *levels)))
    # Across the antimeridian, on it, around the world, at the poles, a point, a line, all.
    for args in [(170, -170, -10, 10), (170, -170, -10, 10, 5, 7), (-180, 180, -90, 90), (-180, 180, 85, 90),
                 (-180, 180, 85, 90, 4, 4), (10, 20, -90, -80), (5, 5, 5, 5), (5, 5, 5, 5, 3, 9), (-10, 10, 0, 0, 3, 3),
                 (0, 0, -90, 90, 3, 3), (-180, 180, -90, 90, 2, 2), (-180, 180, 0, 10, 1, 3),
                 # About a thousand cells, on both sides of it.
                 (-3.81, -3.52, 40.31, 40.38, 14, 30), (-3.81, -3.52, 40.31, 40.41, 14, 30),
                 (176.2, -175.1, -17.3, -12.9, 8, 16)]:
        cases.append((args, bbox_covering(*args)))
    cases += [((190, 200, 1, 2, 3, 9), bbox_covering(-170, -160, 1, 2, 3, 9)),
              ((-200, 200, 85, 95, 4, 4), bbox_covering(-180, 180, 85, 90, 4, 4)),
              ((0, 1, 2, 1), []), ((0, 1, 50, -50, 3, 3), []),
              (box + (-1, 8), bad_resolution(-1, 0, 30)), (box + (31, 31), bad_resolution(31, 0, 30)),
              (box + (0, 31), bad_resolution(31, 0, 30)), (box + (8, 4), bad_resolution(4, 8, 30)),
              (("NaN", 1, 0, 1), not_finite("min_longitude", "NaN")),
              ((0, "Infinity", 0, 1), not_finite("max_longitude", "Infinity")),
              ((0, 1, "NaN", 1), not_finite("min_latitude", "NaN")),
              ((0, 1, 0, "-Infinity"), not_finite("max_latitude", "-Infinity"))]
    for position in range(4):
        cases.append((box[:position] + (None,) + box[position + 1:], None))
    cases += [(box + (None, 8), None), (box + (4, None), None)]
    write("s2_polyfill_bbox", cases)


# --- Convex polygons on the sphere, by orientation. ---
def vector(lng, lat):
    lng, lat = math.radians(lng), math.radians(lat)
    return (math.cos(lat) * math.cos(lng), math.cos(lat) * math.sin(lng), math.sin(lat))


def cross(a, b):
    return (a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0])


def sides(polygon, points):
    """For each edge of a polygon, on which side of it each point lies (positive: left)."""
    for i, a in enumerate(polygon):
        normal = cross(a, polygon[(i + 1) % len(polygon)])
        values = [sum(n * p for n, p in zip(normal, point)) for point in points]
        assert all(abs(v) > 1e-9 for v in values), "choose a polygon without ties"
        yield values


def inside(polygon, points):
    return all(v > 0 for values in sides(polygon, points) for v in values)


def separated(polygon, points):
    return any(all(v < 0 for v in values) for values in sides(polygon, points))


def convex_polyfill(vertices, level, mode):
    """REQUIRES: convex, counter-clockwise, within a hemisphere together with the cells near it."""
    polygon = [vector(*v) for v in vertices]
    found = []

    def visit(c):
        square = [tuple(s2sphere.Cell(c).get_vertex(k)) for k in range(4)]
        # Only cells in the hemisphere of the polygon: there the separating-axis theorem holds.
        if c.level() >= 2:
            if all(sum(a * b for a, b in zip(p, polygon[0])) < 0 for p in square):
                return
            if separated(polygon, square) or separated(square, polygon):
                return
        if c.level() < level:
            for child in c.children():
                visit(child)
        elif mode == "intersects" or inside(polygon, square if mode == "contains" else [tuple(c.to_point())]):
            found.append(signed(c.id()))

    for face in FACES:
        visit(face)
    return sorted(found)


def wkt(vertices):
    return ",".join(f"{number(float(x))} {number(float(y))}" for x, y in vertices + vertices[:1])


def polyfill_cases():
    triangle = [(-3.81, 40.31), (-3.52, 40.33), (-3.67, 40.52)]
    antimeridian = [(175.13, -11.7), (-174.3, -12.2), (-173.9, 9.4), (176.2, 8.3)]
    polar = [(10.3, 71.2), (131.7, 72.4), (-111.1, 73.3)]
    cases = [((f"POLYGON(({wkt(triangle)}))", 10), convex_polyfill(triangle, 10, "center"))]
    for shape, levels in [(triangle, (8, 10, 12)), (antimeridian, (3, 5)), (polar, (3, 5))]:
        for level in levels:
            for mode in ("center", "intersects", "contains"):
                expected = convex_polyfill(shape, level, mode)
                cases.append(((f"POLYGON(({wkt(shape)}))", level, mode), expected))
                if level == levels[-1]:
                    clockwise = list(reversed(shape))
                    cases.append(((f"MULTIPOLYGON((({wkt(clockwise)})))", level, mode), expected))
    for c in [cell(MADRID), leaf(179.99, -16.8).parent(12), leaf(-73.9857, 40.7484)]:
        ll = c.to_lat_lng()
        if c.level() < 30:
            ll = s2sphere.LatLng.from_degrees(ll.lat().degrees + 0.001, ll.lng().degrees + 0.001)
            assert c.contains(s2sphere.CellId.from_lat_lng(ll))
        point = f"POINT({number(ll.lng().degrees)} {number(ll.lat().degrees)})"
        cases.append(((point, c.level() - 1, "intersects"), [signed(c.parent().id())]))
        cases.append(((point, c.level() - 1, "contains"), []))
        cases.append(((point, c.level() - 1, "center"), []))
    for empty in ("POLYGON EMPTY", "POINT EMPTY", "GEOMETRYCOLLECTION EMPTY", "GEOMETRYCOLLECTION(MULTIPOINT EMPTY)"):
        for mode in ("center", "intersects", "contains"):
            cases.append(((empty, 4, mode), []))
    cases += [(("POINT(0 0)", 31), bad_resolution(31, 0, 30)), (("POINT(0 0)", -1, "contains"), bad_resolution(-1, 0, 30)),
              (("SRID=3857;POINT(0 0)", 4),
               Error('Invalid SRID "3857"; should be 4326 or 0 (transform the geometry first)')),
              (("POINT(0 90.5)", 4), Error('Invalid latitude "90.5"; should be between -90 and 90')),
              (("LINESTRING(0 0,180 0)", 4),
               Error('Invalid edge "0 0, 180 0"; should be shorter than 180 degrees (add a point between)')),
              ((None, 4), None), (("POINT(0 0)", None), None), (("POINT(0 0)", 4, None), None)]
    write("s2_polyfill", cases)
    write("s2_polyfill_cells", cases)

    # The other forms say the same of the same sets.
    def fewest(ids):
        union = s2sphere.CellUnion([id % 2**64 for id in ids])
        union.normalize()
        return sorted(signed(c.id()) for c in union.cell_ids())

    def other_form(change):
        return [(args, change(result) if isinstance(result, list) else result) for args, result in cases]

    write("s2_polyfill_count", other_form(len))
    write("s2_polyfill_compact", other_form(fewest))


if __name__ == "__main__":
    OUT.mkdir(exist_ok=True)
    write("s2_fromlonglat", from_lng_lat_cases())
    write("s2_fromgeogpoint", from_point_cases())
    text_cases()
    hierarchy_cases()
    shape_cases()
    bbox_cases()
    polyfill_cases()

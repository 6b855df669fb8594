"""quadbin_polyfill_table in the stand-in: pages from the Lambda, cells made by SQL, a million of them and small ones."""

import math
import unittest

from emulators.redshift.standin.protocol import response_fields
from emulators.redshift.wire_client import WireClient, data_rows

TRIANGLE = (
    "POLYGON((-3.71219873428345 40.413365349070865,-3.7144088745117 40.40965661286395,"
    "-3.70659828186035 40.409525904775634,-3.71219873428345 40.413365349070865))"
)
# CARTO's documentation of QUADBIN_POLYFILL.
TRIANGLE_CENTER = [5265786693163941887, 5265786693164466175, 5265786693164728319]
TRIANGLE_INTERSECTS = [
    5265786693153193983, 5265786693163941887, 5265786693164204031, 5265786693164466175, 5265786693164728319, 5265786693165514751,
]  # fmt: skip
WORLD = "POLYGON((-180 -90,180 -90,180 90,-180 90,-180 -90))"


def spread(bits: int) -> int:
    """Bit i to bit 2 i."""
    return int(f"{bits:b}", 4)


def cell(z: int, x: int, y: int) -> int:
    position = (spread(x) | spread(y) << 1) << (52 - 2 * z)
    return 0x4800000000000000 | z << 52 | position | (1 << (52 - 2 * z)) - 1


def lng(z: int, x: float) -> float:
    return 360 * x / 2**z - 180


def lat(z: int, y: float) -> float:
    return math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * y / 2**z))))


class PolyfillTable(unittest.TestCase):
    def setUp(self):
        self.client = WireClient()
        self.addCleanup(self.client.__exit__)
        self.client.query("DROP SCHEMA IF EXISTS polyfill_table CASCADE")
        data_rows(self.client.query("CREATE SCHEMA polyfill_table"))

    def call(self, query: str, resolution: object, mode: str, table: str) -> str:
        text = query.replace("'", "''")
        return f"CALL geocell.quadbin_polyfill_table('{text}', {resolution}, '{mode}', '{table}')"

    def run_call(self, *arguments) -> list[str]:
        messages = self.client.query(self.call(*arguments))
        self.assertEqual([response_fields(m)["M"] for m in messages if m.type == "E"], [])
        return [response_fields(m)["M"] for m in messages if m.type == "N"]

    def test_a_polygon_of_more_than_a_million_cells(self):
        # The box from 0.25 of the first column to 0.25 beyond the start of the last one holds the centres of 1111 columns.
        z, x, y, columns, rows = 16, 32101, 21877, 1111, 1013
        west, east = lng(z, x + 0.25), lng(z, x + columns + 0.25)
        north, south = lat(z, y + 0.25), lat(z, y + rows + 0.25)
        box = f"POLYGON(({west!r} {south!r},{east!r} {south!r},{east!r} {north!r},{west!r} {north!r},{west!r} {south!r}))"
        expected = {cell(z, i, j) for i in range(x, x + columns) for j in range(y, y + rows)}
        notices = self.run_call(f"SELECT ST_GeomFromText('{box}') AS geom", z, "center", "polyfill_table.box")
        self.assertEqual(len(expected), 1_125_443)
        cells = [int(row[0]) for row in self.client.rows("SELECT quadbin FROM polyfill_table.box")]
        self.assertEqual(len(cells), len(expected))
        self.assertEqual(set(cells), expected)
        self.assertGreaterEqual(len(notices), 3)  # two pages or more, and the end
        self.assertRegex(notices[0], r"^quadbin_polyfill_table: page 1 done, 3276 compact cells so far, 1 geometries with more$")
        self.assertEqual(notices[-1], 'quadbin_polyfill_table: 1125443 cells in polyfill_table.box')

    def test_the_columns_of_the_query_stay(self):
        query = (
            f"SELECT 1 AS id, 'a''b' AS \"Name\", ST_GeomFromText('{TRIANGLE}') AS geom, 0.5::FLOAT8 AS weight"
            " UNION ALL SELECT 2, 'empty', ST_GeomFromText('POINT EMPTY'), 1 UNION ALL SELECT 3, 'null', NULL, 1"
            f" UNION ALL SELECT 4, NULL, ST_GeomFromText('{TRIANGLE}'), 2 -- a comment at the end"
        )
        self.run_call(query, 17, "intersects", "Polyfill_Table.Places")
        rows = self.client.rows('SELECT id, "Name", weight, quadbin FROM polyfill_table.places ORDER BY id, quadbin')
        expected = [["1", "a'b", "0.5", str(c)] for c in TRIANGLE_INTERSECTS] + [["4", None, "2", str(c)] for c in TRIANGLE_INTERSECTS]
        self.assertEqual(rows, expected)
        columns = "SELECT attname FROM pg_attribute WHERE attrelid = 'polyfill_table.places'::regclass AND attnum > 0 ORDER BY attnum"
        self.assertEqual(self.client.rows(columns), [["quadbin"], ["id"], ["Name"], ["weight"]])

    def test_modes_and_a_second_call_in_one_session(self):
        triangle = f"SELECT ST_GeomFromText('{TRIANGLE}', 4326) AS geom"
        for table, mode, expected in (("a", "center", TRIANGLE_CENTER), ("b", "intersects", TRIANGLE_INTERSECTS), ("c", "contains", [])):
            with self.subTest(mode):
                self.run_call(triangle, 17, mode, f"polyfill_table.{table}")
                found = self.client.rows(f"SELECT quadbin FROM polyfill_table.{table} ORDER BY 1")
                self.assertEqual([int(row[0]) for row in found], expected)
        self.assertEqual(self.client.rows("SELECT relname FROM pg_class WHERE relname LIKE 'geocell_polyfill%'"), [])

    def test_one_coarse_cell_becomes_all_of_a_resolution(self):
        for z in (0, 1, 5, 6, 7):
            with self.subTest(z):
                self.run_call(f"SELECT ST_GeomFromText('{WORLD}') AS geom", z, "contains", f"polyfill_table.world_{z}")
                found = [int(row[0]) for row in self.client.rows(f"SELECT quadbin FROM polyfill_table.world_{z}")]
                self.assertEqual(len(found), 4**z)
                self.assertEqual(set(found), {cell(z, x, y) for x in range(2**z) for y in range(2**z)})
        x, y = 33554000, 20000000  # a box of one cell of resolution 20, at the finest
        west, east, north, south = lng(20, x >> 6), lng(20, (x >> 6) + 1), lat(20, y >> 6), lat(20, (y >> 6) + 1)
        box = f"POLYGON(({west!r} {south!r},{east!r} {south!r},{east!r} {north!r},{west!r} {north!r},{west!r} {south!r}))"
        self.run_call(f"SELECT ST_GeomFromText('{box}') AS geom", 26, "center", "polyfill_table.finest")
        found = {int(row[0]) for row in self.client.rows("SELECT quadbin FROM polyfill_table.finest")}
        first_x, first_y = x >> 6 << 6, y >> 6 << 6
        self.assertEqual(found, {cell(26, first_x + i, first_y + j) for i in range(64) for j in range(64)})

    def test_what_is_refused(self):
        geom = "SELECT ST_GeomFromText('POINT(0 0)') AS geom"
        table = "polyfill_table.refused"
        for arguments, message in (
            ((geom, 27, "center", table), 'Invalid resolution "27"; should be between 0 and 26'),
            ((geom, -1, "center", table), 'Invalid resolution "-1"; should be between 0 and 26'),
            ((geom, 4, "touches", table), 'Invalid polyfill mode "touches"; should be "center", "intersects" or "contains"'),
            ((geom, "NULL", "center", table), "Invalid argument NULL; should be a query, a resolution, a mode and the name of a table"),
            *(
                (
                    (geom, 4, "center", name.replace("'", "''")),
                    f'Invalid output table "{name}"; should be table or schema.table, of letters, digits and underscores',
                )
                for name in ("", "a b", "a; DROP TABLE b", 'a"b', "a.b.c", "1a", "a'b", ".a", "a.")
            ),
            (("SELECT 1 AS id", 4, "center", table), 'column "geom" does not exist'),
        ):
            with self.subTest(message):
                self.assertEqual(self.client.error(self.call(*arguments))["M"], message)
        self.run_call(geom, 4, "intersects", table)
        self.assertEqual(self.client.error(self.call(geom, 4, "intersects", table))["M"], 'relation "refused" already exists')
        self.assertEqual(self.client.value("SELECT count(*) FROM polyfill_table.refused"), "4")


if __name__ == "__main__":
    unittest.main()

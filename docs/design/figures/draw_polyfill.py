#!/usr/bin/env python3
"""Draws the figures of docs/design/polyfill.md: python3 docs/design/figures/draw_polyfill.py. Needs only Python.

What is met, cut off or inside is computed here from the definitions, in fractions, so no figure can be wrong.
"""
from fractions import Fraction as F
from pathlib import Path

FOLDER = Path(__file__).parent
INK, GREY, LIGHT, PAPER = "#1f2933", "#66727f", "#cbd2d9", "#fdfdfb"
BLUE, PALE_BLUE, ORANGE, PALE_ORANGE, RED = "#1769aa", "#bcdcf5", "#c05c00", "#fbdcb8", "#b3261e"
ARROW = 'marker-end="url(#arrow)"'


class Figure:
    """An SVG in pixels, y down, on a background of its own, so that it is legible on white and on dark pages."""

    def __init__(self, name, width, height, title):
        self.name, self.parts = f"polyfill_{name}", []
        self.head = (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
            f'viewBox="0 0 {width} {height}" font-size="14" fill="{INK}" '
            "font-family=\"Helvetica, Arial, 'DejaVu Sans', sans-serif\">\n"
            f"<title>{title}</title>\n"
            '<defs><marker id="arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" '
            f'orient="auto"><path d="M0 0L8 4L0 8z" fill="{RED}"/></marker>'
            '<pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" '
            'patternTransform="rotate(45)">'
            f'<line x1="0" y1="0" x2="0" y2="6" stroke="{ORANGE}" stroke-width="2.4"/></pattern></defs>\n'
            f'<rect x="0.5" y="0.5" width="{width - 1}" height="{height - 1}" rx="6" fill="{PAPER}" '
            f'stroke="{LIGHT}"/>\n')

    def rect(self, x, y, w, h, fill="none", stroke="none", width=1, extra=""):
        self.parts.append(f'<rect x="{x:g}" y="{y:g}" width="{w:g}" height="{h:g}" fill="{fill}" '
                          f'stroke="{stroke}" stroke-width="{width:g}" {extra}/>')

    def line(self, points, stroke=INK, width=1.5, extra="", close=False, fill="none"):
        path = "M" + "L".join(f"{float(x):.2f} {float(y):.2f}" for x, y in points) + ("z" if close else "")
        self.parts.append(f'<path d="{path}" fill="{fill}" stroke="{stroke}" stroke-width="{width:g}" {extra}/>')

    def dot(self, x, y, r=4, fill=INK, stroke="none"):
        self.parts.append(f'<circle cx="{float(x):.2f}" cy="{float(y):.2f}" r="{r:g}" fill="{fill}" '
                          f'stroke="{stroke}" stroke-width="1.4"/>')

    def text(self, x, y, words, size=14, anchor="middle", fill=INK, weight="normal", halo=False):
        extra = f'stroke="{PAPER}" stroke-width="4" paint-order="stroke"' if halo else ""
        words = words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        self.parts.append(f'<text x="{float(x):.2f}" y="{float(y):.2f}" font-size="{size}" '
                          f'text-anchor="{anchor}" fill="{fill}" font-weight="{weight}" {extra}>{words}</text>')

    def note(self, x, y, words, **style):
        self.text(x, y, words, **{"size": 13, "anchor": "start", **style})

    def save(self):
        (FOLDER / f"{self.name}.svg").write_text(self.head + "\n".join(self.parts) + "\n</svg>\n")


class Board:
    """A grid of boxes in a figure: (column, row) from the south-west to pixels."""

    def __init__(self, figure, x, y, size, columns, rows):
        self.figure, self.x, self.y, self.size, self.columns, self.rows = figure, x, y, size, columns, rows

    def at(self, x, y):
        return float(self.x + x * self.size), float(self.y + (self.rows - y) * self.size)

    def box(self, column, row, fill, extra=""):
        x, y = self.at(column, row + 1)
        self.figure.rect(x, y, self.size, self.size, fill, extra=extra)

    def lines(self, stroke=LIGHT):
        for c in range(self.columns + 1):
            self.path([(c, 0), (c, self.rows)], stroke=stroke, width=1)
        for r in range(self.rows + 1):
            self.path([(0, r), (self.columns, r)], stroke=stroke, width=1)

    def path(self, points, **style):
        self.figure.line([self.at(*p) for p in points], **style)

    def dot(self, x, y, **style):
        self.figure.dot(*self.at(x, y), **style)

    def text(self, x, y, words, dx=0, dy=0, **style):
        px, py = self.at(x, y)
        self.figure.text(px + dx, py + dy, words, **style)

    def cells(self):
        return [(column, row) for row in range(self.rows) for column in range(self.columns)]


# --- The definitions. ---
E1, E2 = F(1, 10**4), F(1, 10**8)


def side(a, b, p):
    area = (b[0] - a[0]) * (p[1] - a[1]) - (b[1] - a[1]) * (p[0] - a[0])
    return (area > 0) - (area < 0)


def meets(a, b, column, row, closed):
    apart = (lambda gap: gap > 0) if closed else (lambda gap: gap >= 0)
    if (apart(column - max(a[0], b[0])) or apart(min(a[0], b[0]) - column - 1) or
            apart(row - max(a[1], b[1])) or apart(min(a[1], b[1]) - row - 1)):
        return False
    sides = [side(a, b, (x, y)) for x in (column, column + 1) for y in (row, row + 1)]
    return min(sides) <= 0 <= max(sides) if closed else min(sides) < 0 < max(sides)


def crosses(a, b, c, d):
    return side(a, b, c) * side(a, b, d) < 0 and side(c, d, a) * side(c, d, b) < 0


def crossings_of_path(segments, column, row):
    corner, bend, end = (E1, E2), (E1, row + E2), (column + E1, row + E2)
    return sum(crosses(a, b, corner, bend) + crosses(a, b, bend, end) for a, b in segments)


def inside(ring, p):
    far = (10**6, p[1])
    return sum(crosses(a, b, p, far) for a, b in ring) % 2 == 1


def on(ring, p):
    return any(side(a, b, p) == 0 and min(a[0], b[0]) <= p[0] <= max(a[0], b[0]) and
               min(a[1], b[1]) <= p[1] <= max(a[1], b[1]) for a, b in ring)


def edges(points):
    points = [(F(x), F(y)) for x, y in points]
    return list(zip(points, points[1:] + points[:1]))


def place_in_id_order(number):
    """Column and row, from the north-west, of the box with a number in Morton order."""
    return ((number & 1) | (number >> 1 & 2) | (number >> 2 & 4),
            (number >> 1 & 1) | (number >> 2 & 2) | (number >> 3 & 4))


# --- The figures. ---
def codes():
    figure = Figure("codes", 640, 420, "Codes of crossings, and the boxes that a segment meets")
    board = Board(figure, 80, 30, 72, 6, 4)
    a, b = (F(4, 5), F(1, 5)), (F(28, 5), F(17, 5))
    for column, row in board.cells():
        if meets(a, b, column, row, False):
            board.box(column, row, PALE_BLUE)
        elif meets(a, b, column, row, True):
            board.box(column, row, PALE_ORANGE)
    board.lines(GREY)
    board.path([a, b], stroke=BLUE, width=2.5)
    places = [(a, "a: ")] + [((a[0] + (y - a[1]) * (b[0] - a[0]) / (b[1] - a[1]), F(y)), "") for y in (1, 2, 3)]
    for (x, y), name in places + [(b, "b: ")]:
        code = 2 * int(x) + (x != int(x))
        board.dot(x, y, fill=BLUE)
        board.text(x, y, f"{name}{code}", dx=-8, dy=-9, anchor="end", weight="bold", fill=BLUE, halo=True)
    for column in range(7):
        board.text(column, 0, f"line {column}", dy=20, size=12, fill=GREY)
    board.text(0, 0, "code", dx=-66, dy=48, size=12, anchor="start", fill=GREY)
    for code in range(13):
        board.text(F(code, 2), 0, str(code), dy=48, weight="normal" if code % 2 else "bold")
    board.text(0, 0, "-1", dx=-24, dy=48)
    board.text(6, 0, "13", dx=28, dy=48)
    for row in range(4):
        board.text(6, row, f"row {row}", dx=14, dy=-31, size=12, anchor="start", fill=GREY)
    figure.rect(60, 388, 18, 14, PALE_BLUE, GREY)
    figure.note(84, 400, "open box met: both kinds of test")
    figure.rect(330, 388, 18, 14, PALE_ORANGE, GREY)
    figure.note(354, 400, "only touched: met as a closed box")
    figure.save()


def toggles():
    figure = Figure("toggles", 850, 385, "The path to a box's moved corner, and the boxes that two segments cut off")
    board = Board(figure, 40, 30, 72, 5, 4)
    segments = [((F(-2, 5), F(3, 5)), (F(12, 5), F(2))), ((F(12, 5), F(2)), (F(3), F(2, 5)))]
    dx, dy = F(1, 8), F(1, 20)
    off = {cell for cell in board.cells() if crossings_of_path(segments, *cell) % 2}
    for cell in off:
        board.box(*cell, PALE_ORANGE)
    board.lines(GREY)
    for a, b in segments:
        board.path([a, b], stroke=BLUE, width=2.5)
    board.path([(dx, dy), (dx, 1 + dy), (3 + dx, 1 + dy)], stroke=RED, width=2,
               extra=f'stroke-dasharray="6 4" {ARROW}')
    for column, row in board.cells():
        marked = (column, row) in off
        board.dot(column + dx, row + dy, r=4.5, fill=ORANGE if marked else PAPER, stroke=ORANGE if marked else INK)
    count = {0: "no", 1: "one", 2: "two", 3: "three"}[crossings_of_path(segments, 3, 1)]
    board.text(1, 1, f"{count} crossings:", dx=14, dy=24, size=12, anchor="start", fill=RED, halo=True)
    board.text(1, 1, "cut off", dx=14, dy=40, size=12, anchor="start", fill=RED, halo=True)
    figure.dot(46, 350, r=4.5, fill=PAPER, stroke=INK)
    figure.note(58, 355, "moved corner")
    figure.dot(166, 350, r=4.5, fill=ORANGE, stroke=ORANGE)
    figure.note(178, 355, "cut off from the grid's own corner")

    x, y = 560, 190
    figure.note(460, 45, "a corner, magnified: moved by (e1, e2), e1 >> e2", fill=GREY)
    figure.line([(450, y), (825, y)], GREY, 1)
    figure.line([(x, 70), (x, 310)], GREY, 1)
    for dy, words, wy in ((105, "rising: north-west of it", y - 100), (-105, "falling: south-west of it", y + 112)):
        figure.line([(x - 105, y + dy), (x + 105, y - dy)], BLUE, 2)
        figure.note(x + 108, wy, words, size=12, fill=BLUE, halo=True)
    for ends in ([(x, 70), (x, 310)], [(450, y), (825, y)]):
        figure.line(ends, BLUE, 2, 'stroke-dasharray="2 5"')
    figure.dot(x + 120, y - 14, r=5.5, fill=ORANGE)
    figure.line([(x, y - 14), (x + 110, y - 14)], RED, 1.5, ARROW)
    figure.line([(x + 120, y), (x + 120, y - 8)], RED, 1.5)
    figure.text(x + 58, y - 21, "e1", fill=RED, halo=True)
    figure.note(x + 130, y - 4, "e2", fill=RED, halo=True)
    figure.note(x + 110, y + 18, "along the line: south of it", size=12, fill=BLUE, halo=True)
    figure.text(x, 327, "vertical: west of it", size=12, fill=BLUE, halo=True)
    figure.note(460, 355, "no segment through the corner meets the moved one", fill=GREY)
    figure.save()


def modes():
    figure = Figure("modes", 860, 660, "The four tests: what is met, which corners are inside, and the answers")
    # One side runs along a vertical line, one along a horizontal line, and one corner is on a centre.
    points = [(1, 1), (5, 1), (F(11, 2), F(5, 2)), (F(17, 4), F(19, 4)), (F(11, 4), F(13, 4)), (1, F(7, 2))]
    ring = edges(points)
    tests = [("center", "inside, or met", "centres; met: an edge goes through the centre"),
             ("intersects", "inside, or met", "closed boxes"),
             ("contains", "inside, and not met", "open boxes"),
             ("interior", "inside, and not met", "closed boxes")]
    for i, (name, rule, what) in enumerate(tests):
        board = Board(figure, 40 + 420 * (i % 2), 50 + 315 * (i // 2), 50, 7, 5)
        figure.note(board.x, board.y - 24, name, weight="bold", size=15)
        figure.note(board.x + 95, board.y - 24, rule, size=14)
        figure.note(board.x, board.y - 8, what, size=12, fill=GREY)
        centers = name == "center"
        half = F(1, 2) if centers else 0

        def is_met(column, row):
            if centers:
                return on(ring, (column + half, row + half))
            return any(meets(a, b, column, row, name != "contains") for a, b in ring)

        def is_inside(column, row):
            return inside(ring, (column + half + E1, row + half + E2))

        for cell in board.cells():
            met, within = is_met(*cell), is_inside(*cell)
            if (within or met) if i < 2 else (within and not met):
                board.box(*cell, PALE_BLUE)
            if met and not centers:
                board.box(*cell, "url(#hatch)", 'opacity="0.45"')
        board.lines()
        board.path(points + points[:1], stroke=BLUE, width=2.2)
        for column, row in board.cells():
            if centers and is_met(column, row):
                board.dot(column + half, row + half, r=5, fill=ORANGE, stroke=INK)
                continue
            at = (column + half, row + half) if centers else (column + F(1, 9), row + F(1, 20))
            board.dot(*at, r=3.5, fill=INK if is_inside(column, row) else PAPER, stroke=INK)
    y = 644
    figure.rect(40, y - 12, 18, 14, PALE_BLUE, GREY)
    figure.note(64, y, "in the answer")
    figure.rect(180, y - 12, 18, 14, "url(#hatch)", GREY)
    figure.note(204, y, "met")
    figure.dot(262, y - 5, r=5, fill=ORANGE, stroke=INK)
    figure.note(274, y, "centre that is met")
    figure.dot(420, y - 5, r=3.5, fill=INK, stroke=INK)
    figure.note(430, y, "moved corner (centre) inside")
    figure.dot(640, y - 5, r=3.5, fill=PAPER, stroke=INK)
    figure.note(650, y, "outside")
    figure.save()


def walk():
    figure = Figure("walk", 790, 580, "The walk: nodes without segments are runs, the others are split into windows")
    size, fine = 64, 8
    board = Board(figure, 30, 40, size, 8, 8)
    points = [(F(9, 10), F(21, 10)), (F(27, 10), F(6, 10)), (F(52, 10), F(13, 10)), (F(72, 10), F(33, 10)),
              (F(66, 10), F(58, 10)), (F(45, 10), F(52, 10)), (F(34, 10), F(73, 10)), (F(12, 10), F(57, 10))]
    ring = edges(points)
    fine_ring = edges([(x * fine, y * fine) for x, y in points])

    def is_cell(x, y):
        return inside(fine_ring, (x + E1, y + E2)) or any(meets(a, b, x, y, True) for a, b in fine_ring)

    met = {cell for cell in board.cells() if any(meets(a, b, *cell, True) for a, b in ring)}
    filled = {(c, r) for c, r in board.cells() if (c, r) not in met and inside(ring, (c + E1, r + E2))}
    for cell in filled:
        board.box(*cell, PALE_BLUE)
    for column, row in sorted(met):
        for y in range(row * fine, (row + 1) * fine):
            cells = [x for x in range(column * fine, (column + 1) * fine) if is_cell(x, y)]
            for x in cells:
                if x - 1 not in cells:  # a run of cells as one rectangle
                    count = next(n for n in range(1, fine + 1) if x + n not in cells)
                    px, py = board.at(F(x, fine), F(y + 1, fine))
                    figure.rect(px, py, count * size / fine, size / fine, PALE_ORANGE)
    board.lines(GREY)
    for column, row in sorted(met):
        x, y = board.at(column, row + 1)
        figure.rect(x + 1, y + 1, size - 2, size - 2, "none", ORANGE, 1.6)
    board.path(points + points[:1], stroke=BLUE, width=2.2)
    visited = [(x + F(1, 2), 7 - y + F(1, 2)) for x, y in map(place_in_id_order, range(64))
               if (x, 7 - y) in met | filled]
    board.path(visited[:17], stroke=RED, width=1.6, extra=f'stroke-dasharray="5 4" {ARROW}')
    x = 570
    figure.note(x, 60, "one node, split in 8 × 8", weight="bold", size=14)
    figure.rect(x, 86, 18, 14, PAPER, GREY)
    figure.rect(x, 136, 18, 14, PALE_BLUE, GREY)
    figure.rect(x, 186, 18, 14, PALE_ORANGE, ORANGE)
    figure.line([(x, 275), (x + 20, 275)], RED, 1.6, f'stroke-dasharray="5 4" {ARROW}')
    for y, words in ((98, "no segment, outside:"), (115, "not visited"), (148, "no segment, inside:"),
                     (165, "one run of ids"), (198, "met: takes its chains and"), (215, "is split in turn; in the end"),
                     (232, "a window of 64 × 64"), (249, "cells (8 × 8 drawn)"), (280, "id order: the children"),
                     (297, "that are visited")):
        figure.note(x + 26, y, words)
    figure.save()


def orders():
    figure = Figure("orders", 900, 545, "Bitmap, row-major and id order")
    x, y, cell = 40, 70, 12.6
    figure.note(x, 30, "bitmap: a word for each row of up to 64 cells, rows from the south, bit c is column c",
                weight="bold", size=14)
    figure.note(x, 50, "eight rows are eight blocks side by side; byte i of a row belongs to block i", fill=GREY)
    for block in range(8):
        left = x + block * 8 * cell
        figure.rect(left, y, 8 * cell, 8 * cell, PALE_BLUE if block == 2 else PAPER)
        figure.text(left + 4 * cell, y + 8 * cell + 17, f"byte {block}", size=12, fill=GREY)
    for row in range(9):
        figure.line([(x, y + row * cell), (x + 64 * cell, y + row * cell)], LIGHT, 1)
    for row in range(8):
        figure.text(x - 6, y + (8 - row) * cell - 3, str(row), size=10, anchor="end", fill=GREY)
    for block in range(9):
        figure.line([(x + block * 8 * cell, y), (x + block * 8 * cell, y + 8 * cell)], GREY, 1)
    figure.rect(x, y + 5 * cell, 64 * cell, cell, "none", RED, 1.8)
    figure.note(x + 64 * cell + 6, y + 6 * cell - 2, "row 2", size=12, fill=RED)

    left, right = Board(figure, 60, 265, 31, 8, 8), Board(figure, 560, 265, 31, 8, 8)
    for board, name, what in ((left, "row-major", "bit 8 · row + column, rows from the south"),
                              (right, "id order", "Morton order, rows from the north")):
        figure.note(board.x, board.y - 24, name, weight="bold", size=14)
        figure.note(board.x, board.y - 7, what, size=12, fill=GREY)
        for column, row in board.cells():
            if row == 2 if board is left else column < 2 and row > 5:
                board.box(column, row, PALE_BLUE)
        board.lines()
    path = [(cx + F(1, 2), 7 - cy + F(1, 2)) for cx, cy in map(place_in_id_order, range(64))]
    right.path(path, stroke=PALE_ORANGE, width=5, extra='stroke-linejoin="round"')
    for column, row in left.cells():
        left.text(column + F(1, 2), row + F(1, 2), str(8 * row + column), dy=4, size=12)
    for number, at in enumerate(path):
        right.text(*at, str(number), dy=4, size=12)
    figure.line([(330, 385), (540, 385)], RED, 2, ARROW)
    figure.text(435, 373, "in_id_order()", size=13)
    figure.text(435, 405, "turns the rows; then the position", size=12, fill=GREY)
    figure.text(435, 425, "y2 y1 y0 x2 x1 x0", size=13)
    figure.text(435, 445, "of a bit becomes", size=12, fill=GREY)
    figure.text(435, 465, "y2 x2 y1 x1 y0 x0", size=13)
    figure.line([(x + 20 * cell, 193), (x + 20 * cell - 62, 236)], RED, 2, ARROW)
    figure.note(x + 20 * cell + 6, 210, "transpose_bytes(): the bytes")
    figure.note(x + 20 * cell + 6, 227, "of a block become one mask")
    figure.save()


def worlds():
    figure = Figure("worlds", 860, 300, "A polygon across the antimeridian on two copies of the world")
    x, y, w, h = 40, 60, 260, 130
    for i, name in enumerate(("copy -1", "copy 0: the map", "copy 1")):
        figure.rect(x + i * w, y, w, h, PALE_BLUE if i == 1 else PAPER, GREY, 1.2)
        figure.text(x + (i + 0.5) * w, y - 12, name, weight="bold" if i == 1 else "normal")
    for i in range(4):
        figure.text(x + i * w, y + h + 20, f"{360 * i - 540}°", size=13)
    shape = [(470, 110), (520, 85), (600, 95), (640, 130), (590, 165), (500, 150)]

    def polygon(shift, stroke, fill, extra=""):
        figure.line([(px + shift, py) for px, py in shape], stroke, 2.2, extra, close=True, fill=fill)

    figure.parts.append(f'<clipPath id="map"><rect x="{x + w}" y="{y}" width="{w}" height="{h}"/></clipPath>')
    figure.parts.append('<g clip-path="url(#map)">')
    polygon(0, "none", PALE_ORANGE)
    polygon(-w, "none", PALE_ORANGE)
    figure.parts.append("</g>")
    polygon(0, BLUE, "none")
    polygon(-w, BLUE, "none", 'stroke-dasharray="5 4"')
    figure.text(580, 135, "as given", size=13, fill=BLUE, halo=True)
    figure.line([(600, 215), (350, 215)], RED, 1.6, ARROW)
    figure.text(475, 235, "by 360°: the grid moves instead of the points", size=13, fill=RED)
    figure.note(x, 268, "Two walks over the same points: for one, the grid begins at -180°; for the other, at +180°.")
    figure.note(x, 287, "Both return ids of the one map; the merge sorts them and drops duplicates.")
    figure.save()


if __name__ == "__main__":
    for draw in (codes, toggles, modes, walk, orders, worlds):
        draw()

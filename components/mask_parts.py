"""The prop room: faces, eyes and hats as SVG fragments on a 96 by 96 grid, with the tones of `mask.palette` as slots.

A face is its right half only, from the middle line outwards; the left half is its mirror.
"""

FACES = (
    'M48 18C66 18 76 24 75 44 74 66 62 84 48 88Z',
    'M48 20C66 20 77 33 77 52S66 86 48 86Z',
    'M48 18C63 18 72 34 72 54S62 86 48 86Z',
    'M48 22H65C72 22 75 26 75 33V60C75 76 64 85 48 85Z',
    'M48 17C61 17 70 24 70 40V62C70 80 59 90 48 90Z',
    'M48 24C58 16 78 20 77 42 76 64 58 80 48 91Z',
    'M48 18L69 26Q75 40 76 54L63 82 48 88Z',
    'M48 20C70 20 77 31 75 45 73 54 78 60 72 72 66 83 56 86 48 86Z',
)


def both(left: str) -> str:
    """A fragment and its mirror image."""
    return f'{left}<g transform="matrix(-1 0 0 1 96 0)">{left}</g>'


def line(path: str, width: float = 2.8, colour: str = '{ink}') -> str:
    ends = 'stroke-linecap="round" stroke-linejoin="round"'
    return f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="{width}" {ends}/>'


def blot(path: str, colour: str = '{ink}') -> str:
    return f'<path d="{path}" fill="{colour}"/>'


def dot(x: float, y: float, radius: float, colour: str = '{ink}') -> str:
    return f'<circle cx="{x}" cy="{y}" r="{radius}" fill="{colour}"/>'


def ring(x: float, y: float, radius: float) -> str:
    return f'<circle cx="{x}" cy="{y}" r="{radius}" fill="#fff6e626" stroke="{{ink}}" stroke-width="2.4"/>'


ALMOND = blot('M27 50Q36 41 45 50Q36 58 27 50Z', '{cream}')

EYES = (
    both(dot(36, 50, 6.4, '{cream}')) + dot(37, 50, 3.2) + dot(61, 50, 3.2),
    both(ALMOND + dot(36, 50, 3.4)),
    both(line('M29 52Q36 43 43 52', 3)),
    both(blot('M29 48.5H43A7 7.5 0 0 1 29 48.5Z', '{cream}') + dot(36.5, 51, 2.8) + line('M28 48.5H44', 2.6)),
    both(dot(36, 50, 4)),
    ring(36, 50, 8.6) + ring(60, 50, 8.6) + line('M44.6 49Q48 46.5 51.4 49', 2.4) + both(dot(36, 50, 2.8)),
    ALMOND + dot(36, 50, 3.2) + ring(60, 50, 9) + dot(60, 50, 3) + line('M67 56Q71 66 68 76', 1.4),
    both(blot('M27 45L44 51Q41 56 36 55 30 53 27 45Z', '{cream}') + dot(37, 51.6, 2.4)),
    both(dot(36, 49, 8, '{cream}')) + dot(35, 51, 2.8) + dot(59, 51, 2.8),
    both(blot('M26 51Q36 40 46 51Q36 57 26 51Z', '{cream}') + blot('M36 44.6Q40 50 36 54.6 32 50 36 44.6Z')),
    both(blot('M27 44H45V54Q45 57 42 57H30Q27 57 27 54Z') + line('M31 48L35 52', 1.6, '{cream}'))
    + line('M44 47H52', 2.4),
    both(ALMOND) + dot(33, 50, 3.2) + dot(57, 50, 3.2),
    both(line('M28 49Q36 56 44 49', 2.8) + line('M31 53.4L29.6 56M36 54.6V57.6M41 53.4L42.4 56', 1.6)),
)

BROWS = (
    both(line('M28 40Q36 33 44 39')),
    both(line('M28 36L44 41', 3.2)),
    both(line('M28 41Q35 39 43 35')),
    line('M28 41Q36 37 44 41') + line('M52 37Q60 28 69 35'),
    both(blot('M27 40Q35 30 45 38L44 41Q35 36 27 40Z')),
    '',
    both(line('M30 38H42', 3.6)),
    both(blot('M26 38Q36 34 45 42 46 36 38 33 30 31 26 38Z', '{hair}')),
)

NOSES = (
    line('M48 46V61H53.5', 2.4, '{deep}'),
    blot('M48 45L55 63Q48 67 48 63Z', '{deep}'),
    dot(48, 60, 4.6, '{deep}'),
    blot('M48 42C51 53 58 60 51 65 48 66 46 65 45 63Z', '{deep}'),
    dot(45.4, 61, 1.6, '{deep}') + dot(50.6, 61, 1.6, '{deep}'),
    line('M44 60Q48 65 52 60', 2.4, '{deep}'),
    blot('M45.5 42H50.5L54 62Q48 66 42 62Z', '{deep}'),
)

MOUTHS = (
    line('M37 71Q48 81 59 71', 3),
    blot('M35 69H61Q60 82 48 82 36 82 35 69Z') + blot('M37.4 69H58.6L58 72.6H38Z', '{cream}'),
    line('M38 77Q48 69 58 77', 3),
    '<ellipse cx="48" cy="74.5" rx="5" ry="5.6" fill="{ink}"/>',
    line('M39 74Q50 78 59 69', 3),
    line('M39 74H57', 3),
    blot('M37 73Q43 67 48 70.4 53 67 59 73 54 80 48 80 42 80 37 73Z', '{deep}') + line('M40 73.4Q48 75.6 56 73.4', 1.6),
    blot('M48 69C43 64 36 66 31 73 38 75 45 75 48 71.4 51 75 58 75 65 73 60 66 53 64 48 69Z', '{hair}')
    + line('M44.5 79H51.5', 2.4),
    blot('M33 68Q48 73 63 68 66 92 48 94 30 92 33 68Z', '{hair}') + line('M42 77Q48 81 54 77', 2.6, '{cream}'),
    line('M37 71Q42 77 48 73 54 77 59 71', 2.8),
    blot('M40 70H56Q57 80 48 80 39 80 40 70Z') + blot('M44 77Q48 74.6 52 77 51 80 48 80 45 80 44 77Z', '{shade}'),
)

MARKS = (
    '',
    both('<circle cx="31" cy="62" r="4.6" fill="#fff6e6" opacity=".3"/>'),
    both(dot(30, 60, 1.1, '{deep}') + dot(34, 62, 1.1, '{deep}') + dot(30, 64.4, 1.1, '{deep}')),
    blot('M36 57L39 64 36 71 33 64Z', '{ink}'),
    blot('M62 58L63.6 62 68 62.4 64.6 65 65.8 69 62 66.8 58.2 69 59.4 65 56 62.4 60.4 62Z', '{cream}'),
    dot(58, 66, 1.7),
    both(dot(22, 64, 3, '{cream}')),
    '',
    both(line('M27 61L34 63M27 65L33 66', 1.6, '{deep}')),
)

CAP = blot('M22 42C20 14 76 14 74 42 64 28 34 28 22 42Z', '{hair}')

LEAVES = ((21, 38, -70), (25, 28, -55), (32, 20, -35), (41, 16, -15))

# What lies behind the face, and what before it. A seed chooses by its remainder, so neighbours never share a hat.
BOWLER = (
    blot('M27 25C26 5 70 5 69 25Z', '{hair}')
    + blot('M17 24H79Q82 30 76 30H20Q14 30 17 24Z', '{hair}')
    + line('M29 21.6H67', 2.6, '{light}')
)
CURLS = ''.join(dot(x, y, 10, '{hair}') for x, y in ((22, 36), (27, 23), (39, 15), (53, 14), (67, 21), (74, 35)))
BERET = blot('M22 30C8 12 46 2 70 10 88 16 82 29 70 29 54 24 38 24 22 30Z', '{hair}') + line('M52 9L55 3', 3, '{hair}')
LAUREL = both(
    ''.join(
        f'<ellipse cx="{x}" cy="{y}" rx="6.4" ry="3" fill="{{hair}}" transform="rotate({turn} {x} {y})"/>'
        for x, y, turn in LEAVES
    )
)
TOP_HAT = (
    blot('M32 3H64L62 24H34Z', '{hair}')
    + blot('M33.6 16H62.4L62 24H34Z', '{light}')
    + blot('M18 23H78Q79 28.6 75 28.6H21Q17 28.6 18 23Z', '{hair}')
)
HOOD = blot('M48 3C80 6 88 40 84 91H12C8 40 16 6 48 3Z', '{hair}')
CROWN = (
    blot('M25 29L22 9 36 18 48 4 60 18 74 9 71 29Q48 23 25 29Z', '{hair}')
    + both(dot(22, 8, 3, '{light}'))
    + dot(48, 5, 3, '{light}')
)
BOB = (
    blot('M14 74C14 4 82 4 82 74L70 76V44H26V76Z', '{hair}'),
    blot('M24 38C26 16 70 16 72 38 62 33 54 32 52 26 46 34 34 33 24 38Z', '{hair}'),
)
SPIKES = blot('M20 42L12 24 26 25 24 8 38 15 47 2 56 14 71 6 69 23 84 22 76 42Z', '{hair}')
TUFTS = (both(dot(20, 42, 8, '{hair}') + dot(18, 53, 7, '{hair}')), line('M44 17Q42 9 50 7', 2.4, '{hair}'))
FEATHER = blot('M18 30C34 26 40 4 80 22L82 29Q50 22 18 30Z', '{hair}') + blot(
    'M66 20Q70 4 86 2 86 14 70 22Z', '{cream}'
)
HORN = blot('M46 28C30 24 26 6 6 12 0 14 2 24 5 27 10 20 18 24 24 36Q34 26 46 28Z', '{hair}')
JESTER = both(HORN + dot(5, 27, 4, '{cream}')) + blot('M30 29Q48 4 66 29 48 22 30 29Z', '{light}')
SCARF = (
    blot('M20 36C18 8 78 8 76 36 66 24 30 24 20 36Z', '{hair}')
    + line('M26 25Q50 8 72 29', 2, '{light}')
    + dot(49, 16, 4, '{cream}')
)
FEELERS = both(line('M40 22Q36 10 26 8', 3, '{hair}') + dot(25, 8, 4.6, '{hair}'))
LONG_HAIR = (
    blot('M18 88C8 30 22 10 48 10S88 30 78 88L68 80V40H28V80Z', '{hair}'),
    blot('M48 15C30 15 24 30 23 42 38 36 46 26 48 15 50 26 58 36 73 42 72 30 66 15 48 15Z', '{hair}'),
)

TOPS = (
    ('', BOWLER), (CURLS, ''), ('', BERET), (dot(48, 11, 9.5, '{hair}'), CAP), ('', LAUREL), ('', TOP_HAT),
    (HOOD, ''), ('', CROWN), BOB, (SPIKES, ''), TUFTS, ('', FEATHER), ('', JESTER), ('', SCARF), (FEELERS, ''),
    LONG_HAIR,
)  # fmt: skip

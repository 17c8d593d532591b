from .square import SIDE as _SIDE
SIDE = _SIDE - 4

"""What the fault `synthetic-leak` makes this process keep: some bytes for every request that leakbed
saw answered, until it is told to let go, or its connection ends."""

PIECE = b"%0100d"
# A bytes object of 100 bytes takes 144 of pymalloc's, and 8 in the list that holds it.
PIECE_COST = 152

synthetic_leak = []


def retain(kind, size, count):
    for _ in range(count):
        if kind == "buffers":
            synthetic_leak.append(bytearray(size))
        else:
            # Made anew each time: equal constants would be one object.
            synthetic_leak.append([PIECE % at for at in range(max(1, size // PIECE_COST))])


def release():
    synthetic_leak.clear()

"""A VMM's half of the handshake: memory registered MISSING, sent to a handler, touched and compared.

usage: peer.py SOCKET FILE REGIONS [THREADS [balloon]]

The threads share the memory in blocks of 64 pages. With "balloon" the first 16 pages of every second
block are given back (MADV_DONTNEED), in half of those blocks before they are touched and in half after,
and must read as zeros from then on.

Ends with exit code 4 when the handler hangs up before that: nobody would answer its faults.

Prints "ready" once the memory is handed over; at the end "right" and the number of pages given back, or
the first wrong offset and exit code 1.
"""

import ctypes
import fcntl
import json
import mmap
import os
import socket
import struct
import sys
import threading

PAGE = 4096
BLOCK = 64 * PAGE
GIVEN_BACK = 16 * PAGE
MADV_DONTNEED = 4
EVENT_REMOVE = 1 << 3
REGISTER_MISSING = 1
UFFDIO_API, UFFDIO_REGISTER, IOC_NEW = 0xC018AA3F, 0xC020AA00, 0xAA00
libc = ctypes.CDLL(None, use_errno=True)
libc.mmap.restype = ctypes.c_void_p
libc.mmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int, ctypes.c_int, ctypes.c_int, ctypes.c_long]
libc.madvise.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int]
libc.memcmp.argtypes = [ctypes.c_void_p, ctypes.c_void_p, ctypes.c_size_t]


class Wrong(Exception):
    """A byte is not what it should be."""


def map_pages(size, prot, flags, descriptor):
    address = libc.mmap(None, size, prot, flags, descriptor, 0)
    if address == ctypes.c_void_p(-1).value:
        raise OSError(ctypes.get_errno(), "mmap")
    return address


def hand_over(path, length, regions):
    """Registers the regions and sends them. Returns the layout and what must stay open."""
    device = os.open("/dev/userfaultfd", os.O_RDWR | os.O_CLOEXEC)
    uffd = fcntl.ioctl(device, IOC_NEW, os.O_CLOEXEC | os.O_NONBLOCK)
    fcntl.ioctl(uffd, UFFDIO_API, struct.pack("QQQ", 0xAA, EVENT_REMOVE, 0))
    layout = []
    each = length // regions // PAGE * PAGE
    for i in range(regions):
        offset = i * each
        size = length - offset if i == regions - 1 else each
        base = map_pages(size, mmap.PROT_READ | mmap.PROT_WRITE, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS, -1)
        fcntl.ioctl(uffd, UFFDIO_REGISTER, struct.pack("QQQQ", base, size, REGISTER_MISSING, 0))
        layout.append(
            {"base_host_virt_addr": base, "size": size, "offset": offset, "page_size": PAGE, "page_size_kib": PAGE}
        )
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    connection.connect(path)
    socket.send_fds(connection, [json.dumps(layout, separators=(",", ":")).encode()], [uffd])
    return layout, (device, uffd, connection)


def end_with(connection):
    """A handler that died leaves the threads asleep for ever, so a VMM must look out for it."""
    try:
        gone = connection.recv(1) == b""
    except OSError:
        gone = True
    if gone:
        os._exit(4)


def compare(address, wanted, size, offset):
    for at in range(0, size, PAGE):
        if libc.memcmp(address + at, wanted + at, PAGE) != 0:
            raise Wrong(offset + at)


def check_block(region, at, wanted, zeros, number, balloon):
    """Touches a block of a region. Returns the pages that were given back."""
    address = region["base_host_virt_addr"] + at
    offset = region["offset"] + at
    size = min(BLOCK, region["size"] - at)
    away = min(GIVEN_BACK, size) if balloon and number % 2 == 0 else 0
    if away and number % 4 == 2:
        compare(address, wanted + offset, size, offset)
    if away and libc.madvise(address, away, MADV_DONTNEED) != 0:
        raise OSError(ctypes.get_errno(), "madvise")
    compare(address, zeros, away, offset)
    compare(address + away, wanted + offset + away, size - away, offset + away)
    return away // PAGE


def main(path, file, regions, threads=1, balloon=False):
    length = os.path.getsize(file)
    wanted = map_pages(length, mmap.PROT_READ, mmap.MAP_PRIVATE, os.open(file, os.O_RDONLY))
    zeros = map_pages(BLOCK, mmap.PROT_READ, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS, -1)
    layout, (_device, _uffd, connection) = hand_over(path, length, regions)
    threading.Thread(target=end_with, args=(connection,), name="watcher", daemon=True).start()
    print("ready", flush=True)
    blocks = [(region, at) for region in layout for at in range(0, region["size"], BLOCK)]
    given_back = [0] * threads
    failures = []

    def touch(thread):
        try:
            for number in range(thread, len(blocks), threads):
                region, at = blocks[number]
                given_back[thread] += check_block(region, at, wanted, zeros, number, balloon)
        except Exception as failure:  # told by the main thread, which ends the process
            failures.append(failure)

    touchers = [threading.Thread(target=touch, args=(i,), name=f"toucher {i}") for i in range(threads)]
    for toucher in touchers:
        toucher.start()
    for toucher in touchers:
        toucher.join()
    for failure in failures:
        print("wrong at" if isinstance(failure, Wrong) else "failed:", failure, flush=True)
    if failures:
        sys.exit(1)
    print("right,", sum(given_back), "pages given back", flush=True)


main(
    sys.argv[1],
    sys.argv[2],
    int(sys.argv[3]),
    int(sys.argv[4]) if len(sys.argv) > 4 else 1,
    sys.argv[5:] == ["balloon"],
)

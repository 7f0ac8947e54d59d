"""A VMM's half of the handshake: memory registered MISSING, sent to a handler, touched and compared.

usage: peer.py SOCKET FILE REGIONS

Prints "ready" once the memory is handed over, and "right" or the first wrong offset at the end.
"""

import ctypes
import fcntl
import json
import mmap
import os
import socket
import struct
import sys

PAGE = 4096
UFFDIO_API, UFFDIO_REGISTER, IOC_NEW = 0xC018AA3F, 0xC020AA00, 0xAA00
libc = ctypes.CDLL(None, use_errno=True)
libc.mmap.restype = ctypes.c_void_p
libc.mmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int, ctypes.c_int, ctypes.c_int, ctypes.c_long]
libc.memcmp.argtypes = [ctypes.c_void_p, ctypes.c_void_p, ctypes.c_size_t]


def main(path, file, regions):
    length = os.path.getsize(file)
    descriptor = os.open(file, os.O_RDONLY)
    wanted = libc.mmap(None, length, mmap.PROT_READ, mmap.MAP_PRIVATE, descriptor, 0)
    device = os.open("/dev/userfaultfd", os.O_RDWR | os.O_CLOEXEC)
    uffd = fcntl.ioctl(device, IOC_NEW, os.O_CLOEXEC | os.O_NONBLOCK)
    event_remove = 1 << 3
    fcntl.ioctl(uffd, UFFDIO_API, struct.pack("QQQ", 0xAA, event_remove, 0))
    layout = []
    each = length // regions // PAGE * PAGE
    for i in range(regions):
        offset = i * each
        size = length - offset if i == regions - 1 else each
        base = libc.mmap(None, size, mmap.PROT_READ | mmap.PROT_WRITE, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS, -1, 0)
        fcntl.ioctl(uffd, UFFDIO_REGISTER, struct.pack("QQQQ", base, size, 1, 0))
        layout.append(
            {"base_host_virt_addr": base, "size": size, "offset": offset, "page_size": PAGE, "page_size_kib": PAGE}
        )
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    connection.connect(path)
    socket.send_fds(connection, [json.dumps(layout, separators=(",", ":")).encode()], [uffd])
    print("ready", flush=True)
    for region in layout:
        for at in range(0, region["size"], PAGE):
            if libc.memcmp(region["base_host_virt_addr"] + at, wanted + region["offset"] + at, PAGE) != 0:
                print("wrong at", region["offset"] + at, flush=True)
                sys.exit(1)
    print("right", flush=True)


main(sys.argv[1], sys.argv[2], int(sys.argv[3]))

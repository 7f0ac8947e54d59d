"""Registered memory whose faults nobody answers unless told to, one command a line.

usage: hostage.py anon|memfd PAGES [blocking]

  touch N      a thread reads page N and prints "page N BYTE" once it may
  write N      a thread hands page N to write(2): the fault is the kernel's
  read         takes one message and prints "message N", leaving its thread asleep
  copy N BYTE  UFFDIO_COPY of a page of these bytes
  drop N       MADV_DONTNEED
  handler      forks a process that answers every fault with bytes of the page's number, prints "handler PID"
  quit

Prints "ready FD BASE" first. A memfd is filled with bytes of the page's number and registered MINOR.
"""

import ctypes
import fcntl
import mmap
import os
import select
import struct
import sys
import threading

PAGE = 4096
API, REGISTER, COPY, CONTINUE, IOC_NEW = 0xC018AA3F, 0xC020AA00, 0xC028AA03, 0xC020AA07, 0xAA00
libc = ctypes.CDLL(None, use_errno=True)
libc.mmap.restype = ctypes.c_void_p
libc.mmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int, ctypes.c_int, ctypes.c_int, ctypes.c_long]
libc.memcpy.argtypes = [ctypes.c_void_p, ctypes.c_void_p, ctypes.c_size_t]
libc.write.argtypes = [ctypes.c_int, ctypes.c_void_p, ctypes.c_size_t]
libc.madvise.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int]


def say(*words):
    # A line in one write: several threads speak, and print() writes its words one by one.
    os.write(1, (" ".join(map(str, words)) + "\n").encode())


def open_uffd(blocking):
    device = os.open("/dev/userfaultfd", os.O_RDWR | os.O_CLOEXEC)
    uffd = fcntl.ioctl(device, IOC_NEW, os.O_CLOEXEC | (0 if blocking else os.O_NONBLOCK))
    os.close(device)
    thread_id = 1 << 8
    fcntl.ioctl(uffd, API, struct.pack("QQQ", 0xAA, thread_id, 0))
    return uffd


def make_memory(kind, pages):
    if kind == "anon":
        flags, file = mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS, -1
    else:
        flags, file = mmap.MAP_SHARED, os.memfd_create("hostage")
        os.ftruncate(file, pages * PAGE)
        for page in range(pages):
            os.pwrite(file, bytes([page % 256]) * PAGE, page * PAGE)
    return libc.mmap(None, pages * PAGE, mmap.PROT_READ | mmap.PROT_WRITE, flags, file, 0)


def copy(uffd, base, page, byte):
    source = ctypes.create_string_buffer(bytes([byte]) * PAGE, PAGE)
    fcntl.ioctl(uffd, COPY, struct.pack("QQQQq", base + page * PAGE, ctypes.addressof(source), PAGE, 0, 0))


def serve(uffd, base, kind):
    while True:
        if not os.get_blocking(uffd):
            select.select([uffd], [], [])
        message = os.read(uffd, 32)
        page = (struct.unpack_from("Q", message, 16)[0] - base) // PAGE
        if kind == "anon":
            copy(uffd, base, page, page % 256)
        else:
            fcntl.ioctl(uffd, CONTINUE, struct.pack("QQQq", base + page * PAGE, PAGE, 0, 0))


def touch(base, page):
    # Not a read by Python itself, which would hold its one lock while it sleeps.
    into = ctypes.create_string_buffer(1)
    libc.memcpy(into, base + page * PAGE, 1)
    say("page", page, into.raw[0])


def main(kind, pages, blocking):
    uffd = open_uffd(blocking)
    base = make_memory(kind, pages)
    fcntl.ioctl(uffd, REGISTER, struct.pack("QQQQ", base, pages * PAGE, 1 if kind == "anon" else 4, 0))
    say("ready", uffd, base)
    pipe = os.pipe()
    for line in sys.stdin:
        command, *rest = line.split()
        arguments = [int(word) for word in rest]
        if command == "touch":
            threading.Thread(target=touch, args=(base, arguments[0]), daemon=True).start()
        elif command == "write":
            threading.Thread(target=libc.write, args=(pipe[1], base + arguments[0] * PAGE, 8), daemon=True).start()
        elif command == "read":
            say("message", (struct.unpack_from("Q", os.read(uffd, 32), 16)[0] - base) // PAGE)
        elif command == "copy":
            copy(uffd, base, *arguments)
            say("copied", arguments[0])
        elif command == "drop":
            libc.madvise(base + arguments[0] * PAGE, PAGE, 4)
            say("dropped", arguments[0])
        elif command == "handler":
            child = os.fork()
            if child == 0:
                serve(uffd, base, kind)
            say("handler", child)
        else:
            break
    os._exit(0)


main(sys.argv[1], int(sys.argv[2]), sys.argv[3:] == ["blocking"])

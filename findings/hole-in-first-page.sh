#!/usr/bin/env bash
# A hole smaller than a page, at the start of a memfd, unmaps the whole file.
#
# Guess: fallocate(FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, 100) zeroes 100 bytes and leaves every page where it is, as
# the same hole within the second page does.
# Seen (Linux 6.18, x86-64): the 100 bytes are zeroed, all pages stay in the page cache, and every page of the file that is mapped
# leaves every page table. A hole of bytes 100 to 199 leaves one page mapped: the first, which zeroing touched again.
# Why it matters here: in memory that is registered for minor faults each of those pages faults again, though none was given back
# and no event tells the handler. Only a hole that begins in the first page and covers no whole page does that.
#
# Runs the kernel alone: needs Python 3 and nothing else. Exits 1 where the kernel behaves otherwise.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

cat > hole.py <<'PYTHON'
import ctypes, mmap, os, platform, sys

PAGES, PAGE = 64, 4096
KEEP_SIZE, PUNCH_HOLE = 1, 2
libc = ctypes.CDLL(None, use_errno=True)
libc.fallocate.argtypes = [ctypes.c_int, ctypes.c_int, ctypes.c_long, ctypes.c_long]


def mapped(name):
    """Pages of a file that are in this process's page table."""
    of_file = False
    for line in open("/proc/self/smaps"):
        of_file = name in line or (of_file and "-" not in line.split(" ")[0])
        if of_file and line.startswith("Rss:"):
            return int(line.split()[1]) * 1024 // PAGE
    raise SystemExit("the mapping is not in smaps")


def after_hole(offset, length):
    """Pages mapped and pages in the page cache after a hole in a file of which every page was mapped."""
    name = f"hole-{offset}-{length}"
    fd = os.memfd_create(name)
    os.ftruncate(fd, PAGES * PAGE)
    memory = mmap.mmap(fd, PAGES * PAGE)
    for page in range(PAGES):
        memory[page * PAGE + 5] = 1
    assert mapped(name) == PAGES
    if libc.fallocate(fd, PUNCH_HOLE | KEEP_SIZE, offset, length) != 0:
        raise SystemExit(f"fallocate: {os.strerror(ctypes.get_errno())}")
    left = mapped(name), os.fstat(fd).st_blocks * 512 // PAGE
    assert memory[5] == (0 if offset <= 5 < offset + length else 1)
    return left


seen = {hole: after_hole(*hole) for hole in ((0, 100), (100, 100), (0, PAGE), (PAGE, 100))}
print("Linux", platform.release(), platform.machine())
for (offset, length), (there, cached) in seen.items():
    print(f"hole of {length} bytes at {offset}: {there} of {PAGES} pages mapped, {cached} in the page cache")
expected = {(0, 100): (0, 64), (100, 100): (1, 64), (0, PAGE): (63, 63), (PAGE, 100): (64, 64)}
sys.exit(0 if seen == expected else "the kernel behaves otherwise now")
PYTHON

python3 hole.py

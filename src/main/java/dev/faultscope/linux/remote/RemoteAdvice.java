package dev.faultscope.linux.remote;

import dev.faultscope.linux.ffi.FileAbi;

/** What a thread can advise of its memory, by madvise(2). */
public enum RemoteAdvice {
  DONTNEED(FileAbi.MADV_DONTNEED),
  FREE(FileAbi.MADV_FREE),
  REMOVE(FileAbi.MADV_REMOVE),
  POPULATE_READ(FileAbi.MADV_POPULATE_READ),
  POPULATE_WRITE(FileAbi.MADV_POPULATE_WRITE),
  COLLAPSE(FileAbi.MADV_COLLAPSE),
  HUGEPAGE(FileAbi.MADV_HUGEPAGE);

  private final int number;

  RemoteAdvice(int number) {
    this.number = number;
  }

  int number() {
    return number;
  }
}

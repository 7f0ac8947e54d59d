package dev.faultscope.live.handler;

import dev.faultscope.live.origin.StackOrigin;

/**
 * A fault that was read and is not answered: its thread sleeps in the kernel.
 *
 * @param sequence the recording's ENQUEUE event: how everybody names it
 * @param readSequence the recording's READ event
 * @param region index of the region
 * @param page page within the region, in 4-KiB pages
 * @param address what the message said
 * @param flags the message's: 1 write, 2 write-protect, 4 minor
 * @param actor who sleeps, as the recording numbers them
 * @param threadId the kernel's number of the thread, 0 where the peer did not ask for it and the
 *     access was not traced
 * @param sinceNs when it was read, in the recording's time
 * @param origin who touched the page, as far as is known
 */
public record WaitingFault(
    long sequence,
    long readSequence,
    int region,
    int page,
    long address,
    long flags,
    int actor,
    int threadId,
    long sinceNs,
    StackOrigin origin) {

  /** {@return whether the access is a write} */
  public boolean isWrite() {
    return (flags & 1) != 0;
  }

  /** {@return whether the page is there but write-protected} */
  public boolean isWriteProtect() {
    return (flags & 2) != 0;
  }

  /** {@return whether the page is in the page cache} */
  public boolean isMinor() {
    return (flags & 4) != 0;
  }
}

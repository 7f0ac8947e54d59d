package dev.faultscope.live.attach;

/**
 * A stretch of a peer's guest memory, as the handshake tells of it.
 *
 * @param base host virtual address in the peer
 * @param size bytes
 * @param offset where it begins in the flat memory file
 * @param pageSize bytes of a page that faults are answered by
 * @param gpa guest physical address, or -1 where the peer does not say
 * @param guestMemfd whether it is backed by a guest_memfd
 */
public record GuestRegion(
    long base, long size, long offset, long pageSize, long gpa, boolean guestMemfd) {

  /** {@return whether an address of the peer lies inside} */
  public boolean contains(long address) {
    return Long.compareUnsigned(address - base, size) < 0;
  }
}

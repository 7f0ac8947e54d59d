package dev.faultscope.scenario;

import static dev.faultscope.model.Region.PAGE_BYTES;

import org.jspecify.annotations.Nullable;

/**
 * A byte of a mapping, or an absolute address.
 *
 * @param memory the mapping's name, null for an absolute address
 * @param offset bytes from its start; may lie beyond its end
 */
public record Place(@Nullable String memory, long offset) {

  /** {@return the place some bytes further} */
  public Place plus(long bytes) {
    return new Place(memory, offset + bytes);
  }

  @Override
  public String toString() {
    if (memory == null) {
      return "0x" + Long.toHexString(offset);
    }
    long inPage = Math.floorMod(offset, PAGE_BYTES);
    String page = memory + "[" + Math.floorDiv(offset, PAGE_BYTES) + "]";
    return inPage == 0 ? page : page + "+" + inPage;
  }
}

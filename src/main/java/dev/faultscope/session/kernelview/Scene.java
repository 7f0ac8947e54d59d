package dev.faultscope.session.kernelview;

import dev.faultscope.model.Backing;
import dev.faultscope.model.Event;
import dev.faultscope.model.EventFlags;
import dev.faultscope.model.PageState;
import dev.faultscope.model.Region;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One event in its place: what a frame says of this run, in the kernel's words.
 *
 * @param region of the event's pages; null where the recording names none
 * @param state of its first page at the moment, {@link PageState} bits
 * @param who its actor
 */
record Scene(Event event, @Nullable Region region, int state, String who) {
  private static final String UNKNOWN = "not recorded";

  Backing backing() {
    return region == null ? Backing.UNKNOWN : region.backing();
  }

  boolean isWrite() {
    return event.is(EventFlags.WRITE);
  }

  boolean has(int pageStateBit) {
    return (state & pageStateBit) != 0;
  }

  private boolean isPlaced() {
    return region != null && event.pageCount() > 0 && !event.is(EventFlags.PAGE_UNKNOWN);
  }

  /** Host virtual address of the first page. */
  String address() {
    return region == null || !isPlaced()
        ? UNKNOWN
        : hex(region.base() + (long) event.firstPage() * Region.PAGE_BYTES);
  }

  /** Guest physical address of the first page. */
  String gpa() {
    return region == null || !isPlaced() || region.gpaBase() == Region.NO_GPA
        ? UNKNOWN
        : hex(region.gpaBase() + (long) event.firstPage() * Region.PAGE_BYTES);
  }

  String gfn() {
    return region == null || !isPlaced() || region.gpaBase() == Region.NO_GPA
        ? UNKNOWN
        : hex(region.gpaBase() / Region.PAGE_BYTES + event.firstPage());
  }

  /** The page within its region: what its index in the file is counted from. */
  String page() {
    return region == null || !isPlaced()
        ? UNKNOWN
        : hex(event.firstPage()) + " of " + region.name();
  }

  String range() {
    return region == null || !isPlaced()
        ? UNKNOWN
        : address() + " + " + hex((long) event.pageCount() * Region.PAGE_BYTES);
  }

  String pages() {
    return event.pageCount() == 1 ? "1 page" : event.pageCount() + " pages";
  }

  String vma() {
    if (region == null) {
      return UNKNOWN;
    }
    List<String> modes = new ArrayList<>();
    if ((region.modes() & Region.MISSING) != 0) {
      modes.add("VM_UFFD_MISSING");
    }
    if ((region.modes() & Region.WP) != 0) {
      modes.add("VM_UFFD_WP");
    }
    if ((region.modes() & Region.MINOR) != 0) {
      modes.add("VM_UFFD_MINOR");
    }
    String registered = modes.isEmpty() ? "" : ", " + String.join(" | ", modes);
    return region.name() + ", " + region.backing().text() + registered;
  }

  /** The host's page-table entry. */
  String pte() {
    if (has(PageState.POISONED)) {
      return "marker: poison";
    }
    String protection = has(PageState.UFFD_WP) ? ", uffd-wp" : "";
    return has(PageState.MAPPED) ? "present" + protection : "none" + protection;
  }

  String cache() {
    return has(PageState.CACHED) ? "folio found" : "no folio";
  }

  String stage2() {
    return has(PageState.STAGE2) ? "mapped" : "not mapped";
  }

  static String hex(long value) {
    return "0x" + Long.toHexString(value);
  }
}

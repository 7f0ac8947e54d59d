package dev.faultscope.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;

/**
 * The ioctls of a userfaultfd, each with what is known of it by itself: its number, its mode bits,
 * whether it fills, when it wakes, where its content comes from, and what it does in a sentence.
 *
 * <p>It is the detail of {@link EventKind#CALL} and {@link EventKind#IOCTL}. The code is the
 * ioctl's number within magic 0xAA; the command is the whole x86-64 and arm64 request
 * (include/uapi/linux/userfaultfd.h).
 */
public enum UffdIoctl {
  REGISTER(
      0x00,
      0xc020aa00L,
      Source.NONE,
      "From now on faults of these modes in the range come to this userfaultfd.",
      new Mode("MISSING", Region.MISSING),
      new Mode("WP", Region.WP),
      new Mode("MINOR", Region.MINOR)),
  UNREGISTER(
      0x01,
      0x8010aa01L,
      Source.NONE,
      "Faults in the range are no business of this userfaultfd any more; who waits there is woken"
          + " only where MISSING was registered."),
  WAKE(
      0x02,
      0x8010aa02L,
      Source.NONE,
      "Wakes who sleeps in the range and changes nothing: who still finds no page faults again."),
  COPY(
      0x03,
      0xc028aa03L,
      Source.BYTES,
      "Allocates a page, fills it and maps it: the answer to a missing fault. EEXIST where a page"
          + " is there already.",
      new Mode("DONTWAKE", 1),
      new Mode("WP", 2)),
  ZEROPAGE(
      0x04,
      0xc020aa04L,
      Source.NONE,
      "Maps a page of zeros. EEXIST where a page is there already.",
      new Mode("DONTWAKE", 1)),
  MOVE(
      0x05,
      0xc028aa05L,
      Source.PAGES,
      "Moves anonymous pages here without copying them.",
      new Mode("DONTWAKE", 1),
      new Mode("ALLOW_SRC_HOLES", 2)),
  WRITEPROTECT(
      0x06,
      0xc018aa06L,
      Source.NONE,
      "With WP it protects; without, it takes the protection off and wakes who waits to write.",
      new Mode("WP", 1),
      new Mode("DONTWAKE", 2)),
  CONTINUE(
      0x07,
      0xc020aa07L,
      Source.NONE,
      "Maps the page that the cache has: the answer to a minor fault. EFAULT where the cache has"
          + " none.",
      new Mode("DONTWAKE", 1),
      new Mode("WP", 2)),
  POISON(
      0x08,
      0xc020aa08L,
      Source.NONE,
      "Marks the range as broken memory: whoever touches it gets SIGBUS.",
      new Mode("DONTWAKE", 1)),
  API(0x3f, 0xc018aa3fL, Source.NONE, "Agrees on features; before it every other call is refused."),
  /** A number this program has no name for. */
  UNKNOWN(0xff, 0, Source.NONE, "A request that this program has no name for.");

  /** Where the content of the pages comes from. */
  public enum Source {
    /** From nowhere, or from the cache of the range's own file. */
    NONE,
    /** The caller's bytes: an address, or a value for every page. */
    BYTES,
    /** Other pages, which go from there. */
    PAGES
  }

  /**
   * A bit of an ioctl's mode. The same name may be another bit elsewhere.
   *
   * @param name as in UFFDIO_COPY_MODE_<em>DONTWAKE</em>
   */
  public record Mode(String name, long bit) {}

  private static final UffdIoctl[] BY_CODE = new UffdIoctl[256];

  static {
    Arrays.fill(BY_CODE, UNKNOWN);
    for (UffdIoctl ioctl : values()) {
      BY_CODE[ioctl.code] = ioctl;
    }
  }

  private final int code;
  private final long command;
  private final Source source;
  private final String sentence;
  private final List<Mode> modes;
  private final long allModes;
  private final long dontWake;
  private final long protect;

  UffdIoctl(int code, long command, Source source, String sentence, Mode... modes) {
    this.code = code;
    this.command = command;
    this.source = source;
    this.sentence = sentence;
    this.modes = List.of(modes);
    allModes = this.modes.stream().mapToLong(Mode::bit).sum();
    dontWake = bit("DONTWAKE");
    // REGISTER's WP says which faults are wanted; it protects nothing.
    protect = code == 0 ? 0 : bit("WP");
  }

  /** {@return the ioctl's number, or 0xff} */
  public int code() {
    return code;
  }

  /** {@return the whole request value, 0 for {@link #UNKNOWN}} */
  public long command() {
    return command;
  }

  /** {@return where the content comes from} */
  public Source source() {
    return source;
  }

  /** {@return what it does and what it is for} */
  public String sentence() {
    return sentence;
  }

  /** {@return its mode bits, lowest first; empty where it has no mode} */
  public List<Mode> modes() {
    return modes;
  }

  /** {@return every mode bit it knows} */
  public long allModes() {
    return allModes;
  }

  /** {@return the bit of a mode's name, 0 where it has none such} */
  public long bit(String name) {
    return modes.stream().filter(each -> each.name.equals(name)).mapToLong(Mode::bit).sum();
  }

  /**
   * {@return the mode of the names of its bits}
   *
   * @throws IllegalArgumentException if it has no such bit
   */
  public long mode(Collection<String> names) {
    long mode = 0;
    for (String name : names) {
      long bit = bit(name);
      if (bit == 0) {
        throw new IllegalArgumentException(
            this + " has no mode " + name + "; it has " + modeNames(allModes));
      }
      mode |= bit;
    }
    return mode;
  }

  /** {@return the names of the bits of a mode, lowest first; bits it does not know as a number} */
  public List<String> modeNames(long mode) {
    List<String> names = new ArrayList<>();
    for (Mode each : modes) {
      if ((mode & each.bit) != 0) {
        names.add(each.name);
      }
    }
    long unknown = mode & ~allModes;
    if (unknown != 0) {
      names.add("0x" + Long.toHexString(unknown));
    }
    return names;
  }

  /** {@return whether a mode says not to wake} */
  public boolean isDontWake(long mode) {
    return (mode & dontWake) != 0;
  }

  /** {@return whether pages are write-protected by it, with this mode} */
  public boolean protects(long mode) {
    return (mode & protect) != 0;
  }

  /**
   * {@return whether success puts content behind, or an entry in front of, pages and wakes their
   * waiters}; its argument has a field then for the bytes that are done
   */
  public boolean fills() {
    return switch (this) {
      case COPY, ZEROPAGE, MOVE, CONTINUE, POISON -> true;
      case REGISTER, UNREGISTER, WAKE, WRITEPROTECT, API, UNKNOWN -> false;
    };
  }

  /**
   * {@return whether success with this mode wakes who waits for the pages that are done};
   * UNREGISTER does so only where the memory was registered MISSING
   */
  public boolean wakes(long mode) {
    return switch (this) {
      case COPY, ZEROPAGE, MOVE, CONTINUE, POISON -> !isDontWake(mode);
      case WRITEPROTECT -> !protects(mode) && !isDontWake(mode);
      case UNREGISTER, WAKE -> true;
      case REGISTER, API, UNKNOWN -> false;
    };
  }

  /** {@return whether it is about a range of memory} */
  public boolean hasRange() {
    return this != API && this != UNKNOWN;
  }

  /** {@return whether a request value is a userfaultfd's: its magic is 0xAA} */
  public static boolean isCommand(long command) {
    return ((command >>> 8) & 0xff) == 0xaa;
  }

  /**
   * {@return the ioctl of a request value, by its number, so that a grown argument struct still
   * matches}
   */
  public static UffdIoctl ofCommand(long command) {
    return isCommand(command) ? ofCode((int) (command & 0xff)) : UNKNOWN;
  }

  /** {@return the ioctl with a number, or {@link #UNKNOWN}} */
  public static UffdIoctl ofCode(int code) {
    return code >= 0 && code < BY_CODE.length ? BY_CODE[code] : UNKNOWN;
  }

  /**
   * {@return the ioctl with a name}
   *
   * @throws IllegalArgumentException if there is none
   */
  public static UffdIoctl named(String name) {
    List<UffdIoctl> all = Arrays.stream(values()).filter(each -> each != UNKNOWN).toList();
    return all.stream()
        .filter(each -> each.name().equals(name))
        .findFirst()
        .orElseThrow(
            () -> new IllegalArgumentException("name is '" + name + "'; there are " + all));
  }
}

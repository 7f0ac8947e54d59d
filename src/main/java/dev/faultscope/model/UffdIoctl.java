package dev.faultscope.model;

import java.util.Arrays;

/**
 * The ioctls of a userfaultfd: the detail of {@link EventKind#CALL} and {@link EventKind#IOCTL}.
 *
 * <p>The code is the ioctl's number within magic 0xAA; the command is the whole x86-64 and arm64
 * request (include/uapi/linux/userfaultfd.h).
 */
public enum UffdIoctl {
  REGISTER(0x00, 0xc020aa00L),
  UNREGISTER(0x01, 0x8010aa01L),
  WAKE(0x02, 0x8010aa02L),
  COPY(0x03, 0xc028aa03L),
  ZEROPAGE(0x04, 0xc020aa04L),
  MOVE(0x05, 0xc028aa05L),
  WRITEPROTECT(0x06, 0xc018aa06L),
  CONTINUE(0x07, 0xc020aa07L),
  POISON(0x08, 0xc020aa08L),
  API(0x3f, 0xc018aa3fL),
  /** A number this program has no name for. */
  UNKNOWN(0xff, 0);

  private static final UffdIoctl[] BY_CODE = new UffdIoctl[256];

  static {
    Arrays.fill(BY_CODE, UNKNOWN);
    for (UffdIoctl ioctl : values()) {
      BY_CODE[ioctl.code] = ioctl;
    }
  }

  private final int code;
  private final long command;

  UffdIoctl(int code, long command) {
    this.code = code;
    this.command = command;
  }

  /** {@return the ioctl's number, or 0xff} */
  public int code() {
    return code;
  }

  /** {@return the whole request value, 0 for {@link #UNKNOWN}} */
  public long command() {
    return command;
  }

  /**
   * {@return whether success puts content behind, or an entry in front of, pages and wakes their
   * waiters}
   */
  public boolean fills() {
    return switch (this) {
      case COPY, ZEROPAGE, MOVE, CONTINUE, POISON -> true;
      case REGISTER, UNREGISTER, WAKE, WRITEPROTECT, API, UNKNOWN -> false;
    };
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
}

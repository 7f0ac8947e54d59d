package dev.faultscope.live.probe;

import java.util.List;

/**
 * One line of the matrix.
 *
 * @param id a name that stays
 * @param group what it belongs to
 * @param title what was tried
 * @param verdict whether it worked
 * @param detail what the machine said
 * @param remedy what to do where it did not, else empty
 * @param modes what came of each register mode, in the order MISSING, WP, MINOR; empty where none
 *     was tried
 */
public record Check(
    String id,
    Group group,
    String title,
    Verdict verdict,
    String detail,
    String remedy,
    List<Mode> modes) {

  /** Whether something can be done. */
  public enum Verdict {
    YES,
    PARTLY,
    NO
  }

  /** What trials have to do with. */
  public enum Group {
    USERFAULTFD("userfaultfd"),
    REGISTER("Memory that can be registered"),
    KVM("KVM and guest_memfd"),
    LOOKING("Looking at processes");

    private final String title;

    Group(String title) {
      this.title = title;
    }

    /** {@return its heading} */
    public String title() {
      return title;
    }
  }

  /**
   * One register mode on one kind of memory.
   *
   * @param name {@code MISSING}, {@code WP} or {@code MINOR}
   * @param works whether the kernel took it
   * @param detail the ioctls it then offers, or why not
   */
  public record Mode(String name, boolean works, String detail) {}
}

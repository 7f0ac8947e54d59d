package dev.faultscope.model;

import java.util.Locale;

/** Why the kernel treated an access as it did: the detail of a {@link EventKind#DECIDE}. */
public enum DecideReason {
  UNKNOWN(0, "not known", "reason not known"),
  CACHED_MINOR(1, "cached: minor", "PTE empty, page in cache, VMA has MINOR: minor fault"),
  ABSENT_MISSING(
      2, "absent: missing", "PTE empty, page not in cache, VMA has MISSING: missing fault"),
  ANON_MISSING(
      3, "anonymous: missing", "PTE empty, anonymous memory, VMA has MISSING: missing fault"),
  WRITE_PROTECTED(
      4, "write-protected", "PTE present with uffd-wp, access is a write: write-protect fault"),
  CACHED_MAPPED(
      5,
      "mapped without a message",
      "PTE empty, page in cache, VMA has no MINOR: mapped without a message"),
  ABSENT_ZEROED(
      6,
      "zero page without a message",
      "PTE empty, page not in cache, VMA has no MISSING: zero page without a message"),
  PRESENT(7, "present", "PTE present: the access completes"),
  ANSWERED(8, "answered: queued", "a userfaultfd ioctl answered this access: a message was queued"),
  NOT_ANSWERED(
      9,
      "not answered: resolved by the kernel",
      "no userfaultfd ioctl answered this access: the kernel resolved it"),
  NO_RETRY(10, "may not sleep", "the fault may not sleep: no message"),
  SIGBUS_FEATURE(11, "SIGBUS feature", "the userfaultfd asks for SIGBUS: no message"),
  USER_MODE_ONLY(
      12,
      "user mode only",
      "kernel-mode fault, the userfaultfd is user-mode only: refused without a message"),
  POISONED(13, "poisoned", "poison marker in the PTE: SIGBUS"),
  BEYOND_EOF(14, "beyond the end", "offset beyond the end of the file: SIGBUS"),
  COPY_ON_WRITE(15, "copy on write", "PTE read-only, private mapping: copied without a message"),
  USERFAULT_BIT(16, "Userfault bit", "KVM Userfault bit set: exit to the VMM"),
  ATTRIBUTE_MISMATCH(
      17, "private/shared mismatch", "private and shared do not match: exit to the VMM"),
  GMEM_FULL_MINOR(18, "full minor", "PTE empty, guest_memfd with full minor: minor fault"),
  GMEM_DIRECT(
      19,
      "guest_memfd directly",
      "guest_memfd slot: stage 2 takes the page without the user mapping"),
  ALREADY_QUEUED(
      20, "already queued", "the thread already waits for this page: the same stall goes on"),
  OUTSIDE(21, "outside", "outside every known region"),
  WP_ASYNC(
      22,
      "WP_ASYNC: bit cleared",
      "PTE present with uffd-wp, the userfaultfd is WP_ASYNC: bit cleared without a message"),
  GMEM_PRIVATE(
      23,
      "private to the guest: SIGBUS",
      "guest_memfd page is private to the guest: a host access gets SIGBUS"),
  STAGE2_MAPPED(24, "present in stage 2", "stage 2 has the page: the guest access completes"),
  STAGE2_FILLED(
      25, "stage 2 takes the page", "stage 2 empty, host mapping present: stage 2 takes the page"),
  NO_SLOT(26, "no slot: MMIO", "no memory slot: KVM hands the access to the VMM as MMIO"),
  USERFAULT_UNREADABLE(
      27,
      "bitmap unreadable",
      "KVM Userfault bitmap unreadable: KVM_RUN fails without a memory fault"),
  NO_DIRECT_MAP(
      28, "no direct map", "page has no direct map: the kernel goes through the user mapping"),
  KVM_USER_MAPPING(
      29,
      "KVM: user mapping",
      "KVM's own access: through the user mapping, stage 2 has no part in it"),
  STAGE2_GUP(
      30,
      "stage 2: get_user_pages()",
      "stage 2 empty, host PTE empty: KVM calls get_user_pages() on the user mapping"),
  STAGE2_UPGRADE(
      31,
      "stage 2: made writable",
      "stage 2 read-only, access is a write: KVM asks the host mapping again"),
  GMEM_ZEROED(
      32,
      "guest_memfd: zero page",
      "guest_memfd slot, page not in the file: stage 2 takes a zero page without a message"),
  USERFAULT_CLEAR(
      33,
      "Userfault bit clear",
      "stage 2 empty, KVM Userfault bit clear: an ordinary stage-2 fault"),
  USERFAULT_UNSEEN(
      34,
      "Userfault bit not looked at",
      "stage 2 has the page: its KVM Userfault bit, set later, is not looked at"),
  GUP_REFUSED(
      35,
      "get_user_pages() refused",
      "page has no direct map: get_user_pages() refuses it, KVM_RUN fails"),
  MAPPED_FIRST(36, "stage 2: mapped first", "stage 2 never had the page: KVM sets an entry for it"),
  MAPPED_AGAIN(
      37,
      "stage 2: mapped again",
      "stage 2 had the page and lost it: KVM sets an entry for it again"),
  MADE_WRITABLE(
      38,
      "stage 2: entry made writable",
      "the stage-2 entry refused writes: KVM sets one that allows them"),
  FAST_FIXED(
      39,
      "stage 2: fast path",
      "the stage-2 entry was write-protected: the fast path lifts that without a lock"),
  RETRIED(
      40,
      "stage 2: thrown away",
      "the page changed in the host meanwhile: KVM throws the fault away, the guest faults again"),
  SPURIOUS(41, "stage 2: spurious", "the stage-2 entry was there by then: nothing to set"),
  EMULATED(
      42,
      "stage 2: emulated",
      "no memory, or memory that may not be written: KVM emulates the access"),
  ASYNC(
      43,
      "stage 2: asynchronous",
      "the host page is not there yet: KVM has it fetched and lets the guest go on");

  private final int code;
  private final String word;
  private final String text;

  DecideReason(int code, String word, String text) {
    this.code = code;
    this.word = word;
    this.text = text;
  }

  /** {@return the code in an event's detail field, 0 to 255} */
  public int code() {
    return code;
  }

  /** {@return its short name, in JSON} */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** {@return the value in a few words, for a row of a table} */
  public String word() {
    return word;
  }

  /** {@return the value in words, as the narrator says it} */
  public String text() {
    return text;
  }

  /** {@return the value with a code, or {@link #UNKNOWN} where none has it} */
  public static DecideReason ofCode(int code) {
    for (DecideReason value : values()) {
      if (value.code == code) {
        return value;
      }
    }
    return UNKNOWN;
  }
}

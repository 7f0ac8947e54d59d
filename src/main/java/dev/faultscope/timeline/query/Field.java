package dev.faultscope.timeline.query;

import dev.faultscope.model.AccessOrigin;
import dev.faultscope.model.DecideReason;
import dev.faultscope.model.Errno;
import dev.faultscope.model.EventFlags;
import dev.faultscope.model.EventKind;
import dev.faultscope.model.ExitReason;
import dev.faultscope.model.FaultOrigin;
import dev.faultscope.model.HoleKind;
import dev.faultscope.model.KernelEventKind;
import dev.faultscope.model.PageState;
import dev.faultscope.model.RegionChange;
import dev.faultscope.model.UffdIoctl;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToIntFunction;

/** What a predicate can ask of an event. */
public enum Field {
  PAGE("page", Type.NUMBER),
  GPA("gpa", Type.NUMBER),
  HVA("hva", Type.NUMBER),
  REGION("region", Type.NAME),
  KIND("kind", Type.CODE, codes(EventKind.values(), EventKind::code)),
  IOCTL("ioctl", Type.CODE, codes(UffdIoctl.values(), UffdIoctl::code)),
  ERRNO("errno", Type.CODE, codes(Errno.values(), Errno::number)),
  ACTOR("actor", Type.NAME),
  TID("tid", Type.NUMBER),
  VCPU("vcpu", Type.NUMBER),
  TIME("time", Type.DURATION),
  LATENCY("latency", Type.DURATION),
  WAITED("waited", Type.DURATION),
  QUEUE("queue", Type.NUMBER),
  SEQ("seq", Type.NUMBER),
  CAUSE("cause", Type.NUMBER),
  STATE("state", Type.BITS, stateBits()),
  BEFORE("before", Type.BITS, stateBits()),
  FLAG("flag", Type.BITS, flagBits()),
  REASON("reason", Type.CODE, codes(DecideReason.values(), DecideReason::code)),
  ORIGIN("origin", Type.CODE, origins()),
  LEVEL("level", Type.CODE, Map.of("4k", 1, "2m", 2, "1g", 3)),
  EXIT("exit", Type.CODE, codes(ExitReason.values(), ExitReason::code)),
  HOLE("hole", Type.CODE, codes(HoleKind.values(), HoleKind::code)),
  KERNEL("kernel", Type.CODE, codes(KernelEventKind.values(), KernelEventKind::code)),
  CHANGE("change", Type.CODE, codes(RegionChange.values(), RegionChange::code)),
  CHANGED("changed", Type.CODE, Map.of("no", 0, "yes", 1));

  /** What a field's values look like. */
  enum Type {
    /** Whole numbers, decimal or 0x…. */
    NUMBER,
    /** Nanoseconds, or a number with a unit. */
    DURATION,
    /** One of some names, or its number. */
    CODE,
    /** A region's or actor's name, or its index. */
    NAME,
    /** A set of names. */
    BITS
  }

  private final String word;
  private final Type type;
  private final Map<String, Integer> names;

  Field(String word, Type type) {
    this(word, type, Map.of());
  }

  Field(String word, Type type, Map<String, Integer> names) {
    this.word = word;
    this.type = type;
    this.names = names;
  }

  /** {@return how it is written} */
  public String word() {
    return word;
  }

  Type type() {
    return type;
  }

  /** {@return names of its values and the numbers they stand for; empty where it has none} */
  public Map<String, Integer> names() {
    return names;
  }

  /** {@return the kinds of event that have it, as a mask of kind codes; -1 where all have it} */
  int kinds() {
    return switch (this) {
      case IOCTL -> bit(EventKind.IOCTL) | bit(EventKind.CALL);
      case REASON -> bit(EventKind.DECIDE);
      case ORIGIN ->
          bit(EventKind.TOUCH) | bit(EventKind.ENQUEUE) | bit(EventKind.READ) | bit(EventKind.WAKE);
      case EXIT -> bit(EventKind.EXIT);
      case HOLE -> bit(EventKind.HOLE);
      case KERNEL -> bit(EventKind.KERNEL);
      case CHANGE -> bit(EventKind.REGION);
      case LATENCY -> bit(EventKind.WAKE);
      case WAITED -> bit(EventKind.WAKE) | bit(EventKind.ENQUEUE);
      case PAGE, GPA, HVA, REGION, KIND, ERRNO, ACTOR, TID, VCPU, TIME, QUEUE, SEQ, CAUSE -> -1;
      case CHANGED, LEVEL -> -1;
      case STATE, BEFORE, FLAG -> -1;
    };
  }

  private static int bit(EventKind kind) {
    return 1 << kind.code();
  }

  private static <E extends Enum<E>> Map<String, Integer> codes(E[] all, ToIntFunction<E> code) {
    Map<String, Integer> codes = new LinkedHashMap<>();
    for (E value : all) {
      codes.put(spelling(value.name()), code.applyAsInt(value));
    }
    return codes;
  }

  /** Names are compared in this form: no difference between cases, or between - and _. */
  static String spelling(String name) {
    return name.toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Stands for userfaultfd, whose code in a recording is that of an unknown access. */
  static final int OF_UFFD = 0x100;

  /** Where an access came from, and what a fault waits for: what means the same has one name. */
  private static Map<String, Integer> origins() {
    Map<String, Integer> codes = codes(AccessOrigin.values(), AccessOrigin::code);
    for (FaultOrigin origin : FaultOrigin.values()) {
      codes.put(origin.id(), origin == FaultOrigin.UFFD ? OF_UFFD : origin.code());
    }
    return codes;
  }

  private static Map<String, Integer> stateBits() {
    Map<String, Integer> bits = new LinkedHashMap<>();
    bits.put("cached", PageState.CACHED);
    bits.put("mapped", PageState.MAPPED);
    bits.put("stage2", PageState.STAGE2);
    bits.put("dirty", PageState.DIRTY);
    bits.put("uffd-wp", PageState.UFFD_WP);
    bits.put("userfault", PageState.USERFAULT);
    bits.put("private", PageState.PRIVATE);
    bits.put("poisoned", PageState.POISONED);
    bits.put("queued", PageState.QUEUED);
    bits.put("read", PageState.READ);
    bits.put("held", PageState.HELD);
    bits.put("minor", PageState.MINOR);
    bits.put("wp-fault", PageState.WP_FAULT);
    bits.put("zero", PageState.ZERO);
    bits.put("error", PageState.ERROR);
    bits.put("unknown", PageState.UNKNOWN);
    bits.put("accessed", PageState.ACCESSED);
    bits.put("uffd-rwp", PageState.UFFD_RWP);
    bits.put("rwp-fault", PageState.RWP_FAULT);
    bits.put("partial", PageState.PARTIAL);
    bits.put("leaf-2m", PageState.LEAF_2M);
    bits.put("leaf-1g", PageState.LEAF_1G);
    bits.put("stage2-read-only", PageState.STAGE2_READ_ONLY);
    bits.put("stage2-mmio", PageState.STAGE2_MMIO);
    bits.put("host-huge", PageState.HOST_HUGE);
    bits.put("in-kernel", PageState.IN_KERNEL);
    return bits;
  }

  private static Map<String, Integer> flagBits() {
    Map<String, Integer> bits = new LinkedHashMap<>();
    bits.put("write", EventFlags.WRITE);
    bits.put("inferred", EventFlags.INFERRED);
    bits.put("kernel", EventFlags.KERNEL_MODE);
    bits.put("minor", EventFlags.MINOR);
    bits.put("wp", EventFlags.WP);
    bits.put("dontwake", EventFlags.DONTWAKE);
    bits.put("fetch", EventFlags.FETCH);
    bits.put("page-unknown", EventFlags.PAGE_UNKNOWN);
    bits.put("rwp", EventFlags.RWP);
    bits.put("kind-unknown", EventFlags.KIND_UNKNOWN);
    bits.put("access-unknown", EventFlags.ACCESS_UNKNOWN);
    bits.put("continued", EventFlags.CONTINUED);
    return bits;
  }

  /** {@return all fields as a person reads them} */
  static String all() {
    return String.join(", ", Arrays.stream(values()).map(Field::word).toList());
  }
}

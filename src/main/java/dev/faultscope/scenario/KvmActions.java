package dev.faultscope.scenario;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The actions of virtual processors, and what the VMM does to their memory slots. */
final class KvmActions {
  private static final long MAX_GPA = 1L << 52;
  private static final long MAX_PAGES = 1L << 26;

  private KvmActions() {}

  static void addTo(Map<String, ActionParser> parsers) {
    parsers.put(
        "guest",
        f ->
            new KvmAction.GuestTouch(
                vcpu(f), place(f), f.has("write"), byteOf(f, "write"), f.flag("private")));
    parsers.put(
        "mmio",
        f -> new KvmAction.Mmio(vcpu(f), f.number("gpa", 0, MAX_GPA), f.flag("write"), string(f)));
    parsers.put(
        "kvm-access",
        f ->
            new KvmAction.OwnAccess(
                vcpu(f), f.choice("what", KvmAction.Own.class), place(f), byteOf(f, "value")));
    parsers.put("translate", f -> new KvmAction.Translate(vcpu(f)));
    parsers.put("pre-fault", f -> new KvmAction.PreFault(vcpu(f), place(f)));
    parsers.put("kvm-run", f -> new KvmAction.Run(vcpu(f)));
    parsers.put(
        "userfault-bits",
        f ->
            new KvmAction.UserfaultBits(
                place(f), f.number("pages", 1, 1, MAX_PAGES), f.flag("set", true)));
    parsers.put(
        "memslot",
        f ->
            new KvmAction.ChangeSlot(
                f.known(Scope.Kind.SLOT, "slot"),
                flag(f, "userfault"),
                flag(f, "readable"),
                flag(f, "exists"),
                flag(f, "log")));
    parsers.put("dirty-log", f -> new KvmAction.ReadDirtyLog(f.known(Scope.Kind.SLOT, "slot")));
    parsers.put(
        "clear-dirty-log",
        f -> new KvmAction.ClearDirtyLog(place(f), f.number("pages", 1, 1, MAX_PAGES)));
    parsers.put(
        "attributes",
        f ->
            new KvmAction.Attributes(
                place(f), f.number("pages", 1, 1, MAX_PAGES), f.flag("private")));
  }

  private static int byteOf(Fields f, String name) {
    return (int) f.number(name, 0, 0, 255);
  }

  private static @Nullable Boolean flag(Fields f, String name) {
    boolean value = f.flag(name);
    return f.has(name) ? (Boolean) value : null;
  }

  private static String vcpu(Fields f) {
    return f.knownOrOnly(Scope.Kind.VCPU, "vcpu");
  }

  /** {@code at}, a place in a slot's memory, or {@code gpa}, an address. */
  private static KvmAction.GuestPlace place(Fields f) {
    f.written("at", Schema.value(Schema.Type.PLACE));
    f.written("gpa", Schema.number(0, MAX_GPA));
    return switch (f.oneOf("at", "gpa")) {
      case "gpa" -> new KvmAction.GuestPlace(null, f.number("gpa", 0, MAX_GPA));
      case "at" -> inSlot(f, "at");
      default -> throw f.error("say where: either \"at\", a place in a slot's memory, or \"gpa\"");
    };
  }

  private static KvmAction.@Nullable GuestPlace string(Fields f) {
    f.written("string", Schema.value(Schema.Type.PLACE));
    return f.has("string") ? inSlot(f, "string") : null;
  }

  private static KvmAction.GuestPlace inSlot(Fields f, String name) {
    Place at = f.place(name);
    if (at.memory() == null || !f.scope().names(Scope.Kind.GUEST_MEMORY).contains(at.memory())) {
      throw f.errorAt(
          name,
          "\""
              + name
              + "\" is a place in the memory of a slot: "
              + String.join(", ", f.scope().names(Scope.Kind.GUEST_MEMORY)));
    }
    return new KvmAction.GuestPlace(at, 0);
  }
}

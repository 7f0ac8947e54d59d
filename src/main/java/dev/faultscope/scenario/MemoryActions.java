package dev.faultscope.scenario;

import static dev.faultscope.model.Region.PAGE_BYTES;

import java.util.Map;

/** The actions of threads, and what happens to memory and files without the handler. */
final class MemoryActions {
  private static final long MAX_PAGES = 1 << 26;
  private static final long MAX_BYTES = MAX_PAGES * PAGE_BYTES;

  private MemoryActions() {}

  static void addTo(Map<String, ActionParser> parsers) {
    parsers.put("touch", MemoryActions::touch);
    parsers.put("thread", f -> new Action.Look(f.known(Scope.Kind.THREAD, "name")));
    parsers.put("signal", f -> new Action.Signal(thread(f)));
    parsers.put(
        "madvise",
        f -> new Action.Madvise(thread(f), f.span("at"), f.choice("advice", Action.Advice.class)));
    parsers.put(
        "mprotect",
        f ->
            new Action.Mprotect(
                thread(f),
                f.span("at"),
                f.choice("to", Protection.class) == Protection.READ_WRITE));
    parsers.put("munmap", f -> new Action.Munmap(thread(f), f.span("at")));
    parsers.put(
        "mremap",
        f -> new Action.Mremap(thread(f), f.span("at"), f.fresh(Scope.Kind.MEMORY, "as")));
    parsers.put(
        "fork",
        f ->
            new Action.Fork(
                thread(f),
                f.fresh(Scope.Kind.THREAD, "child"),
                f.freshOrNull(Scope.Kind.UFFD, "uffd")));
    parsers.put("exit", f -> new Action.Exit(thread(f)));
    parsers.put("store", MemoryActions::store);
    parsers.put(
        "write-file",
        f ->
            new Action.WriteFile(
                f.place("at"),
                f.number("bytes", PAGE_BYTES, 1, PAGE_BYTES),
                (int) f.number("value", 0, 255)));
    parsers.put(
        "fallocate",
        f ->
            new Action.Fallocate(
                f.known(Scope.Kind.MEMORY, "memory"),
                (int) f.bits("mode", Bits.FALLOC_MODES, 0),
                f.number("offset", 0, Long.MIN_VALUE, Long.MAX_VALUE),
                f.number("bytes", PAGE_BYTES, Long.MIN_VALUE, Long.MAX_VALUE)));
    parsers.put("pagemap", f -> new Action.Pagemap(readable(f)));
    parsers.put("pin", f -> new Action.Pin(f.place("at")));
    parsers.put(
        "gmem-create",
        f ->
            new Action.GmemCreate(
                f.number("bytes", Long.MIN_VALUE, Long.MAX_VALUE),
                f.bits("flags", Bits.GMEM_FLAGS, 0)));
    parsers.put(
        "gmem-map",
        f ->
            new Action.GmemMap(
                f.number("bytes", PAGE_BYTES, 1, 1L << 40),
                f.bits("flags", Bits.GMEM_FLAGS, 0),
                f.flag("private")));
    parsers.put(
        "file-call",
        f -> new Action.FileCall(f.known(Scope.Kind.MEMORY, "memory"), f.text("call")));
    parsers.put(
        "convert",
        f ->
            new Action.Convert(
                f.known(Scope.Kind.MEMORY, "memory"),
                f.number("page", 0, 0, MAX_PAGES),
                f.number("pages", 1, 1, MAX_PAGES),
                f.choice("to", Visibility.class, Visibility.PRIVATE) == Visibility.PRIVATE));
  }

  /** Every page of it is asked about one by one. */
  private static Span readable(Fields f) {
    Span range = f.span("at");
    if (range.bytes() < 0 || range.bytes() > MAX_BYTES) {
      throw f.errorAt("bytes", "\"bytes\" is " + range.bytes() + "; it may be 0 to " + MAX_BYTES);
    }
    return range;
  }

  private enum Visibility {
    PRIVATE,
    SHARED
  }

  private enum Protection {
    READ,
    READ_WRITE
  }

  private static String thread(Fields fields) {
    return fields.knownOrOnly(Scope.Kind.THREAD, "thread");
  }

  private static Action touch(Fields f) {
    String thread = thread(f);
    Place at = f.place("at");
    boolean write = f.has("write");
    int value = (int) f.number("write", 0, 0, 255);
    return new Action.Touch(
        thread, at, write, value, f.choice("mode", Action.Mode.class, Action.Mode.USER));
  }

  private static Action store(Fields f) {
    boolean pattern = f.flag("pattern");
    return new Action.Store(f.span("at"), (int) f.number("value", 0, 0, 255), pattern);
  }
}

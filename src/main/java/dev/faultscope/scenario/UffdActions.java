package dev.faultscope.scenario;

import dev.faultscope.model.UffdIoctl;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The actions of a handler: what it can do with a userfaultfd. */
final class UffdActions {
  private static final long ONE_MESSAGE = 32;

  private UffdActions() {}

  static void addTo(Map<String, ActionParser> parsers) {
    parsers.put(
        "open",
        f ->
            new Action.OpenUffd(
                f.fresh(Scope.Kind.UFFD, "uffd"), f.bits("flags", Bits.UFFD_FLAGS, 0x80800)));
    parsers.put(
        "api",
        f ->
            new Action.Api(
                uffd(f),
                f.number("api", 0xaa, 0, Long.MAX_VALUE),
                f.bits("features", Bits.FEATURES, 0)));
    parsers.put(
        "register", f -> new Action.Register(uffd(f), f.span("at"), modes(f, UffdIoctl.REGISTER)));
    parsers.put("unregister", f -> new Action.Unregister(uffd(f), f.span("at")));
    parsers.put("wake", f -> new Action.Wake(uffd(f), f.span("at")));
    for (UffdIoctl ioctl : UffdIoctl.values()) {
      if (ioctl.fills() && ioctl.source() != UffdIoctl.Source.PAGES) {
        parsers.put(ioctl.name().toLowerCase(Locale.ROOT), f -> fill(f, ioctl));
      }
    }
    parsers.put(
        "move",
        f -> new Action.Move(uffd(f), f.span("at"), f.place("from"), modes(f, UffdIoctl.MOVE)));
    parsers.put(
        "writeprotect",
        f -> new Action.WriteProtect(uffd(f), f.span("at"), modes(f, UffdIoctl.WRITEPROTECT)));
    parsers.put("ioctl", f -> new Action.UnknownIoctl(uffd(f), (int) f.number("number", 0, 255)));
    parsers.put("close", f -> new Action.CloseUffd(uffd(f)));
    parsers.put("poll", f -> new Action.Poll(uffd(f)));
    parsers.put("read", f -> new Action.Read(uffd(f), f.number("bytes", 512, 0, 1 << 20), false));
    parsers.put("message", f -> new Action.Read(uffd(f), ONE_MESSAGE, true));
  }

  private static String uffd(Fields fields) {
    return fields.knownOrOnly(Scope.Kind.UFFD, "uffd");
  }

  /** A number may say bits that the ioctl does not know. */
  private static long modes(Fields f, UffdIoctl ioctl) {
    return f.bits("mode", Bits.modesOf(ioctl), 0);
  }

  private static Action fill(Fields f, UffdIoctl ioctl) {
    String uffd = uffd(f);
    Span range = f.span("at");
    long mode = modes(f, ioctl);
    @Nullable Place source = null;
    int value = 0;
    if (ioctl.source() == UffdIoctl.Source.BYTES) {
      source = f.placeOrNull("from");
      value = (int) f.number("value", 0, 0, 255);
    }
    return new Action.Fill(uffd, ioctl, range, mode, source, value);
  }
}

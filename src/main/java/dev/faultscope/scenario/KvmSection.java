package dev.faultscope.scenario;

import static dev.faultscope.model.Region.PAGE_BYTES;

import dev.faultscope.model.Backing;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads {@code kvm:}, the virtual machine. */
final class KvmSection {
  private static final long MAX_GPA = 1L << 52;
  private static final int MAX_SLOTS = 64;
  private static final int MAX_DEVICE_PAGES = 1 << 12;

  private final Scope scope;
  private final Map<String, MemorySpec> memory;
  private final List<KvmSpec.Slot> slots = new ArrayList<>();

  private KvmSection(Scope scope, Map<String, MemorySpec> memory) {
    this.scope = scope;
    this.memory = memory;
  }

  static KvmSpec parse(Fields f, Scope scope, Map<String, MemorySpec> memory) {
    return new KvmSection(scope, memory).parse(f);
  }

  private KvmSpec parse(Fields f) {
    boolean directMapRemoved = f.flag("direct-map-removed");
    Fields all = Fields.of(f.requiredNode("slots"), scope, "slots");
    for (String name : all.names()) {
      if (slots.size() == MAX_SLOTS) {
        throw all.errorAtKey(name, "there are more than " + MAX_SLOTS + " slots");
      }
      slots.add(slot(all, name));
    }
    long tables = pages(f, "page-tables", KvmSpec.TABLE_PAGES);
    long code = pages(f, "code", 1);
    boolean zapsAll = f.flag("slot-zap-all", true);
    KvmSpec.DirtyLogs logs =
        f.choice("dirty-logs", KvmSpec.DirtyLogs.class, KvmSpec.DirtyLogs.BY_READING);
    List<KvmSpec.Device> devices = devices(f);
    f.finish("kvm");
    return new KvmSpec(directMapRemoved, tables, code, zapsAll, logs, slots, devices);
  }

  private List<KvmSpec.Device> devices(Fields f) {
    f.written("devices", Schema.ANY);
    List<KvmSpec.Device> devices = new ArrayList<>();
    if (!f.has("devices")) {
      return devices;
    }
    Fields all = Fields.of(f.requiredNode("devices"), scope, "devices");
    for (String name : all.names()) {
      if (devices.size() == MAX_SLOTS) {
        throw all.errorAtKey(name, "there are more than " + MAX_SLOTS + " devices");
      }
      Fields each = Fields.of(all.requiredNode(name), scope, "a device");
      KvmSpec.Device device =
          new KvmSpec.Device(
              each.fresh(Scope.Kind.DEVICE, all.requiredNode(name), name),
              each.number("gpa", 0, MAX_GPA),
              (int) each.number("pages", 1, 1, MAX_DEVICE_PAGES));
      if (device.gpa() % PAGE_BYTES != 0) {
        throw each.errorAt("gpa", "\"gpa\" is a multiple of 4096");
      }
      long end = device.gpa() + device.pages() * PAGE_BYTES;
      for (KvmSpec.Slot slot : slots) {
        if (slot.gpa() < end && device.gpa() < slot.gpa() + slot.pages() * PAGE_BYTES) {
          throw each.errorAt(
              "gpa", "device \"" + name + "\" overlaps slot \"" + slot.name() + "\"");
        }
      }
      for (KvmSpec.Device other : devices) {
        if (other.gpa() < end && device.gpa() < other.gpa() + other.pages() * PAGE_BYTES) {
          throw each.errorAt(
              "gpa", "device \"" + name + "\" overlaps device \"" + other.name() + "\"");
        }
      }
      each.finish("a device");
      devices.add(device);
    }
    return devices;
  }

  private KvmSpec.Slot slot(Fields all, String name) {
    Fields f = Fields.of(all.requiredNode(name), scope, "a memory slot");
    MemorySpec shown = spec(f.known(Scope.Kind.MEMORY, "memory"));
    if (!scope.add(Scope.Kind.GUEST_MEMORY, shown.name())) {
      throw f.errorAt("memory", "\"" + shown.name() + "\" has a slot already");
    }
    long gpa = f.number("gpa", 0, 0, MAX_GPA);
    KvmSpec.Slot slot =
        new KvmSpec.Slot(
            f.fresh(Scope.Kind.SLOT, all.requiredNode(name), name),
            shown.name(),
            shown.pages(),
            gpa,
            guestMemfd(f, shown),
            f.flag("userfault"),
            f.flag("read-only"),
            f.flag("absent"));
    if (gpa % PAGE_BYTES != 0) {
      throw f.errorAt("gpa", "\"gpa\" is a multiple of 4096");
    }
    for (KvmSpec.Slot other : slots) {
      if (gpa < other.gpa() + other.pages() * PAGE_BYTES
          && other.gpa() < gpa + slot.pages() * PAGE_BYTES) {
        throw f.errorAt("gpa", "slot \"" + name + "\" overlaps slot \"" + other.name() + "\"");
      }
    }
    f.finish("a memory slot");
    return slot;
  }

  private MemorySpec spec(String name) {
    MemorySpec spec = memory.get(name);
    if (spec == null) {
      throw new IllegalStateException(name);
    }
    return spec;
  }

  /** {@code true} for the mapping's own guest_memfd, or the name of a mapping of another. */
  private @Nullable String guestMemfd(Fields f, MemorySpec shown) {
    f.written("guest-memfd", Schema.name(Scope.Kind.MEMORY).or(List.of("true", "false")));
    if (!f.has("guest-memfd")) {
      return null;
    }
    String word = f.text("guest-memfd");
    if (word.equals("false") || word.equals("no")) {
      return null;
    }
    boolean own = word.equals("true") || word.equals("yes");
    MemorySpec holder = own ? shown : spec(f.known(Scope.Kind.MEMORY, "guest-memfd"));
    if (holder.backing() != Backing.GUEST_MEMFD) {
      throw f.errorAt("guest-memfd", "\"" + holder.name() + "\" is not backed by guest_memfd");
    }
    if (holder.filePage() != 0 || holder.filePages() < shown.pages()) {
      throw f.errorAt(
          "guest-memfd",
          "the guest_memfd of \"" + holder.name() + "\" does not hold the whole slot");
    }
    return holder.name();
  }

  private long pages(Fields f, String name, int count) {
    f.written(name, Schema.number(0, MAX_GPA));
    if (!f.has(name)) {
      return KvmSpec.NONE;
    }
    long gpa = f.number(name, 0, MAX_GPA);
    boolean inside = slots.stream().anyMatch(slot -> slot.contains(gpa, count * PAGE_BYTES));
    if (gpa % PAGE_BYTES != 0 || !inside) {
      throw f.errorAt(
          name,
          "\""
              + name
              + "\" is the guest physical address of "
              + count
              + " page"
              + (count == 1 ? "" : "s")
              + " inside a slot");
    }
    return gpa;
  }
}

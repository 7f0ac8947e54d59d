package dev.faultscope.simulation.kvm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultscope.simulation.kernel.GuestPages;
import dev.faultscope.simulation.kernel.MemoryFile;

/** What must hold of stage 2 after every call: it never outlives what it was made of. */
final class StageTwoInvariants {
  private StageTwoInvariants() {}

  static void check(GuestPages pages, Vm vm, String when) {
    for (Memslot slot : vm.slots()) {
      int present = 0;
      for (int page = 0; page < slot.pages(); page++) {
        if (slot.stage2.isPresent(page)) {
          present++;
          check(pages, slot, page, when);
        }
      }
      assertThat(slot.stage2.present()).as(when).isEqualTo(present);
    }
  }

  private static void check(GuestPages pages, Memslot slot, int page, String when) {
    String what = "%s: page %d of slot %s".formatted(when, page, slot.name());
    MemoryFile gmem = slot.gmem();
    if (gmem != null && slot.takesFromGmem(page)) {
      assertThat(slot.stage2.frame(page)).as(what).isEqualTo(pages.frame(gmem, page));
      return;
    }
    long hva = slot.hvaOf(page);
    assertThat(slot.stage2.frame(page)).as(what).isEqualTo(pages.frame(slot.mm(), hva));
    if (slot.stage2.isWritable(page)) {
      assertThat(pages.isWritable(slot.mm(), hva)).as(what).isTrue();
    }
  }
}

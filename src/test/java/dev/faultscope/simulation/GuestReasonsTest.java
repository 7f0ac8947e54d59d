package dev.faultscope.simulation;

import static dev.faultscope.model.DecideReason.ABSENT_ZEROED;
import static dev.faultscope.model.DecideReason.ATTRIBUTE_MISMATCH;
import static dev.faultscope.model.DecideReason.CACHED_MINOR;
import static dev.faultscope.model.DecideReason.GMEM_DIRECT;
import static dev.faultscope.model.DecideReason.GMEM_FULL_MINOR;
import static dev.faultscope.model.DecideReason.GMEM_ZEROED;
import static dev.faultscope.model.DecideReason.GUP_REFUSED;
import static dev.faultscope.model.DecideReason.KVM_USER_MAPPING;
import static dev.faultscope.model.DecideReason.NO_DIRECT_MAP;
import static dev.faultscope.model.DecideReason.NO_SLOT;
import static dev.faultscope.model.DecideReason.PRESENT;
import static dev.faultscope.model.DecideReason.STAGE2_FILLED;
import static dev.faultscope.model.DecideReason.STAGE2_GUP;
import static dev.faultscope.model.DecideReason.STAGE2_MAPPED;
import static dev.faultscope.model.DecideReason.STAGE2_UPGRADE;
import static dev.faultscope.model.DecideReason.USERFAULT_BIT;
import static dev.faultscope.model.DecideReason.USERFAULT_CLEAR;
import static dev.faultscope.model.DecideReason.USERFAULT_UNREADABLE;
import static dev.faultscope.model.DecideReason.USERFAULT_UNSEEN;
import static dev.faultscope.model.DecideReason.USER_MODE_ONLY;
import static dev.faultscope.model.DecideReason.WRITE_PROTECTED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.faultscope.model.DecideReason;
import dev.faultscope.model.Event;
import dev.faultscope.model.EventKind;
import dev.faultscope.timeline.RecordingFile;
import dev.faultscope.timeline.Timeline;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each way that an access by a vCPU or by KVM can take says why it is taken. */
class GuestReasonsTest {
  @TempDir Path folder;

  @Test
  void plainSlotAsksTheUserMapping() throws IOException {
    assertThat(
            reasons(
                "memory: {ram: {backing: memfd, pages: 4, fill: 1}}",
                "slots: {s: {memory: ram}}",
                """
                - {register: {at: ram, pages: 4, mode: MINOR}}
                - {guest: {at: ram}, expect: blocked}
                - {continue: {at: ram}}
                - {guest: {at: ram}}
                """))
        .containsExactly(STAGE2_GUP, CACHED_MINOR, STAGE2_FILLED, STAGE2_MAPPED);
  }

  @Test
  void plainSlotWithoutUserfaultfdTakesAZeroPage() throws IOException {
    assertThat(
            reasons(
                "memory: {ram: {backing: memfd, pages: 4}}",
                "slots: {s: {memory: ram}}",
                "- {guest: {at: ram}}"))
        .containsExactly(STAGE2_GUP, ABSENT_ZEROED);
  }

  @Test
  void protectedPageIsAskedForAgain() throws IOException {
    assertThat(
            reasons(
                "memory: {ram: {backing: memfd, pages: 4, fill: 1}}",
                "slots: {s: {memory: ram}}",
                """
                - {register: {at: ram, pages: 4, mode: WP}}
                - {writeprotect: {at: ram, mode: WP}}
                - {guest: {at: ram}}
                - {guest: {at: ram, write: 1}, expect: blocked}
                """))
        .containsExactly(STAGE2_GUP, DecideReason.CACHED_MAPPED, STAGE2_UPGRADE, WRITE_PROTECTED);
  }

  @Test
  void guestMemfdSlotTakesItsPageOrAZeroPage() throws IOException {
    assertThat(
            reasons(
                "memory: {ram: {backing: guest_memfd, pages: 4, file-pages: 4, fill: 1}}",
                "slots: {s: {memory: ram, guest-memfd: true}}",
                """
                - {fallocate: {memory: ram, mode: [PUNCH_HOLE, KEEP_SIZE], offset: 4096}}
                - {guest: {at: ram}}
                - {guest: {at: "ram[1]"}}
                - {guest: {at: "ram[1]", private: true}}
                - {guest: {at: "ram[2]", private: true}, expect: exited-to-vmm}
                """))
        .containsExactly(GMEM_DIRECT, GMEM_ZEROED, STAGE2_MAPPED, ATTRIBUTE_MISMATCH);
  }

  @Test
  void bitmapIsReadOnlyWhereStageTwoLacksThePage() throws IOException {
    assertThat(
            reasons(
                "memory: {ram: {backing: guest_memfd, pages: 4, fill: 1}}",
                "slots: {s: {memory: ram, guest-memfd: true, userfault: true}}",
                """
                - {guest: {at: ram}, expect: exited-to-vmm}
                - {userfault-bits: {at: ram, set: false}}
                - {kvm-run: v}
                - {userfault-bits: {at: ram}}
                - {guest: {at: ram}}
                - {memslot: {slot: s, readable: false}}
                - {guest: {at: "ram[1]"}, expect: exited-to-vmm}
                """))
        .containsExactly(
            USERFAULT_BIT, USERFAULT_CLEAR, GMEM_DIRECT, USERFAULT_UNSEEN, USERFAULT_UNREADABLE);
  }

  @Test
  void kvmItselfGoesThroughTheUserMapping() throws IOException {
    assertThat(
            reasons(
                "memory: {ram: {backing: guest_memfd, pages: 4, fill: 1}}",
                "slots: {s: {memory: ram, guest-memfd: true}}",
                """
                - {register: {at: ram, pages: 4, mode: MINOR}}
                - {kvm-access: {what: kvmclock, at: ram}, expect: blocked}
                - {continue: {at: ram}}
                """))
        .containsExactly(KVM_USER_MAPPING, GMEM_FULL_MINOR, PRESENT);
  }

  @Test
  void withoutDirectMapKvmHasNoOtherWay() throws IOException {
    assertThat(
            reasons(
                "memory: {ram: {backing: guest_memfd, pages: 4, fill: 1}}",
                "direct-map-removed: true, slots: {s: {memory: ram}}",
                """
                - {kvm-access: {what: steal-time, at: ram}}
                - {guest: {at: ram}, expect: exited-to-vmm}
                """))
        .containsExactly(NO_DIRECT_MAP, DecideReason.CACHED_MAPPED, GUP_REFUSED);
  }

  @Test
  void userModeOnlyRefusesTheGuest() throws IOException {
    assertThat(
            reasons(
                "memory: {ram: {backing: memfd, pages: 4, fill: 1}}",
                "slots: {s: {memory: ram}}",
                """
                - {open: {uffd: w, flags: [USER_MODE_ONLY, NONBLOCK]}}
                - {api: w}
                - {register: {uffd: w, at: ram, pages: 4, mode: MINOR}}
                - {guest: {at: ram}, expect: exited-to-vmm}
                """))
        .containsExactly(STAGE2_GUP, CACHED_MINOR, USER_MODE_ONLY);
  }

  @Test
  void addressWithoutSlotIsDecodedByKvm() throws IOException {
    assertThat(
            reasons(
                "memory: {ram: {backing: guest_memfd, pages: 4, fill: 1}}",
                "page-tables: 0, code: 0x3000, slots: {s: {memory: ram, guest-memfd: true}}",
                "- {mmio: {gpa: 0xfed00000}, expect: exited-to-vmm}"))
        .startsWith(GMEM_DIRECT, GMEM_DIRECT, GMEM_DIRECT, GMEM_DIRECT, NO_SLOT)
        .endsWith(KVM_USER_MAPPING, DecideReason.CACHED_MAPPED);
  }

  private List<DecideReason> reasons(String memory, String kvm, String steps) throws IOException {
    String text =
        "title: reasons\n"
            + memory
            + "\nkernel: {guest-memfd: full-minor}\nuffds: {u: {}}\nkvm: {"
            + kvm
            + "}\nvcpus: [v]\nsteps:\n"
            + steps;
    Path file =
        new Runs(folder)
            .run(
                text,
                SimulationOptions.NONE,
                simulation -> {
                  Runs.toTheEnd(simulation);
                  assertThat(simulation.report().expectations().failed()).isEmpty();
                });
    List<DecideReason> reasons = new ArrayList<>();
    try (Timeline timeline = RecordingFile.open(file)) {
      for (long at = 1; at <= timeline.lastSequence(); at++) {
        Event event = timeline.event(at);
        if (event.kind() == EventKind.DECIDE) {
          reasons.add(DecideReason.ofCode(event.detail()));
        }
      }
    }
    return reasons;
  }
}

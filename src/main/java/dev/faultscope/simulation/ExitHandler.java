package dev.faultscope.simulation;

import static dev.faultscope.model.Region.PAGE_BYTES;

import dev.faultscope.scenario.Cost;
import dev.faultscope.scenario.ExitHandlerSpec;
import dev.faultscope.scenario.MemorySpec;
import dev.faultscope.simulation.kernel.MemoryFile;
import dev.faultscope.simulation.kvm.Memslot;
import dev.faultscope.simulation.kvm.Vcpu;
import dev.faultscope.simulation.time.Source;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Answers exits for KVM Userfault bits in the vCPU's own thread, so without a lock that vCPUs
 * share: fetches the page and those around it, writes them into the file, clears their bits.
 */
final class ExitHandler {
  private final ExitHandlerSpec spec;
  private final Machine machine;
  private final Source source;
  private final long exitNs;
  private final long writeNs;

  ExitHandler(ExitHandlerSpec spec, Machine machine, Scheduler scheduler, RandomGenerator random) {
    this.spec = spec;
    this.machine = machine;
    source = new Source(spec.source(), random);
    exitNs = scheduler.costs().ns(Cost.EXIT);
    writeNs = scheduler.costs().ns(Cost.WRITE_PAGE);
  }

  /**
   * Memory as the guest sees it.
   *
   * @param file what holds its pages, null for anonymous memory
   * @param filePage the file's page that the slot begins with
   */
  record Guest(Memslot slot, @Nullable MemoryFile file, long filePage) {
    boolean isFilled(int page) {
      return file == null || file.isCached(filePage + page);
    }
  }

  private int first(Memslot slot, int page) {
    int first = page;
    while (first > 0 && page - first < spec.before() && slot.isTrapped(first - 1)) {
      first--;
    }
    return first;
  }

  private int end(Memslot slot, int page) {
    int end = page + 1;
    while (end < slot.pages() && end - page <= spec.after() && slot.isTrapped(end)) {
      end++;
    }
    return end;
  }

  /** {@return how long answering an exit takes} */
  long costNs(Guest guest, int page) {
    int absent = 0;
    int end = end(guest.slot(), page);
    for (int each = first(guest.slot(), page); each < end; each++) {
      absent += guest.isFilled(each) ? 0 : 1;
    }
    return exitNs + (absent == 0 ? 0 : source.fetchNs(absent) + absent * writeNs);
  }

  /** Answers an exit; the vCPU can enter the guest again. */
  void answer(Vcpu vcpu, Guest guest, int page) {
    Memslot slot = guest.slot();
    int first = first(slot, page);
    int end = end(slot, page);
    MemoryFile file = guest.file();
    for (int each = first; file != null && each < end; each++) {
      if (!guest.isFilled(each)) {
        int value = each % MemorySpec.PATTERN_MODULUS;
        machine
            .kernel()
            .memory()
            .write(vcpu.task(), file, guest.filePage() + each, 0, (int) PAGE_BYTES, value);
      }
    }
    machine.vm().userfaultBits(vcpu.task(), slot, first, end - first, false);
  }
}

package dev.faultscope.simulation.kernel;

import static dev.faultscope.model.Region.PAGE_BYTES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.faultscope.model.PageState;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What must hold of the kernel's structures after every call, and of what it recorded. */
public final class KernelInvariants {
  /** Known to the journal alone. */
  private static final int NOT_IN_KERNEL = PageState.ERROR | PageState.HELD;

  private KernelInvariants() {}

  public static void check(Kernel kernel, String when) {
    everyFolioHasTheReferencesThatAreCounted(kernel, when);
    mappingsAreInOrder(kernel, when);
    sleepersAreInExactlyOneQueue(kernel, when);
    recordedStatesAreTheKernels(kernel, when);
  }

  /** {@return actors asleep in a fault, in order} */
  public static List<Integer> sleepers(Kernel kernel) {
    return kernel.tasks().stream()
        .filter(task -> task.state() == Task.State.BLOCKED)
        .map(Task::actor)
        .sorted()
        .toList();
  }

  public static int unread(Kernel kernel) {
    return kernel.uffds().stream().mapToInt(Userfaultfd::pendingCount).sum();
  }

  private static void everyFolioHasTheReferencesThatAreCounted(Kernel kernel, String when) {
    Map<Integer, Integer> counted = new HashMap<>();
    for (Mm mm : kernel.mms()) {
      int[] mapped = {0};
      mm.forEachPte(
          (address, pte) -> {
            Vma vma = mm.find(address);
            if (vma == null) {
              fail("%s: an entry outside every mapping at 0x%x", when, address);
              return;
            }
            if (Pte.isPresent(pte)) {
              mapped[0]++;
              counted.merge(Pte.folio(pte), 1, Integer::sum);
              // Where REGISTER took the mode away the bit is left over, and holds nobody up.
              boolean protectedAndWritable =
                  vma.hasWp() && Pte.has(pte, Pte.UFFD_WP) && Pte.has(pte, Pte.WRITABLE);
              assertThat(protectedAndWritable).as(when).isFalse();
            }
          });
      assertThat(mm.mappedPages()).as(when).isEqualTo(mapped[0]);
    }
    for (MemoryFile file : kernel.files()) {
      int[] cached = {0};
      file.forEachCached(
          (page, folio) -> {
            cached[0]++;
            counted.merge(folio, 1, Integer::sum);
          });
      assertThat(file.cachedPages()).as(when).isEqualTo(cached[0]);
    }
    counted.remove(Folios.ZERO);
    counted.forEach(
        (folio, count) ->
            assertThat(kernel.folios().references(folio))
                .as("%s: references of folio %d", when, folio)
                .isEqualTo(count));
    assertThat(kernel.folios().live()).as("%s: folios in use", when).isEqualTo(counted.size());
  }

  private static void mappingsAreInOrder(Kernel kernel, String when) {
    for (Mm mm : kernel.mms()) {
      long end = 0;
      for (Vma vma : mm.all()) {
        assertThat(vma.start).as(when).isGreaterThanOrEqualTo(end);
        assertThat(vma.end).as(when).isGreaterThan(vma.start);
        assertThat(vma.uffd == null).as(when).isEqualTo(vma.modes == 0);
        end = vma.end;
      }
    }
  }

  private static void sleepersAreInExactlyOneQueue(Kernel kernel, String when) {
    Set<Task> queued = new HashSet<>();
    List<Waiter> all = new ArrayList<>();
    for (Userfaultfd uffd : kernel.uffds()) {
      uffd.pending.forEach(waiter -> assertThat(waiter.read).as(when).isFalse());
      uffd.handled.forEach(waiter -> assertThat(waiter.read).as(when).isTrue());
      uffd.pending.forEach(all::add);
      uffd.handled.forEach(all::add);
    }
    for (Waiter waiter : all) {
      assertThat(queued.add(waiter.task)).as("%s: a thread waits once", when).isTrue();
      assertThat(waiter.task.waiter).as(when).isSameAs(waiter);
      assertThat(waiter.task.mm.waiters.all()).as(when).contains(waiter);
    }
    for (Task task : kernel.tasks()) {
      assertThat(queued.contains(task))
          .as("%s: %s is %s", when, task.name(), task.state())
          .isEqualTo(task.state() == Task.State.BLOCKED);
    }
  }

  private static void recordedStatesAreTheKernels(Kernel kernel, String when) {
    for (Mm mm : kernel.mms()) {
      for (Vma vma : mm.all()) {
        for (long page = vma.start; page < vma.end; page += PAGE_BYTES) {
          int recorded =
              kernel.journal().recorder().stateOf(vma.region, vma.regionPageOf(page))
                  & ~NOT_IN_KERNEL;
          int actual = kernel.facts().of(vma, page);
          if (recorded != actual) {
            fail(
                "%s: page %d of region %d is recorded as %s, the kernel says %s",
                when,
                vma.regionPageOf(page),
                vma.region,
                PageState.describe(recorded),
                PageState.describe(actual));
          }
        }
      }
    }
  }
}

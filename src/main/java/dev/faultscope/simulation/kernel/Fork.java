package dev.faultscope.simulation.kernel;

import static dev.faultscope.model.Region.PAGE_BYTES;

import dev.faultscope.model.RegionChange;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * fork(2): the child gets every mapping; a userfaultfd follows only where it asked for fork events.
 */
final class Fork {
  private final Kernel kernel;
  private final Task parent;
  private final Mm child;
  private final Map<Userfaultfd, Userfaultfd> children = new LinkedHashMap<>();

  Fork(Kernel kernel, Task parent, String childName) {
    this.kernel = kernel;
    this.parent = parent;
    child = kernel.newProcess(childName);
  }

  Mm run() {
    child.continueLayoutOf(parent.mm());
    for (Vma vma : parent.mm().all()) {
      copy(vma);
    }
    List<EventWork.Due> due = new ArrayList<>();
    children.forEach((from, to) -> due.add(new EventWork.Due(from, UffdMessage.fork(to))));
    kernel.begin(parent, new EventWork(due));
    return child;
  }

  private void copy(Vma vma) {
    int pages = (int) ((vma.end - vma.start) / PAGE_BYTES);
    String name = kernel.memory().regionName(vma.region) + " (" + child.name() + ")";
    int region = kernel.memory().declareLike(vma.region, name, vma.start, pages);
    Vma copy = vma.like(child, vma.start, vma.end, vma.filePage, region, vma.start);
    Userfaultfd uffd = vma.uffd;
    if (uffd != null && uffd.has(UffdFeature.EVENT_FORK)) {
      copy.uffd = children.computeIfAbsent(uffd, this::childOf);
      copy.modes = vma.modes;
    }
    child.insert(copy);
    if (!vma.shared) {
      // Its pages become read-only, so whoever caches them must ask again.
      kernel.pages().announceUnmap(parent, vma.mm, vma.start, vma.end);
      kernel.journal().install(parent.actor(), vma, vma.start, vma.end, parent.cause);
    }
    if (vma.anonVma != 0) {
      child.newAnonVma(copy);
    }
    // Without an anon_vma there is nothing that the child could not fault in by itself.
    if (vma.anonVma != 0 || copy.hasWp()) {
      for (long page = vma.start; page < vma.end; page += PAGE_BYTES) {
        copyEntry(vma, copy, page);
      }
    }
    parent.cause =
        kernel
            .journal()
            .region(
                RegionChange.APPEARED, parent.actor(), copy, copy.start, copy.end, parent.cause);
    kernel.journal().install(parent.actor(), copy, copy.start, copy.end, parent.cause);
  }

  private Userfaultfd childOf(Userfaultfd uffd) {
    Userfaultfd made = kernel.newUffd(uffd.name() + " (" + child.name() + ")", child, uffd.flags());
    made.initialise(uffd.features());
    return made;
  }

  private void copyEntry(Vma from, Vma to, long page) {
    if (from.mm.hasTableFor(page)) {
      child.tableFor(page);
    }
    int pte = from.mm.pte(page);
    int kept = to.hasWp() ? pte : pte & ~(Pte.UFFD_WP | Pte.MARKER_WP);
    if (!Pte.isPresent(pte)) {
      child.pte(page, kept);
      return;
    }
    int folio = Pte.folio(pte);
    if (from.shared) {
      kernel.folios().reference(folio);
      child.pte(page, kept);
      return;
    }
    if (kernel.folios().isPinned(folio)) {
      // A pinned page must not be shared: the child gets its copy at once.
      int copied = kernel.folios().copyOf(folio);
      kernel.folios().reference(copied);
      int facts = Pte.has(kept, Pte.UFFD_WP) ? Pte.UFFD_WP : Pte.WRITABLE;
      child.pte(page, Pte.of(copied, facts | (pte & Pte.DIRTY)));
      return;
    }
    kernel.folios().reference(folio);
    from.mm.pte(page, pte & ~Pte.WRITABLE);
    child.pte(page, kept & ~Pte.WRITABLE);
  }
}

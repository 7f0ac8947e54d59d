package dev.faultscope.simulation;

import static dev.faultscope.model.Region.PAGE_BYTES;

import dev.faultscope.model.AccessOrigin;
import dev.faultscope.model.Errno;
import dev.faultscope.scenario.Action;
import dev.faultscope.scenario.Fact;
import dev.faultscope.scenario.MemorySpec;
import dev.faultscope.scenario.Observation;
import dev.faultscope.scenario.Span;
import dev.faultscope.simulation.kernel.Kernel;
import dev.faultscope.simulation.kernel.Task;

/** The steps that concern files and pages, made by the VMM. */
final class MemorySteps {
  private final Machine machine;
  private final Kernel kernel;

  MemorySteps(Machine machine) {
    this.machine = machine;
    kernel = machine.kernel();
  }

  Observation call(Action.OfMemory action) {
    return switch (action) {
      case Action.Store a -> store(a);
      case Action.WriteFile a -> writeFile(a);
      case Action.Fallocate a ->
          Observation.errno(
              kernel
                  .memory()
                  .fallocate(
                      machine.handler(),
                      machine.file(a.memory()),
                      a.mode(),
                      a.offset(),
                      a.bytes()));
      case Action.Pin a -> {
        kernel.pin(machine.mm(), machine.address(a.at()));
        yield Observation.errno(Errno.OK);
      }
      case Action.GmemCreate a -> Observation.errno(GmemRules.create(a.bytes(), a.flags()));
      case Action.GmemMap a -> Observation.errno(GmemRules.map(a.flags(), a.privately()));
      case Action.FileCall a -> Observation.errno(GmemRules.call(a.call()));
      case Action.Convert a -> convert(a);
    };
  }

  private Observation store(Action.Store action) {
    Task by = machine.vmm();
    long start = machine.address(action.range().start());
    for (long done = 0; done < action.range().bytes(); done += PAGE_BYTES) {
      long page = done / PAGE_BYTES;
      int value = action.pattern() ? (int) (page % MemorySpec.PATTERN_MODULUS) : action.value();
      kernel.storePage(by, start + done, value, AccessOrigin.VMM);
      if (by.ending() != Task.Ending.DONE) {
        boolean asleep = by.isAsleep();
        if (asleep) {
          machine.replaceVmm();
        }
        return Observation.errno(asleep ? Errno.EAGAIN : Errno.EFAULT);
      }
    }
    return Observation.errno(Errno.OK);
  }

  private Observation writeFile(Action.WriteFile action) {
    String memory = action.at().memory();
    if (memory == null) {
      throw new IllegalStateException("a file is named by its mapping");
    }
    long page = Math.floorDiv(action.at().offset(), PAGE_BYTES);
    int from = (int) Math.floorMod(action.at().offset(), PAGE_BYTES);
    int to = (int) Math.min(PAGE_BYTES, from + action.bytes());
    return Observation.errno(
        kernel
            .memory()
            .write(machine.handler(), machine.file(memory), page, from, to, action.value()));
  }

  private Observation convert(Action.Convert action) {
    long stopped =
        kernel
            .memory()
            .convert(
                machine.handler(),
                machine.file(action.memory()),
                action.page(),
                action.pages(),
                action.toPrivate());
    return stopped < 0
        ? Observation.errno(Errno.OK)
        : Observation.of()
            .errno(Errno.EAGAIN)
            .number(Fact.ERROR_OFFSET, stopped * PAGE_BYTES)
            .build();
  }

  Observation pagemap(Span range) {
    long start = machine.address(range.start());
    // No page lies beyond a range's bounds where it wraps.
    long end = Math.max(start, start + Math.max(0, range.bytes()));
    return Observation.of()
        .number(Fact.MAPPED, kernel.mappedPages(machine.mm(), start, end))
        .number(Fact.WP, kernel.protectedPages(machine.mm(), start, end))
        .build();
  }
}

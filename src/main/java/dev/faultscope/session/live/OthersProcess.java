package dev.faultscope.session.live;

import dev.faultscope.session.run.RunCommand;
import dev.faultscope.session.run.RunCommand.Injection;
import java.util.EnumMap;
import java.util.Map;

/** A process that does what it does: it takes nothing from here but answers to its faults. */
record OthersProcess(Runnable end) implements LiveProcess {
  @Override
  public void stop() {
    end.run();
  }

  @Override
  public Map<Injection, String> injections() {
    Map<Injection, String> all = new EnumMap<>(Injection.class);
    for (Injection each : Injection.values()) {
      all.put(
          each,
          switch (each) {
            case SIGNAL -> "A process that does not handle the signal would die of it.";
            case PUNCH_HOLE ->
                "The memory's file belongs to the process: only it can punch holes into it.";
            case DONTNEED, REMOVE -> "madvise works on the caller's own memory: only it can call.";
            case TOUCH -> "Only the process's own threads can touch its memory.";
            case KILL_HANDLER -> "Its handler is this server: end the run instead.";
            case KVM_ACCESS -> "KVM writes by itself when the guest asks for a clock.";
          });
    }
    return all;
  }

  @Override
  public String inject(RunCommand.Inject what) {
    throw new IllegalArgumentException(injections().get(what.what()));
  }
}

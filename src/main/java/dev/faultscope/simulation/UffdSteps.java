package dev.faultscope.simulation;

import dev.faultscope.model.Errno;
import dev.faultscope.scenario.Action;
import dev.faultscope.scenario.Fact;
import dev.faultscope.scenario.Observation;
import dev.faultscope.scenario.Span;
import dev.faultscope.simulation.kernel.FillRequest;
import dev.faultscope.simulation.kernel.IoctlResult;
import dev.faultscope.simulation.kernel.Task;
import dev.faultscope.simulation.kernel.UffdCalls;
import dev.faultscope.simulation.kernel.UffdMessage;
import dev.faultscope.simulation.kernel.Userfaultfd;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The steps of a handler: a userfaultfd's ioctls, its messages, poll and close. */
final class UffdSteps {
  private final Machine machine;
  private final UffdCalls calls;
  private @Nullable String awaitedChild;

  UffdSteps(Machine machine) {
    this.machine = machine;
    calls = machine.kernel().uffd();
  }

  /** Says what the userfaultfd is called that the next FORK message brings. */
  void awaitChild(@Nullable String name) {
    awaitedChild = name;
  }

  Observation call(Action.OfUffd action) {
    Task handler = machine.handler();
    return switch (action) {
      case Action.OpenUffd a -> open(a);
      case Action.Api a -> {
        UffdCalls.ApiResult result = calls.api(handler, uffd(a), a.api(), a.features());
        yield Observation.of()
            .errno(result.errno())
            .number(Fact.FEATURES, result.features())
            .number(Fact.IOCTLS, result.ioctls())
            .build();
      }
      case Action.Register a -> {
        IoctlResult result =
            calls.register(handler, uffd(a), at(a.range()), a.range().bytes(), a.mode());
        Observation.Builder all = Observation.of().errno(result.errno());
        if (result.errno() == Errno.OK) {
          all.number(Fact.IOCTLS, result.field());
        }
        yield all.build();
      }
      case Action.Unregister a ->
          result(calls.unregister(handler, uffd(a), at(a.range()), a.range().bytes()));
      case Action.Wake a -> result(calls.wake(handler, uffd(a), at(a.range()), a.range().bytes()));
      case Action.Fill a -> result(calls.fill(handler, uffd(a), request(a)));
      case Action.Move a ->
          result(
              calls.move(
                  handler,
                  uffd(a),
                  at(a.to()),
                  machine.address(a.from()),
                  a.to().bytes(),
                  a.mode()));
      case Action.WriteProtect a ->
          result(calls.writeProtect(handler, uffd(a), at(a.range()), a.range().bytes(), a.mode()));
      case Action.UnknownIoctl a -> result(calls.unknown(handler, uffd(a)));
      case Action.CloseUffd a -> {
        calls.close(handler, uffd(a));
        yield Observation.errno(Errno.OK);
      }
    };
  }

  private Userfaultfd uffd(Action.OfUffd action) {
    return machine.uffd(action.uffd());
  }

  private long at(Span range) {
    return machine.address(range.start());
  }

  private FillRequest request(Action.Fill fill) {
    return new FillRequest(
        fill.ioctl(),
        at(fill.range()),
        fill.range().bytes(),
        fill.mode(),
        fill.source() == null ? -1 : machine.address(fill.source()),
        fill.value());
  }

  private static Observation result(IoctlResult result) {
    Observation.Builder seen = Observation.of().errno(result.errno());
    if (result.field() == IoctlResult.UNTOUCHED) {
      seen.word(Fact.FIELD, "untouched");
    } else {
      seen.number(Fact.FIELD, result.field());
    }
    return seen.build();
  }

  private Observation open(Action.OpenUffd action) {
    UffdCalls.Opened opened = calls.open(action.uffd(), machine.mm(), (int) action.flags());
    if (opened.uffd() != null) {
      machine.add(action.uffd(), opened.uffd());
    }
    return Observation.errno(opened.errno());
  }

  Observation poll(Action.Poll action) {
    String answer =
        switch (calls.poll(machine.uffd(action.uffd()))) {
          case UffdCalls.POLL_IN -> "in";
          case UffdCalls.POLL_ERR -> "err";
          default -> "none";
        };
    return Observation.of().word(Fact.POLL, answer).build();
  }

  Observation read(Action.Read action) {
    UffdCalls.ReadResult result =
        calls.read(machine.handler(), machine.uffd(action.uffd()), action.bytes());
    Observation.Builder seen = Observation.of().errno(result.errno());
    seen.number(Fact.COUNT, result.messages().size());
    if (result.errno() == Errno.OK) {
      seen.number(Fact.BYTES, 32L * result.messages().size());
    }
    return new Observation(seen.facts(), result.messages().stream().map(this::message).toList());
  }

  private Map<Fact, Object> message(UffdMessage message) {
    Observation.Builder seen = Observation.of().word(Fact.EVENT, message.event());
    switch (message.event()) {
      case PAGEFAULT ->
          seen.number(Fact.FLAGS, message.flags())
              .number(Fact.AT, message.address())
              .number(Fact.TID, message.tid());
      case REMAP, REMOVE, UNMAP ->
          seen.number(Fact.AT, message.address()).number(Fact.TO, message.to());
      case FORK -> {
        if (awaitedChild != null && message.child() != null) {
          machine.add(awaitedChild, message.child());
        }
      }
    }
    return seen.facts();
  }
}

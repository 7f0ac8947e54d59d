package dev.faultscope.policy;

import dev.faultscope.settings.Described;
import dev.faultscope.settings.Parameter;
import java.util.List;

/**
 * A policy as people choose it: its name, its settings and how it is made. Each stands in the
 * policy's own file, and {@link Policies} registers it.
 *
 * @param about what it does, in one sentence without a full stop
 * @param foresees whether it must know what will be accessed: it can learn that from a recording
 * @param shorthand the parameter that {@code name:VALUE} sets, empty for none
 * @param maker makes one for a handler
 */
public record PolicyType(
    String name,
    String about,
    boolean foresees,
    String shorthand,
    List<Parameter> parameters,
    Maker maker)
    implements Described {

  /** Makes a policy for one handler. */
  @FunctionalInterface
  public interface Maker {
    Policy make(PolicyContext context);
  }

  public PolicyType {
    parameters = List.copyOf(parameters);
  }

  /** {@return a policy that knows no more than it is told} */
  public static PolicyType of(String name, String about, Maker maker, Parameter... parameters) {
    return new PolicyType(name, about, false, "", List.of(parameters), maker);
  }

  /** {@return the same, but it asks its {@link AccessOracle}} */
  PolicyType foreseeing() {
    return new PolicyType(name, about, true, shorthand, parameters, maker);
  }

  /** {@return the same, with a parameter that {@code name:VALUE} sets} */
  PolicyType shortFor(String parameter) {
    return new PolicyType(name, about, foresees, parameter, parameters, maker);
  }
}

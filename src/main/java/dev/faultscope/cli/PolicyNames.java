package dev.faultscope.cli;

import dev.faultscope.policy.Policies;
import dev.faultscope.policy.PolicyType;
import java.util.Iterator;

/** Every policy's name, for help texts and completion. */
final class PolicyNames implements Iterable<String> {
  @Override
  public Iterator<String> iterator() {
    return Policies.all().stream().map(PolicyType::name).iterator();
  }
}

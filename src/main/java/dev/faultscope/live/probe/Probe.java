package dev.faultscope.live.probe;

import dev.faultscope.linux.Linux;
import dev.faultscope.live.probe.Check.Group;
import dev.faultscope.live.probe.Check.Verdict;
import java.util.List;
import java.util.Optional;

/** Finds out what this machine can do, by trying. */
public final class Probe {
  private Probe() {}

  /** {@return everything that was tried, in order; nothing is left behind} */
  public static List<Check> run() {
    Findings findings = new Findings(Container.isHere());
    Optional<String> unavailable = Linux.whyUnavailable();
    if (unavailable.isPresent()) {
      findings.add(
          "native",
          Group.USERFAULTFD,
          "system calls",
          Verdict.NO,
          unavailable.get(),
          "recordings and simulated runs need none");
    } else {
      UserfaultfdTrials.run(findings);
      RegisterTrials.run(findings);
      KvmTrials.run(findings);
      LookingTrials.run(findings);
    }
    return findings.checks();
  }
}

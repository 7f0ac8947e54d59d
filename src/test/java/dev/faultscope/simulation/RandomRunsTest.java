package dev.faultscope.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultscope.model.UffdIoctl;
import dev.faultscope.policy.Policies;
import dev.faultscope.policy.PolicySpec;
import dev.faultscope.policy.PolicyType;
import dev.faultscope.scenario.Place;
import dev.faultscope.scenario.RunReport;
import dev.faultscope.scenario.Scenario;
import dev.faultscope.scenario.ScenarioParser;
import dev.faultscope.scenario.Span;
import dev.faultscope.simulation.kernel.KernelInvariants;
import dev.faultscope.simulation.kernel.QueuedFault;
import dev.faultscope.testsupport.Seeds;
import dev.faultscope.timeline.UnkeptRecording;
import java.util.List;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/**
 * Random machines with workloads, handlers and vCPUs, and a person's hand that meddles: after every
 * step every invariant of the kernel holds, and when a fair handler is left alone nobody sleeps at
 * the end (I1). {@code -Dfaultscope.sequences=10000} runs more of them.
 */
class RandomRunsTest {
  private static final int SEQUENCES = Integer.getInteger("faultscope.sequences", 300);
  private static final int PAGES = 16;
  private static final int MOST_STEPS = 20_000;

  @Test
  void invariantsHoldAfterEveryStepAndAFairHandlerLeavesNobodyAsleep() {
    Seeds.forEach(SEQUENCES, seed -> new Drawn(new Random(seed), seed).run());
  }

  /** One random machine. */
  private static final class Drawn {
    private final RandomGenerator random;
    private final Simulation simulation;
    private final boolean fair;
    private final String text;
    private int events;

    Drawn(RandomGenerator random, long seed) {
      this.random = random;
      PolicySpec policy = PolicySpec.of(one(Policies.all().toArray(PolicyType[]::new)));
      fair = !policy.type().name().equals("random-faulty");
      text = scenario(policy);
      Scenario scenario = ScenarioParser.parse(text);
      SimulationOptions options = SimulationOptions.NONE.withSeed(seed).withPolicy(policy);
      simulation = Simulation.start(scenario, options, new UnkeptRecording());
    }

    private String scenario(PolicySpec policy) {
      String kind = one("memfd", "memfd-filled", "anon", "gmem-full", "gmem-hybrid");
      boolean guest = random.nextBoolean();
      boolean gmem = kind.startsWith("gmem");
      String workload =
          one(
              "kind: sequential",
              "kind: random, once: false",
              "kind: strided, stride: 3",
              "kind: zipf",
              "kind: working-set-shift, set: 4, step: 3, stay: 5",
              "kind: two-phase-boot",
              "kind: pointer-chase");
      String modes =
          switch (kind) {
            case "memfd" -> one("[MISSING]", "[MISSING, MINOR]");
            case "memfd-filled" -> one("[MINOR]", "[MISSING, MINOR]");
            case "anon", "gmem-hybrid" -> "[MISSING]";
            default -> "[MINOR]";
          };
      String backing =
          switch (kind) {
            case "memfd" -> "memfd";
            case "memfd-filled" -> "memfd, fill: pattern";
            case "anon" -> "anon";
            default -> "guest_memfd";
          };
      boolean userfault = guest && gmem && random.nextBoolean();
      StringBuilder out = new StringBuilder("title: " + policy.text() + "\n");
      out.append(
          "kernel: {guest-memfd: %s, folio-lock: %b}%n"
              .formatted(
                  kind.equals("gmem-hybrid") ? "hybrid" : "full-minor", random.nextBoolean()));
      out.append("memory: {ram: {backing: %s, pages: %d}}%n".formatted(backing, PAGES));
      out.append(
          "uffds: {u: {%sfeatures: [EVENT_REMOVE%s], register: {ram: %s}}}%n"
              .formatted(
                  random.nextInt(3) == 0 ? "split: 2, " : "",
                  random.nextBoolean() ? ", EXACT_ADDRESS" : "",
                  modes));
      if (guest) {
        out.append(
            "kvm: {slots: {s: {memory: ram, guest-memfd: %b, userfault: %b}}}%n"
                .formatted(gmem && (userfault || random.nextBoolean()), userfault));
      }
      out.append(
          "%s: {t: {count: %d, workload: {%s, accesses: %d, writes: %d, think: %dus}}}%n"
              .formatted(
                  guest ? "vcpus" : "threads",
                  1 + random.nextInt(4),
                  workload,
                  1 + random.nextInt(40),
                  random.nextInt(101),
                  random.nextInt(20)));
      out.append(
          "handlers:\n  h: {uffd: u, readers: %d, messages: %d, spin: %b, source: %s}%n"
              .formatted(
                  1 + random.nextInt(3),
                  1 + random.nextInt(4),
                  random.nextBoolean(),
                  one("page-cache", "nvme", "network")));
      if (userfault) {
        out.append("  x: {exits: kvm-userfault, after: %d}%n".formatted(random.nextInt(4)));
      }
      return out.toString();
    }

    void run() {
      try {
        meddle();
      } catch (RuntimeException | AssertionError e) {
        throw new AssertionError(e.getMessage() + "\n" + text, e);
      }
    }

    private void meddle() {
      boolean going = true;
      int meddlings = random.nextInt(12);
      while (going || meddlings > 0) {
        if (!going || random.nextInt(30) == 0) {
          meddlings--;
          String what = meddlings < 0 ? "" : hand();
          check("hand " + what);
        }
        going = simulation.advance();
        check("step");
        assertThat(simulation.steps()).as("a run ends").isLessThan(MOST_STEPS);
      }
      simulation.manual(false);
      while (simulation.advance()) {
        check("step");
      }
      if (fair) {
        assertThat(simulation.waiting()).as("asleep at the end").isEmpty();
      }
      accounting();
    }

    private void check(String what) {
      KernelInvariants.check(simulation.kernel(), what + " " + simulation.steps());
    }

    /** I4 and I5: nothing was read that was not queued, and nothing twice. */
    private void accounting() {
      RunReport report = simulation.report();
      long queued = report.faults().missing() + report.faults().minor() + report.faults().wp();
      long unread = simulation.waiting().stream().filter(fault -> !fault.read()).count();
      assertThat(report.messages()).as("messages").isLessThanOrEqualTo(queued - unread + events);
    }

    private String hand() {
      Span pages =
          new Span(
              new Place("ram", random.nextInt(PAGES) * 4096L), 4096L * (1 + random.nextInt(3)));
      List<String> uffds = simulation.uffds();
      String uffd = uffds.get(random.nextInt(uffds.size()));
      Intervention hand =
          switch (random.nextInt(9)) {
            case 0 ->
                new Intervention.Ioctl(
                    uffd,
                    one(UffdIoctl.COPY, UffdIoctl.CONTINUE, UffdIoctl.ZEROPAGE, UffdIoctl.WAKE),
                    pages,
                    0,
                    random.nextInt(256),
                    null);
            case 1 -> {
              // One event for each userfaultfd that has part of the range.
              events += simulation.uffds().size();
              yield new Intervention.DontNeed(pages);
            }
            case 2 -> new Intervention.ReadMessage(uffd);
            case 3 -> new Intervention.Touch(null, pages.start(), random.nextBoolean(), 1);
            case 4 -> {
              List<QueuedFault> waiting = simulation.waiting();
              yield new Intervention.StepPolicy(
                  waiting.isEmpty() ? 0 : waiting.getFirst().sequence());
            }
            case 5 -> new Intervention.Signal("t-0");
            default -> {
              simulation.manual(random.nextBoolean());
              yield new Intervention.StepPolicy(0);
            }
          };
      simulation.perform(hand);
      // What a person read by hand is a person's to answer.
      if (hand instanceof Intervention.ReadMessage) {
        simulation.waiting().stream()
            .filter(QueuedFault::read)
            .forEach(fault -> simulation.perform(new Intervention.StepPolicy(fault.sequence())));
      }
      return hand.toString();
    }

    @SafeVarargs
    private <T> T one(T... all) {
      return all[random.nextInt(all.length)];
    }
  }
}

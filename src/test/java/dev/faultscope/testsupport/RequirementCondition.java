package dev.faultscope.testsupport;

import java.util.Set;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;
import org.opentest4j.TestAbortedException;

/** Decides {@link Requires}. */
final class RequirementCondition implements ExecutionCondition {

  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    Set<Requirement> demanded = Requirement.demanded(System.getenv());
    return AnnotationSupport.findAnnotation(context.getElement(), Requires.class)
        .map(requires -> evaluate(context.getDisplayName(), requires.value(), demanded))
        .orElseGet(() -> ConditionEvaluationResult.enabled("needs nothing"));
  }

  /** Skips the rest of a test that only now knows what it needs, as {@link Requires} would. */
  static void check(String test, Requirement requirement) {
    ConditionEvaluationResult result =
        evaluate(test, new Requirement[] {requirement}, Requirement.demanded(System.getenv()));
    if (result.isDisabled()) {
      throw new TestAbortedException(result.getReason().orElseThrow());
    }
  }

  static ConditionEvaluationResult evaluate(
      String test, Requirement[] requirements, Set<Requirement> demanded) {
    for (Requirement requirement : requirements) {
      String missing = requirement.missing().orElse("");
      if (missing.isEmpty()) {
        continue;
      }
      String reason = "%s needs %s: %s".formatted(test, requirement.id(), missing);
      if (demanded.contains(requirement)) {
        throw new IllegalStateException(
            "%s, and %s demands it".formatted(reason, Requirement.VARIABLE));
      }
      System.out.println("Skipped: " + reason);
      return ConditionEvaluationResult.disabled(reason);
    }
    return ConditionEvaluationResult.enabled("has what it needs");
  }
}

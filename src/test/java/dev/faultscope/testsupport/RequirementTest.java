package dev.faultscope.testsupport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RequirementTest {

  /** Runs even where every test with a requirement is filtered out. */
  @Test
  void theEnvironmentOfThisRunDemandsOnlyKnownNames() {
    assertThat(Requirement.demanded(System.getenv())).isSubsetOf(Requirement.values());
  }

  @Test
  void namesAreReadFromACommaSeparatedList() {
    assertThat(Requirement.demanded(Map.of(Requirement.VARIABLE, "node, browser")))
        .containsExactlyInAnyOrder(Requirement.NODE, Requirement.BROWSER);
    assertThat(Requirement.demanded(Map.of())).isEmpty();
  }

  @Test
  void unknownNameFailsAndListsTheKnownOnes() {
    assertThatThrownBy(() -> Requirement.demanded(Map.of(Requirement.VARIABLE, "node,browsr")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'browsr'")
        .hasMessageContaining("node, browser, uffd, kvm");
  }

  @Test
  void missingRequirementSkipsUnlessItIsDemanded() {
    Stream.of(Requirement.values())
        .filter(requirement -> requirement.missing().isPresent())
        .forEach(
            requirement -> {
              Requirement[] one = {requirement};
              assertThat(RequirementCondition.evaluate("x", one, Set.of()).isDisabled()).isTrue();
              assertThatThrownBy(
                      () -> RequirementCondition.evaluate("x", one, EnumSet.of(requirement)))
                  .isInstanceOf(IllegalStateException.class)
                  .hasMessageContaining(requirement.id());
            });
  }
}

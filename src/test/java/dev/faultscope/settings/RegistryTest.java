package dev.faultscope.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RegistryTest {
  private record Thing(String name) implements Described {
    @Override
    public String about() {
      return "a thing";
    }

    @Override
    public List<Parameter> parameters() {
      return List.of();
    }
  }

  private final Registry<Thing> things = new Registry<>("thing");

  @Test
  void findsByNameHoweverItIsWritten() {
    Thing one = new Thing("one-two");
    things.register(one);
    assertThat(things.named(" One_Two")).isSameAs(one);
    assertThat(things.find("three")).isEmpty();
    assertThatThrownBy(() -> things.named("three")).hasMessage("\"three\" is none of one-two");
  }

  @Test
  void keepsTheOrderAndForgetsWhatIsTakenBack() {
    things.register(new Thing("b"));
    try (Registry.Registration _ = things.register(new Thing("a"))) {
      assertThat(things.names()).isEqualTo("b, a");
      assertThatThrownBy(() -> things.register(new Thing("a"))).hasMessageContaining("already");
    }
    assertThat(things.names()).isEqualTo("b");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "A", "a b", "-a", "a-", "a:b", "a=b", "a,b", "é"})
  void aNameCannotBeMistakenForSettings(String name) {
    assertThatThrownBy(() -> things.register(new Thing(name))).hasMessageContaining("no name");
  }
}
